"""The ledger: which app was told which fields of whom, and never what was in them."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.disclosures import AppDisclosure
from dashboard.apps.operations import ledger
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.ledger import note_disclosure
from dashboard.apps.schemas.disclosures import fields_at
from dashboard.apps.schemas.disclosures import fields_in
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.merging import merge_contacts
from dashboard.contacts.operations.people import delete_contact
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.wiring import JOBS
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted

pytestmark = pytest.mark.database

SETTINGS = "/accounts/{account}/settings/integrations/dashboard-apps"
HERE = "https://app.example.com"


@pytest.fixture
def maria(cast: Cast) -> Contact:
    return make_contact(
        cast.acme,
        name="Maria Silva",
        email="maria@example.com",
        custom_attributes={"plan": "gold", "empty": ""},
    )


@pytest.fixture
def conversation(cast: Cast, maria: Contact) -> Conversation:
    made = make_conversation(cast.inbox, contact=maria)
    make_message(made, "My card is 4111")
    return made


def rows() -> list[AppDisclosure]:
    return list(db.session.scalars(select(AppDisclosure).order_by(AppDisclosure.id)))


def path_of(app: DashboardApp, what: str) -> str:
    return f"/accounts/{app.account_id}/apps/{app.id}/{what}"


def call(page: Page, app: DashboardApp, method: str, params: Any, key: int) -> None:
    body = {"method": method, "params": params, "conversation": key}
    headers = {"X-CSRFToken": page.csrf_token()}
    assert page.client.post(path_of(app, "calls"), json=body, headers=headers).get_json()["ok"]


def test_a_context_is_known_by_the_names_of_its_fields() -> None:
    contact = {"id": 7, "email": "", "name": "Maria", "custom_attributes": {"plan": "gold", "none": None}}
    meta = {"sender": contact, "channel": "Api"}
    data = {
        "contact": contact,
        "currentAgent": {"name": "Bo"},
        "conversation": {
            "id": 3,
            "contact": contact,
            "meta": meta,
            "messages": [{"content": "x"}],
            "labels": [],
        },
    }

    fields = fields_in(data)

    of_contact = {
        "contact.id",
        "contact.name",
        "contact.custom_attributes.plan",
        "contact.custom_attributes.none",
    }
    of_conversation = {"conversation.id", "conversation.meta.channel", "conversation.messages"}
    assert fields == of_contact | of_conversation
    assert fields_at(fields, []) == fields
    assert fields_at(fields, ["conversation"]) == fields
    assert fields_at(fields, ["contact", "name"]) == {"contact.name"}
    assert fields_at(fields, ["conversation", "contact", "name"]) == {"contact.name"}
    assert fields_at(fields, ["conversation", "meta", "sender"]) == of_contact
    assert fields_at(fields, ["conversation", "messages", 0, "content"]) == {"conversation.messages"}
    assert fields_at(fields, ["currentAgent", "name"]) == set()


@pytest.mark.parametrize("what", ["welcome", "context"])
def test_whoever_is_handed_a_context_is_in_the_ledger_once_a_day(
    page: Page, cast: Cast, maria: Contact, conversation: Conversation, what: str
) -> None:
    app = make_app(cast.acme, title="Orders", urls=(f"{HERE}/a", f"{HERE}/b"), scopes=["contact.basic"])
    key, app_path = conversation.display_id, path_of(app, what)
    page.sign_in(cast.bo)

    page.get(f"{app_path}?conversation={key}")
    with counted() as again:
        page.get(f"{app_path}?conversation={key}")

    (row,) = rows()
    assert (row.app_id, row.app_title, row.origin, row.contact_id) == (app.id, "Orders", HERE, maria.id)
    assert row.day == clock.now().date()
    assert {"contact.id", "contact.name"} <= set(row.fields)
    assert not [name for name in row.fields if name in {"contact.email", "conversation.messages"}]
    assert not [statement for statement in again if "app_disclosures" in statement]


def test_the_ledger_holds_names_and_no_values(page: Page, cast: Cast, conversation: Conversation) -> None:
    app = make_app(cast.acme)
    page.sign_in(cast.bo)

    page.get(f"{path_of(app, 'welcome')}?conversation={conversation.display_id}")

    (row,) = rows()
    assert {"contact.email", "contact.custom_attributes.plan", "conversation.messages"} <= set(row.fields)
    told = json.dumps(row.fields)
    assert not [value for value in ("maria@", "Maria", "gold", "4111") if value in told]


def test_where_no_conversation_is_open_nobody_is_told_of(page: Page, cast: Cast) -> None:
    page.sign_in(cast.bo)

    page.get(path_of(make_app(cast.acme), "context"))

    assert rows() == []


def test_what_an_app_asks_for_is_added_to_its_row(page: Page, cast: Cast, conversation: Conversation) -> None:
    app = make_app(cast.acme, actions=["context.get", "messages.list"])
    key = conversation.display_id
    page.sign_in(cast.bo)

    call(page, app, "context.get", {"path": ["contact", "email"]}, key)
    ledger.forget()  # another process
    call(page, app, "context.get", {"path": ["contact", "custom_attributes", "plan"]}, key)
    call(page, app, "messages.list", {}, key)

    (row,) = rows()
    assert row.fields == ["contact.custom_attributes.plan", "contact.email", "conversation.messages"]


def test_the_page_reports_to_whom_it_handed_its_context(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    app, foreign = make_app(cast.acme), make_app(cast.other)
    key, path, foreign_path = (
        conversation.display_id,
        path_of(app, "disclosures"),
        path_of(foreign, "disclosures"),
    )
    page.sign_in(cast.bo)

    page.post(path, {"conversation": key}, expect=204)
    page.post(path, {"conversation": key}, expect=204)

    (row,) = rows()
    assert {"contact.email", "conversation.messages", "conversation.status"} <= set(row.fields)
    for number in ("4711", "x", ""):
        page.post(path, {"conversation": number}, expect=404)
    page.post(foreign_path, {"conversation": key}, expect=404)
    assert page.client.post(path, data={"conversation": key}).status_code == 400
    page.sign_in(cast.cy)
    page.post(path, {"conversation": key}, expect=404)
    assert len(rows()) == 1


def test_a_contact_that_becomes_another_takes_its_ledger_along(cast: Cast, maria: Contact) -> None:
    other, app, second = make_contact(cast.acme), make_app(cast.acme), make_app(cast.acme, title="Second")
    note_disclosure(app, contact=maria, fields={"contact.name"})
    note_disclosure(app, contact=other, fields={"contact.email"})
    note_disclosure(second, contact=other, fields={"contact.id"})

    merge_contacts(maria, other, actor=cast.ada)

    assert [(row.contact_id, row.app_title, row.fields) for row in rows()] == [
        (maria.id, "Orders", ["contact.email", "contact.name"]),
        (maria.id, "Second", ["contact.id"]),
    ]


def test_nothing_is_kept_of_a_contact_that_is_deleted(cast: Cast, maria: Contact) -> None:
    stays = make_contact(cast.acme)
    for contact in (maria, stays):
        note_disclosure(make_app(cast.acme), contact=contact, fields={"contact.name"})

    delete_contact(maria, actor=cast.ada)

    assert [row.contact_id for row in rows()] == [stays.id]


def test_the_ledger_is_kept_for_ninety_days(cast: Cast, maria: Contact) -> None:
    app = make_app(cast.acme)
    note_disclosure(app, contact=maria, fields={"contact.name"})
    clock.shift(timedelta(days=90))
    note_disclosure(app, contact=maria, fields={"contact.name"})
    JOBS["apps.tidy_up"]()
    assert len(rows()) == 2

    clock.shift(timedelta(days=92))
    JOBS["apps.tidy_up"]()

    assert len(rows()) == 1


def test_the_contacts_page_says_which_apps_have_seen_the_person(
    page: Page, cast: Cast, maria: Contact
) -> None:
    app = make_app(cast.acme, title="<Orders>")
    note_disclosure(app, contact=maria, fields={"contact.name"})
    clock.shift(timedelta(days=1))
    note_disclosure(app, contact=maria, fields={"contact.email"})
    remove_app(app, actor=cast.ada)
    page.sign_in(cast.ada)

    html = page.get(f"/accounts/{cast.acme.id}/contacts/{maria.id}")

    (seen,) = html.select(".seen-by")
    assert "<Orders>" in seen.get_text()
    assert [code.get_text() for code in seen.select("code")] == [HERE, "contact.email", "contact.name"]
    assert "2 fields" in seen.get_text()
    page.sign_in(cast.bo)  # to whom the app may be closed
    assert "Which apps have seen" not in page.get(f"/accounts/{cast.acme.id}/contacts/{maria.id}").get_text()


def test_a_person_whom_no_app_has_seen(page: Page, cast: Cast, maria: Contact) -> None:
    page.sign_in(cast.ada)

    html = page.get(f"/accounts/{cast.acme.id}/contacts/{maria.id}")

    assert "None within the last 90 days." in html.get_text()


@pytest.mark.parametrize("path", [f"{SETTINGS}/ledger.csv", f"{SETTINGS}/APP/ledger.csv"])
def test_every_door_asks_who_is_there(page: Page, cast: Cast, path: str) -> None:
    ask_the_ladder(page, cast, "GET", path.replace("APP", str(make_app(cast.acme).id)))


def test_the_ledger_is_taken_along_as_a_table(page: Page, cast: Cast, maria: Contact) -> None:
    app, other, foreign = make_app(cast.acme), make_app(cast.acme, title="Other"), make_app(cast.other)
    for each in (app, other):
        note_disclosure(each, contact=maria, fields={"contact.name", "contact.id"})
    number, foreign_number, contact_number = app.id, foreign.id, maria.id
    path = SETTINGS.format(account=cast.acme.id)
    page.sign_in(cast.ada)

    page.get(f"{path}/{number}/ledger.csv")
    assert page.response is not None
    (row,) = csv.DictReader(io.StringIO(page.response.text))
    assert (row["app_id"], row["contact_id"], row["origin"]) == (str(number), str(contact_number), HERE)
    assert row["fields"] == "contact.id contact.name"
    page.get(f"{path}/ledger.csv")
    assert len(list(csv.DictReader(io.StringIO(page.response.text)))) == 2
    page.get(f"{path}/{foreign_number}/ledger.csv", expect=404)
