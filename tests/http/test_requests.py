"""What no person means is kept away from every door."""

import pytest

from tests.support.cast import Cast
from tests.support.factories import make_app
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


def test_who_asks_for_the_head_of_a_page_changes_nothing(page: Page, cast: Cast) -> None:
    settings, app = f"/accounts/{cast.acme.id}/settings", make_app(cast.acme)
    removals = [
        f"{settings}/agents/{cast.bo.id}/removal",
        f"{settings}/inboxes/{cast.inbox.id}/removal",
        f"{settings}/integrations/dashboard-apps/{app.id}/removal",
    ]
    assert page.client.head("/login").status_code == 200
    page.sign_in(cast.ada)

    for path in (*removals, f"{settings}/agents/new", "/profile"):
        answer = page.client.head(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache"), path

    for path in removals:
        page.get(path)
