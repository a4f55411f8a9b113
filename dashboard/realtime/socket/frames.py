"""What goes over a socket, and what clients make of it."""

import json
from collections.abc import MutableMapping
from typing import Any

from dashboard.lib.numbers import row_number


def object_of(text: Any) -> dict[str, Any]:
    """The JSON object that a text is; an empty one where it is none."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def number_of(given: Any) -> int | None:
    """A row's number, which clients also send as text."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        return None
    return row_number(str(given))


def json_of(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def header_of(scope: MutableMapping[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
