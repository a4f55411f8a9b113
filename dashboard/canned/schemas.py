"""Canned responses in JSON."""

from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of

LONGEST_CODE = 255
LONGEST_CONTENT = 20_000

CHANGES: Schema = {"type": "object", "properties": {"short_code": MAYBE_TEXT, "content": MAYBE_TEXT}}
CANNED_RESPONSE: Schema = {
    "title": "CannedResponse",
    "type": "object",
    "required": ["id", "account_id", "short_code", "content", "created_at", "updated_at"],
    "properties": {
        "id": NUMBER,
        "account_id": NUMBER,
        "short_code": TEXT,
        "content": TEXT,
        "created_at": TEXT,
        "updated_at": TEXT,
    },
}
SEVERAL: Schema = list_of(CANNED_RESPONSE)
