"""What texts and words are checked for everywhere. What is wrong is told as Rails does, and so upstream."""

from collections.abc import Collection

from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_

BLANK = N_("can't be blank")
TOO_LONG = N_("is too long (maximum is %(limit)s characters)")
NOT_LISTED = N_("is not included in the list")


def short_text(field: str, text: str | None, longest: int) -> str:
    """The text without blanks around it; None is an empty one.

    Raises:
        Invalid: it has more than `longest` characters.
    """
    tidy = (text or "").strip()
    if len(tidy) > longest:
        raise Invalid(field, TOO_LONG, limit=longest)
    return tidy


def needed_text(field: str, text: str | None, longest: int) -> str:
    """The text without blanks around it.

    Raises:
        Invalid: nothing is left of it, or it has more than `longest` characters.
    """
    tidy = short_text(field, text, longest)
    if not tidy:
        raise Invalid(field, BLANK)
    return tidy


def one_of(field: str, word: str, words: Collection[str]) -> str:
    """The word.

    Raises:
        Invalid: it is none of `words`.
    """
    if word not in words:
        raise Invalid(field, NOT_LISTED)
    return word
