"""The form of an app where it says what the app may see and do, and who sees it; and the preview of that."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup

from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.models.apps import DashboardApp
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.page import Page

FORM = "#app-form form"
APPS = "/accounts/{account}/settings/integrations/dashboard-apps"
CRM = "contact.custom_attributes.crm_id"

Edit = Callable[[DashboardApp], BeautifulSoup]


@pytest.fixture
def edit(page: Page, cast: Cast) -> Edit:
    page.sign_in(cast.ada)
    return lambda app: page.get(f"{APPS.format(account=cast.acme.id)}/{app.id}/edit")


def ticked(html: BeautifulSoup, name: str) -> list[str]:
    return [str(box["value"]) for box in html.select(f"[name={name}][checked]")]


def told_of(html: BeautifulSoup) -> str:
    """What the preview shows as told."""
    section = html.select_one("#app-preview")
    assert section is not None
    for kept_back in section.select("s"):
        kept_back.decompose()
    return section.get_text()


def test_the_form_proposes_what_chatwoot_tells_and_no_action(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)

    html = page.get(f"{APPS.format(account=cast.acme.id)}/new")

    assert ticked(html, "scopes") == list(USUAL_SCOPES)
    assert ticked(html, "actions") == ticked(html, "roles") == ticked(html, "agent_ids") == []
    assert ticked(html, "state") == ["live"]


def test_what_was_chosen_is_saved_and_shown_again(page: Page, cast: Cast, edit: Edit) -> None:
    make_definition(cast.acme, "crm_id", name="CRM number")
    app = make_app(cast.acme)
    edit(app)
    chosen: dict[str, Any] = {
        "scopes": ["contact.basic", "notes"],
        "actions": ["toast", "labels.add"],
        "roles": ["agent"],
        "inbox_ids": [str(cast.inbox.id)],
        "agent_ids": [str(cast.bo.id), str(cast.cy.id)],
        "state": "draft",
        "condition-field": [CRM, "conversation.status"],
        "condition-test": ["exists", "one_of"],
        "condition-value": ["", "open, pending"],
    }

    page.submit(FORM, chosen)

    db.session.refresh(app)
    assert (app.scopes, app.actions, app.state) == (
        ["contact.basic", "notes"],
        ["toast", "labels.add"],
        "draft",
    )
    assert app.visibility == {
        "roles": ["agent"],
        "inbox_ids": [cast.inbox.id],
        "agent_ids": [cast.bo.id, cast.cy.id],
    }
    assert app.conditions == [
        {"field": CRM, "test": "exists"},
        {"field": "conversation.status", "test": "one_of", "values": ["open", "pending"]},
    ]
    html = edit(app)
    for name in ("scopes", "actions", "roles", "inbox_ids", "agent_ids"):
        assert ticked(html, name) == chosen[name]
    values = [str(each["value"]) for each in html.select("[name=condition-value]")]
    assert values == ["", "open, pending"]
    assert [each.get_text() for each in html.select("[name=condition-field] [selected]")] == [
        "CRM number",
        "Status",
    ]


def test_conditions_are_added_and_removed_without_scripts(page: Page, cast: Cast, edit: Edit) -> None:
    edit(make_app(cast.acme, title="Kept"))

    rows = {
        "condition-field": [CRM, ""],
        "condition-test": ["exists", "equals"],
        "condition-value": ["", "7"],
    }

    html = page.submit(FORM, {"do": "condition", "title": "Typed", **rows}, expect=200)
    assert len(html.select("[name=condition-field]")) == 3
    html = page.submit(FORM, {"do": "uncondition-0", "title": "Typed", **rows}, expect=200)

    assert [each["value"] for each in html.select("[name=condition-value]")] == ["7"]
    assert html.select_one("[name=title]")["value"] == "Typed"  # type: ignore[index]


def test_a_condition_that_cannot_be_asked_is_told_beside_it(page: Page, cast: Cast, edit: Edit) -> None:
    app = make_app(cast.acme)
    edit(app)

    row = {"condition-field": "conversation.status", "condition-test": "equals", "condition-value": " "}
    page.submit(FORM, row, expect=422)

    error = page.html.select_one("#conditions-error")
    assert error is not None
    assert "lacks what to compare with" in error.get_text()
    db.session.refresh(app)
    assert app.conditions == []


def test_who_has_gone_stays_chosen_so_that_the_app_is_not_opened_to_all(
    page: Page, cast: Cast, edit: Edit
) -> None:
    app = make_app(cast.acme, visibility={"agent_ids": [4711]})
    edit(app)

    page.submit(FORM, {"title": "Renamed"})

    db.session.refresh(app)
    assert (app.title, app.visibility) == ("Renamed", {"agent_ids": [4711]})


def test_forged_choices_are_refused(page: Page, cast: Cast, edit: Edit) -> None:
    app = make_app(cast.acme)
    elsewhere = make_inbox(cast.other)
    for forged in (
        {"scopes": ["everything"]},
        {"actions": ["reply.send"]},
        {"roles": ["owner"]},
        {"inbox_ids": [str(elsewhere.id)]},
        {"agent_ids": [str(cast.eve.id)]},
        {"agent_ids": ["x"]},
        {"state": "gone"},
    ):
        edit(app)
        page.submit(FORM, forged, expect=422)

    db.session.refresh(app)
    assert (app.visibility, app.state) == ({}, "live")


def test_the_preview_shows_what_is_told_and_what_is_not(page: Page, cast: Cast, edit: Edit) -> None:
    contact = make_contact(cast.acme, name="Maria Silva", email="maria@silva.example")
    conversation = make_conversation(cast.inbox, contact=contact)
    make_message(conversation, "Where is it?")
    make_message(conversation, "She is nice", message_type="outgoing", private=True)

    html = edit(make_app(cast.acme))
    assert "She is nice" in html.get_text()
    told = told_of(html)
    for word in ("Maria Silva", "maria@silva.example", "Where is it?"):
        assert word in told
    assert "She is nice" not in told

    html = page.submit(FORM, {"do": "preview", "scopes": ["contact.basic", "notes"]}, expect=200)

    told = told_of(html)
    assert "Maria Silva" in told
    assert "She is nice" in told
    assert "maria@silva.example" not in told
    assert "Where is it?" not in told


def test_the_preview_shows_the_conversation_that_was_typed_and_none_of_others(
    page: Page, cast: Cast, edit: Edit
) -> None:
    first = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))
    make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Jon Doe"))
    foreign = make_conversation(make_inbox(cast.other), contact=make_contact(cast.other, name="Not Ours"))
    foreign.display_id = 90
    app = make_app(cast.acme)

    assert "Jon Doe" in told_of(edit(app))
    assert "Maria Silva" in told_of(
        page.submit(FORM, {"do": "preview", "preview": str(first.display_id)}, expect=200)
    )
    html = page.submit(FORM, {"do": "preview", "preview": "90"}, expect=200)
    assert "no conversation #90 that you may see" in told_of(html)
    assert "Not Ours" not in html.get_text()
    edit(app)
    assert "Jon Doe" in told_of(page.submit(FORM, {"do": "preview", "preview": "x'<b>"}, expect=200))
