"""The page about actions: each request is sent as it stands there, and is answered as the page says."""

import json
from typing import Any

from dashboard.apps.operations.calls import METHODS
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.calls import CODES
from dashboard.config import CHECKOUT
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.documents import listings_of
from tests.support.documents import tables_of
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_message
from tests.support.page import Page

PAGE = CHECKOUT / "docs" / "apps" / "actions.md"
ELSEWHERE = {"token.get"}  # has a page of its own
NUMBERS = {"id", "created_at", "inbox_id", "conversation_id", "before"}  # of this desk and this moment


def listed(word: str) -> dict[str, Any]:
    """The listings of one kind by their method, in the order of the page."""
    return {
        each.options[word]: json.loads(each.text)
        for each in listings_of(PAGE, "json")
        if word in each.options
    }


def test_every_action_of_the_server_is_described_and_no_other() -> None:
    assert set(listed("params")) == set(listed("result")) == set(METHODS) - ELSEWHERE
    assert set(tables_of(PAGE)["Errors"]) == set(CODES)


def test_each_is_answered_as_the_page_says(page: Page, cast: Cast) -> None:
    make_definition(cast.acme, "plan")
    make_definition(cast.acme, "seats", kind="number", name="Seats")
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))
    make_message(conversation, "Hello")
    make_message(conversation, "Where is my lantern?")
    app = make_app(cast.acme, actions=list(METHODS), scopes=list(SCOPES))
    path, key = f"/accounts/{cast.acme.id}/apps/{app.id}/calls", conversation.display_id
    page.sign_in(cast.bo)
    headers = {"X-CSRFToken": page.csrf_token()}

    # A thread grows by lines of what was done: what asks for it comes first.
    requests = sorted(listed("params").items(), key=lambda each: each[0] != "messages.list")
    for method, params in requests:
        body = {"method": method, "params": params, "conversation": key}
        told = page.client.post(path, json=body, headers=headers).get_json()
        assert told["ok"], (method, told)
        assert fits(listed("result")[method], told["result"]), (method, told)


def test_the_request_the_answer_and_the_refusal_on_top_are_what_is_sent(page: Page, cast: Cast) -> None:
    asked, answered, refused = (
        json.loads(each.text) for each in listings_of(PAGE, "json") if not each.options
    )
    conversation = make_conversation(cast.inbox)
    app = make_app(cast.acme, title="Customer orders", actions=[asked["m"]])
    path = f"/accounts/{cast.acme.id}/apps/{app.id}/calls"
    page.sign_in(cast.bo)
    headers = {"X-CSRFToken": page.csrf_token()}
    body = {"method": asked["m"], "params": asked["p"], "conversation": conversation.display_id}

    told = page.client.post(path, json=body, headers=headers).get_json()
    app.actions = []
    db.session.flush()
    then = page.client.post(path, json=body, headers=headers).get_json()

    assert answered == {"id": asked["id"], "ok": True, "r": told["result"]}
    assert refused == {"id": asked["id"], "ok": False, "e": then["error"]}


def fits(written: Any, told: Any, name: str = "") -> bool:
    """Whether all that is written was told: alike, but for numbers that are others on each desk."""
    if isinstance(written, dict):
        return set(written) <= set(told) and all(
            fits(value, told[key], key) for key, value in written.items()
        )
    if isinstance(written, list):
        return len(written) == len(told) and all(fits(*pair) for pair in zip(written, told, strict=True))
    return isinstance(told, int) if name in NUMBERS else bool(written == told)
