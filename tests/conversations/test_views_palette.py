"""What the command palette lists, and the list of keys."""

import pytest

from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.page import Page

HTMX = {"HX-Request": "true"}


@pytest.fixture
def where(cast: Cast) -> str:
    return f"/accounts/{cast.acme.id}"


def test_the_palette_lists_what_this_person_may_do_here(page: Page, cast: Cast, where: str) -> None:
    conversation = make_conversation(cast.inbox)
    page.sign_in(cast.bo)
    assert "Assign to me" not in page.get(f"{where}/palette", headers=HTMX).text

    html = page.get(f"{where}/palette?open={conversation.display_id}", headers=HTMX)

    assert (
        html.select_one("[hx-post]")["hx-post"] == f"{where}/conversations/{conversation.display_id}/assignee"
    )
    assert "/settings/inboxes" not in str(html)
    page.sign_in(cast.ada)
    assert "/settings/inboxes" in str(page.get(f"{where}/palette", headers=HTMX))
    page.sign_in(cast.cy)
    page.get(f"{where}/palette?open={conversation.display_id}", headers=HTMX, expect=404)


def test_the_palette_finds_conversations_and_contacts(page: Page, cast: Cast, where: str) -> None:
    grace = make_contact(cast.acme, name="Grace Hopper", email="grace@navy.example")
    conversation = make_conversation(cast.inbox, contact=grace)
    make_conversation(make_inbox(cast.acme), contact=make_contact(cast.acme, name="Grace Kelly"))
    page.sign_in(cast.bo)
    on_desk = {**HTMX, "HX-Current-URL": f"http://localhost{where}/conversations"}

    html = page.get(f"{where}/palette?q=grace", headers=on_desk)

    [found] = html.select("[hx-get]")
    assert found["href"] == found["hx-get"] == f"{where}/conversations/{conversation.display_id}"
    assert html.select(f"[href='{where}/contacts/{grace.id}']")
    assert html.select(f"[href='{where}/search?q=grace']")
    assert not page.get(f"{where}/palette?q=grace", headers=HTMX).select("[hx-get]")
    assert not page.get(f"{where}/palette?q=", headers=HTMX).select("[role=option]")


def test_the_keys_are_listed_and_can_be_switched_off(page: Page, cast: Cast, where: str) -> None:
    page.sign_in(cast.bo)
    assert "Next conversation" in page.get(f"{where}/keyboard-shortcuts").text
    assert page.get(f"{where}/conversations").select("[data-module~=shortcuts]")

    page.get("/profile")
    page.submit("form.panel", {"has_shortcuts": []})

    assert not page.get(f"{where}/conversations").select("[data-module~=shortcuts]")
    assert "switched off" in page.get(f"{where}/keyboard-shortcuts", headers=HTMX).text
