"""What stands in the address of a request: numbers of rows, pages, words and lists."""

from flask import request
from werkzeug.routing import IntegerConverter

from dashboard.lib.numbers import LARGEST

LAST_PAGE = 1_000_000


class RowNumber(IntegerConverter):
    """A number that can be a row's: larger ones name nothing, and no database would take them."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        return min(number, LARGEST)


def page_number() -> int:
    """Which page is asked for: the first, unless it is a number."""
    return min(max(number("page") or 1, 1), LAST_PAGE)


def number(name: str) -> int | None:
    """A whole number from the query; None where there is none."""
    word = request.args.get(name, "").strip()
    if not (word.isascii() and word.isdigit()):
        return None
    return min(int(word[:30]), LARGEST)


def numbers(name: str, *, most: int) -> list[int]:
    """Whole numbers from the query, between commas; what is none is left out, as is what is too much."""
    parts = request.args.get(name, "").split(",")[:most]
    return [min(int(part[:30]), LARGEST) for part in parts if part.isascii() and part.isdigit()]


def word(name: str, otherwise: str = "") -> str:
    """A text from the query, without what no database keeps."""
    found = request.args.get(name, otherwise).replace("\x00", "")
    return found.encode("utf-8", "replace").decode()


def words(name: str) -> tuple[str, ...]:
    """A list from the query, as Rails spells it (`labels[]=a&labels[]=b`) or plainly."""
    found = request.args.getlist(f"{name}[]") or request.args.getlist(name)
    return tuple(each.replace("\x00", "") for each in found if each)
