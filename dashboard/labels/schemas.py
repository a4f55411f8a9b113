"""Labels in JSON: what may be sent of one, and what is answered."""

import re

from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import MAYBE_FLAG
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of

TITLE = re.compile(r"[^\W_][\w-]+")  # letters of any language, digits, _ and -, at least two
COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

CHANGES: Schema = {
    "type": "object",
    "properties": {
        "title": {**MAYBE_TEXT, "description": "Letters, digits, _ and -; kept in lower case"},
        "description": MAYBE_TEXT,
        "color": MAYBE_TEXT,
        "show_on_sidebar": MAYBE_FLAG,
    },
}
CREATION: Schema = {**CHANGES, "required": ["title"]}
LABEL: Schema = {
    "title": "Label",
    "type": "object",
    "required": ["id", "title", "color", "show_on_sidebar"],
    "properties": {
        "id": NUMBER,
        "title": TEXT,
        "description": MAYBE_TEXT,
        "color": TEXT,
        "show_on_sidebar": FLAG,
    },
}
SEVERAL: Schema = envelope(payload=list_of(LABEL))
