"""Words as search compares them, without case and accents: those stored in it and those sought."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category
from unicodedata import normalize

LONGEST = 64  # letters of a word that are kept
MOST = 20_000  # different words of one text; PostgreSQL holds no more than a megabyte of them
MOST_SOUGHT = 10
# Chinese and Japanese are written without blanks: there, each sign is a word.
_SIGNS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+")
_LEAD = 40  # letters of an excerpt before the first thing that was found


@dataclass(frozen=True)
class Sought:
    """Words that must all be there; of the last one, a beginning is enough: it may still be being typed."""

    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.words)

    def means(self, word: str) -> bool:
        return word in self.words or word.startswith(self.words[-1])


def sought_in(q: str) -> Sought:
    """What somebody wrote into a search field; of very many words, the first."""
    return Sought(tuple(words_of(q)[:MOST_SOUGHT]))


def words_of(text: str) -> list[str]:
    """The different words of a text, folded."""
    words = dict.fromkeys(word[:LONGEST] for word in _WORD.findall(fold(text)))
    return list(words)[:MOST]


def fold(text: str) -> str:
    """`Café` → `cafe`."""
    if text.isascii():
        return text.lower()
    # Marks go first: to decompose a long run of them is to sort it, which takes the square of its length.
    return _without_marks(normalize("NFD", _without_marks(text.casefold())))


def excerpt(text: str, sought: Sought, length: int = 200) -> list[tuple[str, bool]]:
    """The part of a text around the first word that was found, in pieces: each was sought, or not."""
    found = list(_found(text, sought))
    start = 0
    if found and found[0][1] > length:
        start = max(0, found[0][0] - _LEAD)
        start = text.find(" ", start, found[0][0]) + 1 or start
    end = start + length
    return _pieces(
        text, start, end, [(first, last) for first, last in found if start <= first and last <= end]
    )


def parts(text: str, q: str) -> list[tuple[str, bool]]:
    """A short text in pieces, as `excerpt`: what was sought may stand anywhere in it, also within a word."""
    folded, origin = _folded(text)
    wanted = fold(q.strip())
    at = folded.find(wanted) if wanted else -1
    if at < 0:
        return [(text, False)]
    return _pieces(text, 0, len(text), [(origin[at], origin[at + len(wanted)])])


def _without_marks(text: str) -> str:
    return "".join(letter for letter in text if category(letter)[0] != "M")


def _found(text: str, sought: Sought) -> Iterator[tuple[int, int]]:
    """Where the words stand that are sought: folding may make one letter of none or of several."""
    if not sought:
        return
    folded, origin = _folded(text)
    for match in _WORD.finditer(folded):
        if sought.means(match[0][:LONGEST]):
            yield origin[match.start()], origin[match.end()]


def _folded(text: str) -> tuple[str, list[int] | range]:
    """A text folded, and for each of its letters (and its end) the place in the text that it comes from."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    letters, origin = [], []
    for place, letter in enumerate(text):
        for small in _folded_letter(letter):
            letters.append(small)
            origin.append(place)
    return "".join(letters), [*origin, len(text)]


_folded_letter = lru_cache(maxsize=4096)(fold)  # a language has few, and a text has many


def _pieces(text: str, start: int, end: int, found: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces, place = [("…", False)] if start else [], start
    for first, last in found:
        pieces += [(text[place:first], False), (text[first:last], True)]
        place = last
    pieces += [(text[place:end], False), ("…" if end < len(text) else "", False)]
    return [(piece, is_found) for piece, is_found in pieces if piece]
