"""Addresses in what people write."""

import pytest

from dashboard.lib.links import pieces_of


def links(text: str) -> list[str]:
    return [url for _, url in pieces_of(text) if url]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nothing here.", []),
        ("See https://example.com/a?b=1#c, please", ["https://example.com/a?b=1#c"]),
        ("www.example.com works too", ["http://www.example.com"]),
        ("Write to me@example.com!", ["mailto:me@example.com"]),
        ("(https://example.com/a_(b))", ["https://example.com/a_(b)"]),
        ("mailto:a@example.com", ["mailto:a@example.com"]),
        ("version 1.2.3 at 127.0.0.1", []),
        ("javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd ftp://a.example", []),
        ("//evil.example/x", []),
        ("https://пример.рф/страница", ["https://пример.рф/страница"]),
    ],
)
def test_addresses_are_found_and_only_safe_ones(text: str, found: list[str]) -> None:
    assert links(text) == found


@pytest.mark.parametrize(
    "text", ["", "a", "https://a.example b\nhttps://c.example", "x" * 9000 + ".com @ ://"]
)
def test_the_pieces_are_the_whole_text(text: str) -> None:
    assert "".join(piece for piece, _ in pieces_of(text)) == text
