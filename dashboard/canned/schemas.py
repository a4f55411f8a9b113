"""Canned responses in JSON."""

from typing import Any

Schema = dict[str, Any]

LONGEST_CODE = 255
LONGEST_CONTENT = 20_000

_TEXT: Schema = {"type": ["string", "null"]}
CHANGES: Schema = {"type": "object", "properties": {"short_code": _TEXT, "content": _TEXT}}
CANNED_RESPONSE: Schema = {
    "title": "CannedResponse",
    "type": "object",
    "required": ["id", "account_id", "short_code", "content", "created_at", "updated_at"],
    "properties": {
        "id": {"type": "integer"},
        "account_id": {"type": "integer"},
        "short_code": {"type": "string"},
        "content": {"type": "string"},
        "created_at": {"type": "string"},
        "updated_at": {"type": "string"},
    },
}
SEVERAL: Schema = {"type": "array", "items": CANNED_RESPONSE}
