"""The search page."""

import pytest

from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.page import Page
from tests.support.queries import counted

MORE = {"HX-Request": "true", "HX-Target": "div#hits-more"}


@pytest.fixture
def where(cast: Cast) -> str:
    return f"/accounts/{cast.acme.id}/search"


def test_everything_that_has_the_words_is_shown_with_a_mark(page: Page, cast: Cast, where: str) -> None:
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Renée Coffey"))
    message = make_message(conversation, "Two coffées please <b>")
    page.sign_in(cast.bo)

    with counted() as queries:
        html = page.get(f"{where}?q=coffe")

    hits = [hit["href"] for hit in html.select("a.hit")]
    at = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}"
    assert at in hits and f"{at}?message={message.id}" in hits
    assert {mark.text for mark in html.select("mark")} == {"Coffe", "coffées"}
    assert "Two coffées please <b>" in html.text
    assert queries.number <= 11


def test_nothing_was_asked_and_nothing_was_found(page: Page, cast: Cast, where: str) -> None:
    page.sign_in(cast.bo)

    assert "Search the desk" in page.get(where).text
    assert "Nothing found" in page.get(f"{where}?q=unheard").text
    for kind in ("messages", "contacts", "conversations"):
        assert "Nothing found" in page.get(f"{where}?q=unheard&kind={kind}").text
    page.get(f"{where}?q=x&kind=nonsense", expect=422)
    page.get(f"{where}?q=x&kind=messages&after=nonsense", expect=422)


def test_only_what_the_agent_may_see_is_found(page: Page, cast: Cast, where: str) -> None:
    make_message(make_conversation(cast.inbox), "The secret parcel")
    page.sign_in(cast.cy)

    assert not page.get(f"{where}?q=secret").select("a.hit")
    page.sign_in(cast.eve)
    page.get(f"{where}?q=secret", expect=404)


@pytest.mark.parametrize("kind", ["messages", "contacts", "conversations"])
def test_there_is_a_way_to_the_rest(page: Page, cast: Cast, where: str, kind: str) -> None:
    for number in range(17):
        contact = make_contact(cast.acme, name=f"Parcel {number}")
        make_message(make_conversation(cast.inbox, contact=contact), f"Parcel {number}")
    make_conversation(
        make_inbox(cast.acme), contact=make_contact(cast.acme, name="Parcel elsewhere", email=None)
    )
    page.sign_in(cast.bo)

    html = page.get(f"{where}?q=parcel")
    assert any(f"kind={kind}" in link["href"] for link in html.select(".hits-head a"))
    first = page.get(f"{where}?q=parcel&kind={kind}")
    more = str(first.select_one("#hits-more a")["href"])
    rest = page.get(more, headers=MORE)

    shown = [hit["href"] for hit in first.select("a.hit")]
    assert len(shown) == 15
    assert not rest.select("html")
    assert not set(shown) & {hit["href"] for hit in rest.select("a.hit")}
    assert len(rest.select("a.hit")) == (3 if kind == "contacts" else 2)
    assert not rest.select("#hits-more")
