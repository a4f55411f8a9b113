"""Settings → Canned responses, and the list that the composer opens."""

import pytest

from dashboard.canned.models import CannedResponse
from dashboard.canned.operations import add_canned
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.page import Page

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/accounts/{cast.acme.id}/settings/canned-responses"


def test_an_agent_adds_changes_finds_and_deletes_one(page: Page, cast: Cast, path: str) -> None:
    page.sign_in(cast.bo)
    assert "No canned responses yet" in page.get(path).text

    page.get(f"{path}/new")
    page.submit("form.panel", {"short_code": "/hel lo", "content": "Hello!"})
    html = page.follow()
    assert html.select_one("td a").text == "/hello"
    assert "is added" in html.text

    page.get(html.select_one("td a")["href"])
    page.submit("form.panel", {"content": "Hello there!"})
    assert "Hello there!" in page.follow().text

    assert page.get(f"{path}?q=there", headers=HTMX).select_one("tr[id]")
    assert "No canned response matches" in page.get(f"{path}?q=nothing").text

    response = db.session.query(CannedResponse).one()
    assert "Delete /hello?" in page.get(f"{path}/{response.id}/removal").h1.text
    page.submit("form.confirm")
    assert db.session.query(CannedResponse).count() == 0


def test_what_is_missing_or_taken_stands_beside_its_field(page: Page, cast: Cast, path: str) -> None:
    add_canned(cast.acme, given={"short_code": "hello", "content": "x"}, actor=cast.bo)
    page.sign_in(cast.bo)

    page.get(f"{path}/new")
    html = page.submit("form.panel", {"short_code": "hello", "content": "y"}, expect=422)
    assert html.select_one("#short_code-error").text.strip() == "Has already been taken"
    html = page.submit("form.panel", {"short_code": "", "content": ""}, expect=422)
    assert len(html.select(".field-error")) == 2


def test_strangers_find_no_page(page: Page, cast: Cast, path: str) -> None:
    page.sign_in(cast.eve)
    page.get(path, expect=404)


def test_the_composer_is_offered_what_will_be_sent(page: Page, cast: Cast) -> None:
    given = {"short_code": "hello", "content": "Hello {{contact.first_name}}, **{{agent.name}}** here. <b>"}
    add_canned(cast.acme, given=given, actor=cast.ada)
    add_canned(cast.acme, given={"short_code": "bye", "content": "Bye"}, actor=cast.ada)
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria da Silva"))
    address = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}/canned-responses"
    page.sign_in(cast.bo)

    (option,) = page.get(f"{address}?q=hel").select("[role=option]")
    assert option.template.text == "Hello Maria, **Bo Agent** here. <b>"
    assert len(page.get(address).select("[role=option]")) == 2
    assert "No canned response is called that" in page.get(f"{address}?q=xyz").text
    page.sign_in(cast.cy)
    page.get(address, expect=404)
