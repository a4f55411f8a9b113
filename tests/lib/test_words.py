"""What counts as the same word, and what a hit shows."""

import time

import pytest

from dashboard.lib.words import excerpt
from dashboard.lib.words import sought_in
from dashboard.lib.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where is MY order? My order!", ["where", "is", "my", "order"]),
        ("Café crème brûlée", ["cafe", "creme", "brulee"]),
        ("Cafe\u0301", ["cafe"]),
        ("Straße", ["strasse"]),
        ("Łódź, Žižkov", ["łodz", "zizkov"]),
        ("Tiếng Việt", ["tieng", "viet"]),
        ("Привет, Ёлка", ["привет", "елка"]),
        ("ada@example.com A-1042", ["ada", "example", "com", "a", "1042"]),
        ("返品したい", ["返", "品", "し", "た", "い"]),
        ("snake_case ' \" * : & | ! ( )", ["snake", "case"]),
        ("", []),
    ],
)
def test_words_are_without_case_and_accents(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_long_run_of_marks_takes_no_longer_than_other_text() -> None:
    started = time.process_time()

    assert words_of("cafe" + "\u0300\u0316" * 75_000) == ["cafe"]

    assert time.process_time() - started < 5


def marked(text: str, q: str, length: int = 200) -> str:
    return "".join(f"[{piece}]" if found else piece for piece, found in excerpt(text, sought_in(q), length))


def test_an_excerpt_marks_what_was_sought_as_it_was_written() -> None:
    assert marked("My Café order, ordered twice", "cafe ord") == "My [Café] [order], [ordered] twice"
    assert marked("Große STRASSE, Straßen", "strasse") == "Große [STRASSE], [Straßen]"
    assert marked("Cafe\u0301 au lait", "cafe") == "[Cafe\u0301] au lait"
    assert marked("Nothing of that", "else") == "Nothing of that"


def test_a_long_text_is_shown_where_it_was_found() -> None:
    text = "word " * 100 + "needle " + "word " * 100

    shown = marked(text, "needle", 120)

    assert shown.startswith("…word") and "[needle]" in shown and shown.endswith("…")
    assert len(shown) < 130
