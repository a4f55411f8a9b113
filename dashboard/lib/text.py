"""Small rules about text."""

import re


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
