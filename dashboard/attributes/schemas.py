"""Custom attributes: what a definition may say, and what a value has to be."""

import math
import re
from datetime import date
from typing import Any
from typing import Protocol
from urllib.parse import urlsplit

from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.errors import Invalid
from dashboard.lib.shapes import MAYBE_TEXT
from dashboard.lib.shapes import NULL
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of
from dashboard.lib.text import N_

# Upstream's words in the order of its numbers: clients send either.
MODELS = ("conversation_attribute", "contact_attribute", "company_attribute")
DISPLAY_TYPES = ("text", "number", "currency", "percent", "link", "date", "list", "checkbox")
NUMBERS = ("number", "currency", "percent")
STANDARD_KEYS = {
    "conversation_attribute": {
        "status",
        "priority",
        "assignee_id",
        "inbox_id",
        "team_id",
        "display_id",
        "campaign_id",
        "labels",
        "browser_language",
        "country_code",
        "referer",
        "created_at",
        "last_activity_at",
    },
    "contact_attribute": {
        "name",
        "email",
        "phone_number",
        "identifier",
        "country_code",
        "city",
        "created_at",
        "last_activity_at",
        "referer",
        "blocked",
    },
}
KEY = re.compile(r"[A-Za-z0-9_.-]+")
LONGEST_VALUE = 1500  # characters, as the API takes them
LONGEST_CHECKED = 128  # of a text that has to fit a pattern
LARGEST_NUMBER = 9_999_999_999


_WORD: Schema = {"type": ["string", "integer", "null"]}
CHANGES: Schema = {
    "type": "object",
    "properties": {
        "attribute_display_name": MAYBE_TEXT,
        "attribute_display_type": {**_WORD, "description": f"Or its number: {', '.join(DISPLAY_TYPES)}"},
        "attribute_description": MAYBE_TEXT,
        "attribute_key": {**MAYBE_TEXT, "description": "Letters, digits, _, . and -"},
        "attribute_model": {**_WORD, "description": f"Or its number: {', '.join(MODELS)}"},
        "attribute_values": {"type": ["array", "null"], "items": TEXT, "maxItems": 500},
        "regex_pattern": MAYBE_TEXT,
        "regex_cue": MAYBE_TEXT,
    },
}
CREATION: Schema = {
    **CHANGES,
    "required": [
        "attribute_display_name",
        "attribute_display_type",
        "attribute_key",
        "attribute_model",
    ],
}
DEFINITION: Schema = {
    "title": "CustomAttributeDefinition",
    "type": "object",
    "required": [
        "id",
        "attribute_display_name",
        "attribute_display_type",
        "attribute_key",
        "attribute_model",
    ],
    "properties": {
        "id": NUMBER,
        "attribute_display_name": TEXT,
        "attribute_display_type": {"enum": list(DISPLAY_TYPES)},
        "attribute_description": MAYBE_TEXT,
        "attribute_key": TEXT,
        "attribute_model": {"enum": list(MODELS)},
        "attribute_values": list_of(TEXT),
        "regex_pattern": MAYBE_TEXT,
        "regex_cue": MAYBE_TEXT,
        "default_value": NULL,
        "created_at": {"type": "string", "format": "date-time"},
        "updated_at": {"type": "string", "format": "date-time"},
    },
}


class Rules(Protocol):
    """What of a definition a value has to keep to."""

    @property
    def attribute_display_type(self) -> str: ...
    @property
    def attribute_values(self) -> Any: ...
    @property
    def regex_pattern(self) -> str | None: ...
    @property
    def regex_cue(self) -> str | None: ...


def value_of(rules: Rules, told: str | bool | None, *, field: str = "value") -> Any:
    """What somebody filled in, as it is kept; None for nothing.

    Raises:
        Invalid: it is not of the kind, none of the list, or does not fit the pattern.
    """
    kind = rules.attribute_display_type
    if kind == "checkbox":
        return told if isinstance(told, bool) else str(told).lower() in {"true", "on", "1"}
    text = str(told or "").strip()
    if not text:
        return None
    if len(text) > LONGEST_VALUE:
        raise Invalid(field, TOO_LONG, limit=LONGEST_VALUE)
    if kind in NUMBERS:
        return _number(text, field)
    if kind == "date":
        return _date(text, field)
    if kind == "link" and not _is_link(text):
        raise Invalid(field, N_("Enter an address that begins with http:// or https://."))
    if kind == "list" and text not in rules.attribute_values:
        raise Invalid(field, NOT_LISTED)
    if kind == "text":
        _check_pattern(text, rules, field)
    return text


def usable_pattern(text: str | None) -> re.Pattern[str] | None:
    """The pattern, also where it is written as in JavaScript (`/^a/i`); None for one that cannot be tried
    here, or that a text could keep busy for long: pages refuse it, the API takes what upstream takes."""
    source, flags = text or "", 0
    written = re.fullmatch(r"/(.*)/([a-z]*)", source, re.DOTALL)
    if written:
        source, flags = written[1], re.IGNORECASE if "i" in written[2] else 0
    try:
        pattern = re.compile(source, flags)
    except (re.error, OverflowError, RecursionError):
        return None
    return pattern if source and not _is_costly(source) else None


def _check_pattern(text: str, rules: Rules, field: str) -> None:
    pattern = usable_pattern(rules.regex_pattern)
    if pattern is None:
        return
    if len(text) > LONGEST_CHECKED:
        raise Invalid(field, TOO_LONG, limit=LONGEST_CHECKED)
    if not pattern.search(text):
        raise Invalid(field, rules.regex_cue or N_("This does not have the form that is asked for."))


def _number(text: str, field: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        raise Invalid(field, N_("is not a number")) from None
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise Invalid(field, N_("is too large"))
    return int(number) if number.is_integer() else number


def _date(text: str, field: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise Invalid(field, N_("is not a date")) from None


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False


_QUANTIFIER = re.compile(r"(?<!\\)(?:\*|\+|\{\d*,\d*\})")
_INNERMOST = re.compile(r"\(([^()]*)\)(\*|\+|\{\d*,?\d*\})?")
_LONG_REPEAT = re.compile(r"(?<!\\)(?:\*|\+|\{\d*,(?:\d{2,})?\})")
MOST_REPEATS = 3


def _is_costly(source: str) -> bool:
    """Whether a text of `LONGEST_CHECKED` letters could keep it busy for seconds: a group that is repeated
    and repeats or chooses something itself, or more long repeats than a few."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "x", source)  # escapes and classes are one letter each
    if len(_LONG_REPEAT.findall(plain)) > MOST_REPEATS:
        return True
    while True:
        inner = _INNERMOST.search(plain)
        if inner is None:
            return False
        repeats_itself = bool(_QUANTIFIER.search(inner[1]) or "|" in inner[1] or "?" in inner[1].lstrip("?"))
        if inner[2] and repeats_itself:
            return True
        # What holds a repeat stays known as one for the group around it.
        is_repeat = inner[2] or _QUANTIFIER.search(inner[1])
        rest = "x*" if is_repeat else "x?" if repeats_itself else "x"
        plain = plain[: inner.start()] + rest + plain[inner.end() :]
