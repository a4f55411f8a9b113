"""What no person means is kept away from every door."""

import pytest

from tests.support.cast import Cast
from tests.support.page import Page


@pytest.mark.database
def test_null_characters_are_dropped(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)
    conversations = f"/accounts/{cast.acme.id}/conversations"
    for query in ("label=a%00", "q=abc%00", "label=fine&label=%00"):
        page.get(f"{conversations}?{query}")

    page.post(f"/accounts/{cast.acme.id}/settings/inboxes/new", {"name": "Mail\x00box"}, expect=303)
    assert "Mailbox" in page.get(f"/accounts/{cast.acme.id}/settings/inboxes").text


def test_only_ascii_digits_name_a_row(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)

    page.get(f"/accounts/{cast.acme.id}/conversations")
    page.get("/accounts/\N{ARABIC-INDIC DIGIT ONE}/conversations", expect=404)
