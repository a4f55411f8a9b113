"""Who sees an app: one rule for pages, policies and answers."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.permissions import is_for
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.page import Page
from tests.support.queries import counted

Api = Callable[..., ApiClient]
TITLE, ORIGIN = "Payroll", "https://payroll.example.com"

# What was chosen, and who sees the app then.
RULES: list[tuple[dict[str, Any], str]] = [
    ({}, "ada bo cy"),
    ({"visibility": {"roles": ["agent"]}}, "bo cy"),
    ({"visibility": {"roles": ["administrator"]}}, "ada"),
    ({"visibility": {"roles": ["administrator", "agent"]}}, "ada bo cy"),
    ({"visibility": {"agent_ids": ["bo", "ada"]}}, "ada bo"),
    ({"visibility": {"inbox_ids": ["inbox"]}}, "ada bo"),
    ({"visibility": {"inbox_ids": ["inbox", "second"]}}, "ada bo cy"),
    ({"visibility": {"roles": ["agent"], "inbox_ids": ["inbox"]}}, "bo"),
    ({"visibility": {"roles": ["administrator"], "agent_ids": ["bo"]}}, ""),
    ({"visibility": {"inbox_ids": [4711]}}, ""),
    ({"state": "draft"}, "ada"),
    ({"state": "draft", "user_id": "cy"}, "ada cy"),
    ({"state": "draft", "user_id": "cy", "visibility": {"roles": ["administrator"]}}, "ada"),
    ({"state": "paused", "user_id": "cy"}, ""),
    ({"conditions": [{"field": "conversation.status", "test": "equals", "value": "open"}]}, "ada bo cy"),
]


def app_of_rule(cast: Cast, rule: dict[str, Any]) -> DashboardApp:
    second = make_inbox(cast.acme, members=(cast.cy,), name="Second")
    ids = {"ada": cast.ada.id, "bo": cast.bo.id, "cy": cast.cy.id}
    ids |= {"inbox": cast.inbox.id, "second": second.id}
    chosen = {name: [ids.get(each, each) for each in row] for name, row in rule.get("visibility", {}).items()}
    fields = {**rule, "visibility": chosen}
    if "user_id" in rule:
        fields["user_id"] = ids[rule["user_id"]]
    return make_app(cast.acme, title=TITLE, urls=(f"{ORIGIN}/",), **fields)


@pytest.mark.parametrize(("rule", "seers"), RULES)
def test_an_app_is_there_for_whom_it_was_chosen(
    page: Page, api: Api, cast: Cast, rule: dict[str, Any], seers: str
) -> None:
    app = app_of_rule(cast, rule)

    for name in ("ada", "bo", "cy"):
        sees, person = name in seers.split(), getattr(cast, name)
        page.sign_in(person)
        html = page.get(f"/accounts/{cast.acme.id}/conversations")
        policy = page.response.headers["Content-Security-Policy"]
        known = api(person).get(f"/api/v1/accounts/{cast.acme.id}/dashboard_apps")

        assert (f'"{TITLE}"' in str(html.select_one("#apps"))) == sees
        assert (ORIGIN in policy) == (ORIGIN in page.response.text) == sees
        page.post(f"/accounts/{cast.acme.id}/apps/{app.id}/format", expect=204 if sees else 404)
        # who manages apps is told of all of them there
        assert [each["id"] for each in known] == ([app.id] if sees or name == "ada" else [])
        path = f"/api/v1/accounts/{cast.acme.id}/dashboard_apps/{app.id}"
        api(person).get(path, expect=200 if sees or name == "ada" else 404)


def test_the_page_of_a_conversation_asks_no_more_for_it(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    path = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}"
    make_app(cast.acme)
    page.sign_in(cast.bo)
    page.get(path)

    with counted() as before:
        page.get(path)
    make_app(cast.acme, visibility={"inbox_ids": [cast.inbox.id]}, conditions=[HAS_CRM])
    with counted() as after:
        page.get(path)

    assert after.number == before.number <= 8


HAS_CRM = {"field": "contact.custom_attributes.crm_id", "test": "exists"}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (HAS_CRM, True),
        ({"field": "contact.custom_attributes.vip", "test": "absent"}, True),
        ({"field": "contact.custom_attributes.empty", "test": "exists"}, False),
        ({"field": "contact.custom_attributes.crm_id", "test": "equals", "value": "42"}, True),
        ({"field": "contact.custom_attributes.paid", "test": "equals", "value": "true"}, True),
        ({"field": "conversation.status", "test": "one_of", "values": ["open", "pending"]}, True),
        ({"field": "conversation.status", "test": "equals", "value": "resolved"}, False),
        ({"field": "conversation.priority", "test": "exists"}, False),
        ({"field": "conversation.labels", "test": "equals", "value": "billing"}, True),
        ({"field": "conversation.labels", "test": "one_of", "values": ["vip", "spam"]}, False),
        ({"field": "conversation.custom_attributes.order", "test": "absent"}, True),
        ({"field": "contact.email", "test": "absent"}, False),
        ({"field": "contact.blocked", "test": "equals", "value": "false"}, True),
    ],
)
def test_a_condition_is_asked_of_conversation_and_contact(
    cast: Cast, condition: dict[str, Any], holds: bool
) -> None:
    known = {"crm_id": 42, "paid": True, "empty": ""}
    contact = make_contact(cast.acme, custom_attributes=known)
    conversation = make_conversation(cast.inbox, contact=contact, labels=["billing", "late"])

    assert is_for(make_app(cast.acme, conditions=[condition]), conversation) is holds


def test_all_conditions_must_hold_and_the_inbox_be_one_of_those_meant(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    is_open = {"field": "conversation.status", "test": "equals", "value": "open"}

    assert is_for(make_app(cast.acme, conditions=[is_open]), conversation)
    assert not is_for(make_app(cast.acme, conditions=[is_open, HAS_CRM]), conversation)
    assert is_for(make_app(cast.acme, visibility={"inbox_ids": [cast.inbox.id]}), conversation)
    assert not is_for(make_app(cast.acme, visibility={"inbox_ids": [4711]}), conversation)
    assert is_for(make_app(cast.acme), None)
    assert not is_for(make_app(cast.acme, conditions=[is_open]), None)


def test_where_a_condition_does_not_hold_there_is_no_context(page: Page, cast: Cast) -> None:
    contact = make_contact(cast.acme, custom_attributes={"crm_id": "7"})
    known, unknown = make_conversation(cast.inbox, contact=contact), make_conversation(cast.inbox)
    app = make_app(cast.acme, conditions=[HAS_CRM])
    page.sign_in(cast.bo)

    for what in ("context", "welcome"):
        path = f"/accounts/{cast.acme.id}/apps/{app.id}/{what}"
        page.get(f"{path}?conversation={known.display_id}")
        page.get(f"{path}?conversation={unknown.display_id}", expect=404)
        page.get(path, expect=404)


def test_an_app_that_is_told_its_own_context_says_where(page: Page, cast: Cast) -> None:
    usual = make_app(cast.acme)
    own = [
        make_app(cast.acme, scopes=["messages"]),
        make_app(cast.acme, conditions=[HAS_CRM]),
        make_app(cast.acme, visibility={"inbox_ids": [cast.inbox.id]}),
    ]
    page.sign_in(cast.bo)

    block = page.get(f"/accounts/{cast.acme.id}/conversations").select_one("#apps")

    assert block is not None
    told = {each["id"]: each.get("context_url") for each in json.loads(block.get_text())}
    wanted = {app.id: f"/accounts/{cast.acme.id}/apps/{app.id}/context" for app in own}
    assert told == {usual.id: None, **wanted}


def test_an_app_that_a_condition_closes_has_no_tab_in_that_conversation(page: Page, cast: Cast) -> None:
    contact = make_contact(cast.acme, custom_attributes={"crm_id": "7"})
    known, unknown = make_conversation(cast.inbox, contact=contact), make_conversation(cast.inbox)
    app = make_app(cast.acme, title=TITLE, urls=(f"{ORIGIN}/",), placement="both", conditions=[HAS_CRM])
    page.sign_in(cast.bo)

    for conversation, is_open in ((known, True), (unknown, False)):
        html = page.get(f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}")
        tabs = html.select(f"[data-app-tab='{app.id}']")
        assert [tab.has_attr("hidden") for tab in tabs] == [not is_open] * 2
        block = html.select_one("#apps")
        assert block is not None
        in_page = json.loads(block.get_text())
        assert in_page[0].get("closed", False) is not is_open
        assert ORIGIN in page.response.headers["Content-Security-Policy"]
        page.get(f"/accounts/{cast.acme.id}/apps?conversation={conversation.display_id}")
        assert page.response.get_json() == in_page


def test_the_apps_of_a_conversation_of_others_are_nobodys_business(page: Page, cast: Cast) -> None:
    hidden = make_conversation(make_inbox(cast.acme, name="Elsewhere"))
    page.get(f"/accounts/{cast.acme.id}/apps", expect=302)
    page.sign_in(cast.bo)
    page.get(f"/accounts/{cast.acme.id}/apps?conversation={hidden.display_id}", expect=404)
    page.sign_in(cast.eve)
    page.get(f"/accounts/{cast.acme.id}/apps", expect=404)
