"""Addresses with variables, `{{contact.id}}`: filled in once, after the host, and never read again."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from dashboard.lib.addresses import LONGEST
from dashboard.lib.addresses import PLACEHOLDER
from dashboard.lib.addresses import origin_of

LONGEST_VALUE = 512  # characters

_PATH = re.compile(r"https?://[^/?#]*([^?#]*)")
_DOTS = re.compile(
    r"(?:\.|%2e){1,2}", re.IGNORECASE
)  # what a browser takes for this folder, or the one above
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# As encodeURIComponent, and the one quotation mark that it leaves: our grammar of addresses has none.
_PLAIN = "-_.!~*()"


class Unfilled(Exception):
    """The address cannot be made: `name` is needed and missing, or `is_unfit`."""

    def __init__(self, name: str, *, is_unfit: bool) -> None:
        super().__init__(name)
        self.name = name
        self.is_unfit = is_unfit


def variables_in(url: str) -> list[str]:
    """Their names, in the order in which they stand."""
    return [found["name"] for found in PLACEHOLDER.finditer(url)]


def has_variables(url: str) -> bool:
    """Whether it is another address for others."""
    return "{{" in url


def is_bound(url: str) -> bool:
    """Whether the origin is the same whatever the variables stand for: two values, one origin."""
    return len({origin_of(PLACEHOLDER.sub(value, url)) for value in ("a", "9")}) == 1


def filled(
    url: str, value_of: Callable[[str], Any], *, is_known: Callable[[str], bool] = lambda _: True
) -> str:
    """The address with what its variables stand for. None and an empty text are no value; a variable that is
    not known stays as it is written.

    Raises:
        Unfilled: a value is needed and missing, or cannot stand in an address.
    """

    def replaced(found: re.Match[str]) -> str:
        name = found["name"]
        return _encoded(found, value_of(name)) if is_known(name) else found[0]

    made = PLACEHOLDER.sub(replaced, url)
    for before, after in zip(_segments(url), _segments(made), strict=True):
        place = PLACEHOLDER.search(before)
        if place and _DOTS.fullmatch(after):
            raise Unfilled(place["name"], is_unfit=True)
    if len(made) > LONGEST or origin_of(made) != origin_of(url):
        raise Unfilled(variables_in(url)[0], is_unfit=True)
    return made


def _encoded(found: re.Match[str], value: Any) -> str:
    text = _text(found["name"], value)
    if not text and found["required"]:
        raise Unfilled(found["name"], is_unfit=False)
    return quote(text, safe=_PLAIN)


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float):
        raise Unfilled(name, is_unfit=True)
    text = str(value)
    if len(text) > LONGEST_VALUE or _ODD.search(text):
        raise Unfilled(name, is_unfit=True)
    return text


def _segments(url: str) -> list[str]:
    path = _PATH.match(url)
    return path[1].split("/") if path else []
