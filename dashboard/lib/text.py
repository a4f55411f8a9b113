"""Small rules about text."""

import re

# Control characters, and what turns letters around or takes no room; joiners belong to words and emoji.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def N_(message: str) -> str:
    """Mark an English text for translation where no request is known yet; the door translates it."""
    return message


def shorten(text: str, length: int) -> str:
    """At most `length` characters on one line, with an ellipsis where something was left out."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def capital(text: str) -> str:
    """Upstream's complaints go on after the field's name; by themselves they begin like a sentence."""
    return text[:1].upper() + text[1:]


def visible(text: str) -> str:
    """Somebody's text, where what is not seen, or turns letters around, is written out as JSON does; ends of
    lines and tabs stay."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
