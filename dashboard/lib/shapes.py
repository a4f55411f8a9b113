"""JSON Schema: the shapes that every street's requests and answers are made of."""

from typing import Any

from dashboard.lib.numbers import LARGEST

Schema = dict[str, Any]

# What is answered.
NUMBER: Schema = {"type": "integer"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
NULL: Schema = {"type": "null"}

# What may be sent. A null is as good as nothing; so is 0 for a row that need not be.
ID: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST}
MAYBE_ID: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST}
MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_LINE: Schema = {"type": ["string", "null"], "maxLength": 255}
MAYBE_ADDRESS: Schema = {"type": ["string", "null"], "maxLength": 2048}
MAYBE_LONG_TEXT: Schema = {"type": ["string", "null"], "maxLength": 20_000}
MAYBE_FLAG: Schema = {"type": ["boolean", "null"]}
MAYBE_OBJECT: Schema = {"type": ["object", "null"]}


def list_of(item: Schema, **limits: Any) -> Schema:
    """A list of such items; `limits` are JSON Schema's own words, such as `maxItems`."""
    return {"type": "array", "items": item, **limits}


def envelope(**parts: Schema) -> Schema:
    """An object that has each of these: `envelope(payload=…)` is what upstream wraps most answers in."""
    return {"type": "object", "required": list(parts), "properties": parts}
