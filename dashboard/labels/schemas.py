"""Labels in JSON: what may be sent of one, and what is answered."""

import re
from typing import Any

Schema = dict[str, Any]

TITLE = re.compile(r"[^\W_][\w-]+")  # letters of any language, digits, _ and -, at least two
COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

_TEXT: Schema = {"type": ["string", "null"]}
CHANGES: Schema = {
    "type": "object",
    "properties": {
        "title": {**_TEXT, "description": "Letters, digits, _ and -; kept in lower case"},
        "description": _TEXT,
        "color": _TEXT,
        "show_on_sidebar": {"type": ["boolean", "null"]},
    },
}
CREATION: Schema = {**CHANGES, "required": ["title"]}
LABEL: Schema = {
    "title": "Label",
    "type": "object",
    "required": ["id", "title", "color", "show_on_sidebar"],
    "properties": {
        "id": {"type": "integer"},
        "title": {"type": "string"},
        "description": _TEXT,
        "color": {"type": "string"},
        "show_on_sidebar": {"type": "boolean"},
    },
}
SEVERAL: Schema = {
    "type": "object",
    "required": ["payload"],
    "properties": {"payload": {"type": "array", "items": LABEL}},
}
