"""What an app may ask of the server in an agent's name: who may, what it does, and how it is refused."""

import json
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.events import AppEvent
from dashboard.apps.models.states import AppState
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.calls import METHODS
from dashboard.apps.schemas.access import ACTIONS
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.calls import CODES
from dashboard.apps.schemas.calls import LARGEST_CALL
from dashboard.apps.views.calls import MOST_CALLS
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import InboxMember
from dashboard.lib import clock
from dashboard.transactions import DURABLE
from dashboard.transactions import Event
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.page import Page
from tests.support.queries import counted

pytestmark = pytest.mark.database

SECRETS = {"email": "maria@example.com", "phone_number": "+15550101", "identifier": "crm-77"}


@dataclass
class AppCalls:
    """An app beside one conversation, and the agent in whose page it is."""

    page: Page
    cast: Cast
    app: DashboardApp
    conversation: Conversation
    path: str = field(init=False)
    key: int = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.path_of(self.app)
        self.key = self.conversation.display_id
        self.sign_in(self.cast.bo)

    def path_of(self, app: DashboardApp) -> str:
        return f"/accounts/{self.cast.acme.id}/apps/{app.id}/calls"

    def sign_in(self, user: User) -> None:
        self.page.sign_in(user)

    def send(self, body: Any, *, expect: int = 200, path: str = "") -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-CSRFToken": self.page.csrf_token(), "Content-Type": "application/json"}
        response = self.page.client.post(path or self.path, data=raw, headers=headers)
        assert response.status_code == expect, response.text[:1000]
        told: dict[str, Any] = response.get_json()
        assert told["ok"] or told["error"]["code"] in CODES
        return told

    def ask(self, method: str, params: Any = None, **more: Any) -> dict[str, Any]:
        body = {"method": method, "params": params or {}, "conversation": self.key}
        return self.send({**body, **more})

    def done(self, method: str, params: Any = None, **more: Any) -> dict[str, Any]:
        told = self.ask(method, params, **more)
        assert told["ok"], told
        result: dict[str, Any] = told["result"]
        db.session.refresh(self.conversation)
        return result

    def refused(self, method: str, params: Any = None, **more: Any) -> str:
        told = self.ask(method, params, **more)
        assert not told["ok"], told
        return str(told["error"]["code"])

    def lines(self) -> list[str]:
        of_thread = (
            Message.conversation_id == self.conversation.id,
            Message.message_type == "activity",
        )
        return list(db.session.scalars(select(Message.content).where(*of_thread).order_by(Message.id)))

    def log(self) -> list[dict[str, Any]]:
        found = db.session.scalars(select(AppEvent).where(AppEvent.kind == "action").order_by(AppEvent.id))
        return [event.detail for event in found]


@pytest.fixture
def calls(page: Page, cast: Cast) -> AppCalls:
    maria = make_contact(cast.acme, name="Maria Silva", **SECRETS)
    conversation = make_conversation(cast.inbox, contact=maria)
    app = make_app(cast.acme, title="Customer orders", actions=list(METHODS))
    return AppCalls(page, cast, app, conversation)


EXAMPLES: dict[str, dict[str, Any]] = {
    "token.get": {},
    "attributes.set": {"of": "contact", "values": {"plan": "gold"}},
    "labels.add": {"labels": ["urgent"]},
    "labels.remove": {"labels": ["urgent"]},
    "status.set": {"status": "resolved"},
    "assign": {"agent": None},
    "context.get": {"path": []},
    "messages.list": {"limit": 5},
    "state.get": {},
    "state.set": {"value": {"page": 2}},
}
EVERY_METHOD = pytest.mark.parametrize("method", list(METHODS))


# What the methods do.


def test_labels_are_put_on_and_taken_off_beside_those_that_are_there(calls: AppCalls) -> None:
    calls.done("labels.add", {"labels": ["vip"]})

    assert calls.done("labels.add", {"labels": ["urgent", "vip"]}) == {"labels": ["vip", "urgent"]}
    assert calls.done("labels.remove", {"labels": ["vip", "never-there"]}) == {"labels": ["urgent"]}

    assert calls.conversation.labels == ["urgent"]
    assert calls.lines() == [
        "Bo Agent added vip with Customer orders",
        "Bo Agent added urgent with Customer orders",
        "Bo Agent removed vip with Customer orders",
    ]
    assert calls.log()[1] == {"method": "labels.add", "labels": ["urgent", "vip"]}


def test_the_status_is_set_and_a_snooze_ends(calls: AppCalls) -> None:
    until = clock.epoch(clock.now() + timedelta(hours=2))

    calls.done("status.set", {"status": "snoozed", "snoozed_until": until})
    assert clock.epoch(calls.conversation.snoozed_until) == until
    assert calls.done("status.set", {"status": "resolved"}) == {"status": "resolved", "snoozed_until": None}

    assert calls.conversation.status == "resolved"
    assert calls.lines()[-1] == "Conversation was marked resolved by Bo Agent with Customer orders"
    assert calls.log()[-1] == {"method": "status.set", "status": "resolved"}


def test_whoever_works_in_the_inbox_is_put_in_charge_or_nobody(calls: AppCalls, cast: Cast) -> None:
    calls.done("assign", {"agent": cast.ada.id})
    assert calls.conversation.assignee_id == cast.ada.id
    assert calls.refused("assign", {"agent": cast.cy.id}) == "invalid"
    assert calls.refused("assign", {"agent": cast.eve.id}) == "invalid"
    calls.done("assign", {"agent": None})

    assert calls.conversation.assignee_id is None
    assert calls.lines() == [
        "Assigned to Ada Admin by Bo Agent with Customer orders",
        "Conversation unassigned by Bo Agent with Customer orders",
    ]


def test_attributes_that_are_defined_are_set_in_their_kind(calls: AppCalls, cast: Cast) -> None:
    make_definition(cast.acme, "plan", kind="list", attribute_values=["gold", "free"])
    make_definition(cast.acme, "seats", kind="number")
    make_definition(cast.acme, "paid", kind="checkbox", model="conversation_attribute")
    calls.conversation.contact.custom_attributes = {"old": "stays", "plan": "free"}

    told = calls.done("attributes.set", {"of": "contact", "values": {"plan": "gold", "seats": 0}})
    calls.done("attributes.set", {"of": "conversation", "values": {"paid": True}})
    calls.done("attributes.set", {"of": "contact", "values": {"seats": None}})

    assert told == {"attributes": {"old": "stays", "plan": "gold", "seats": 0}}
    assert calls.conversation.contact.custom_attributes == {"old": "stays", "plan": "gold"}
    assert calls.conversation.custom_attributes == {"paid": True}
    assert calls.log()[0] == {"method": "attributes.set", "of": "contact", "fields": ["plan", "seats"]}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "many"),
        ("number", True),
        ("number", 10**12),
        ("list", "silver"),
        ("date", "tomorrow"),
        ("link", "javascript:alert(1)"),
        ("link", "data:text/html,x"),
        ("link", "//evil.example"),
        ("text", 7),
        ("text", True),
        ("text", "x" * 1501),
        ("checkbox", "on"),
        ("text", ["a"]),
        ("text", {"a": 1}),
    ],
)
def test_what_is_not_of_the_kind_is_refused(calls: AppCalls, cast: Cast, kind: str, value: Any) -> None:
    make_definition(cast.acme, "field", kind=kind, attribute_values=["gold"])

    assert calls.refused("attributes.set", {"of": "contact", "values": {"field": value}}) == "invalid"

    assert calls.conversation.contact.custom_attributes == {}
    assert calls.log() == []


@pytest.mark.parametrize("key", ["other", "name", "email", "__proto__", "constructor", "", "plan"])
def test_what_the_account_has_not_defined_is_not_set(calls: AppCalls, cast: Cast, key: str) -> None:
    make_definition(cast.acme, "plan", model="conversation_attribute")

    assert calls.refused("attributes.set", {"of": "contact", "values": {key: "x"}}) == "invalid"

    db.session.refresh(calls.conversation.contact)
    assert (calls.conversation.contact.name, calls.conversation.contact.custom_attributes) == (
        "Maria Silva",
        {},
    )


def test_one_bad_value_keeps_the_others_out(calls: AppCalls, cast: Cast) -> None:
    make_definition(cast.acme, "plan")

    code = calls.refused("attributes.set", {"of": "contact", "values": {"plan": "gold", "other": "x"}})

    assert (code, calls.conversation.contact.custom_attributes) == ("invalid", {})


def test_what_an_app_does_is_told_as_if_the_agent_did_it(
    calls: AppCalls, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, User | None]] = []

    def listen(event: Event) -> None:
        told.append((event.name, event.data["performer"]))

    make_definition(cast.acme, "plan")
    for name in (
        "conversation.updated",
        "conversation.status_changed",
        "assignee.changed",
        "contact.updated",
    ):
        monkeypatch.setitem(DURABLE, name, [listen])

    calls.done("labels.add", {"labels": ["vip"]})
    calls.done("status.set", {"status": "pending"})
    calls.done("assign", {"agent": cast.bo.id})
    calls.done("attributes.set", {"of": "contact", "values": {"plan": "gold"}})

    assert {name for name, _ in told} == {
        "conversation.updated",
        "conversation.status_changed",
        "assignee.changed",
        "contact.updated",
    }
    assert {performer.id for _, performer in told if performer} == {cast.bo.id}
    assert None not in [performer for _, performer in told]


def test_the_thread_names_the_app_in_the_language_of_the_reader(calls: AppCalls, page: Page) -> None:
    calls.done("labels.add", {"labels": ["vip"]})

    html = page.get(f"/accounts/{calls.cast.acme.id}/conversations/{calls.conversation.display_id}")

    line = html.select_one(".activity")
    assert line is not None
    assert line.get_text().startswith("Bo Agent added vip with Customer orders · ")


def test_a_state_is_kept_for_an_app_and_an_agent(calls: AppCalls, cast: Cast) -> None:
    other = make_app(cast.acme, title="Other", actions=["state.get"])
    for value in ({"form": {"refund": [1, 2.5, None, "é"]}}, 0, False, "", []):
        assert calls.done("state.set", {"value": value}) == {}
        assert calls.done("state.get") == {"value": value}

    other_path = calls.path_of(other)
    assert calls.send({"method": "state.get"}, path=other_path)["result"] == {"value": None}
    calls.sign_in(cast.cy)
    assert calls.send({"method": "state.get"})["result"] == {"value": None}

    calls.sign_in(cast.bo)
    calls.done("state.set", {"value": None})
    assert db.session.scalars(select(AppState)).all() == []


def test_a_state_goes_with_its_app(calls: AppCalls, cast: Cast) -> None:
    calls.done("state.set", {"value": 1})

    remove_app(calls.app, actor=cast.ada)

    assert db.session.scalars(select(AppState)).all() == []


def test_a_part_of_the_context_is_found_by_its_path(calls: AppCalls) -> None:
    make_message(calls.conversation, "Hello")

    def at(*path: Any) -> Any:
        return calls.done("context.get", {"path": list(path)})["value"]

    assert at("contact", "email") == SECRETS["email"]
    assert at("conversation", "messages", 0, "content") == "Hello"
    assert set(at()) >= {"conversation", "contact", "currentAgent", "theme"}
    for path in (["nothing"], ["contact", "__class__"], ["contact", 0], ["conversation", "messages", 7, "x"]):
        assert at(*path) is None
    assert calls.send({"method": "context.get"})["result"]["value"]["conversation"] == {}


def test_messages_are_listed_backwards_without_notes(calls: AppCalls) -> None:
    for number in range(7):
        make_message(calls.conversation, f"Message {number}")
        make_message(calls.conversation, "a secret", message_type="outgoing", private=True)

    last = calls.done("messages.list", {"limit": 3})
    before = calls.done("messages.list", {"limit": 3, "before": last["before"]})
    first = calls.done("messages.list", {"limit": 3, "before": before["before"]})

    assert [message["content"] for message in last["messages"]] == ["Message 4", "Message 5", "Message 6"]
    assert [message["content"] for message in before["messages"]] == ["Message 1", "Message 2", "Message 3"]
    assert ([message["content"] for message in first["messages"]], first["before"]) == (["Message 0"], None)


def test_notes_are_listed_for_an_app_that_may_see_them(calls: AppCalls, cast: Cast) -> None:
    make_message(calls.conversation, "a secret", message_type="outgoing", private=True)
    change_app(calls.app, scopes=list(SCOPES), actor=cast.ada)

    assert [each["content"] for each in calls.done("messages.list")["messages"]] == ["a secret"]


@pytest.mark.parametrize(
    ("scope", "gone"),
    [("contact.private", list(SECRETS.values())), ("agent.email", ["@example.com"]), ("messages", ["Hello"])],
)
def test_what_is_outside_the_scope_is_in_no_answer(
    calls: AppCalls, cast: Cast, scope: str, gone: list[str]
) -> None:
    calls.conversation.contact.email = "maria@elsewhere.test" if scope == "agent.email" else SECRETS["email"]
    make_message(calls.conversation, "Hello")
    make_message(calls.conversation, "Hello back", message_type="outgoing", sender_user_id=cast.bo.id)
    change_app(calls.app, scopes=[word for word in SCOPES if word not in {scope, "notes"}], actor=cast.ada)

    told = json.dumps([calls.ask("context.get"), calls.ask("messages.list")])

    assert not [word for word in gone if word in told]
    assert ("denied_scope" in told) == (scope == "messages")


# Who may.


def test_every_method_is_a_grant_of_its_name() -> None:
    assert set(METHODS) <= set(ACTIONS)


@pytest.mark.attack(8)
@EVERY_METHOD
def test_without_its_grant_nothing_is_done(calls: AppCalls, cast: Cast, method: str) -> None:
    change_app(calls.app, actions=[name for name in METHODS if name != method], actor=cast.ada)

    assert calls.refused(method, EXAMPLES[method]) == "denied_scope"

    assert (calls.conversation.labels, calls.conversation.status, calls.lines()) == ([], "open", [])


@pytest.mark.attack(8)
@pytest.mark.parametrize("method", [name for name in METHODS if not name.startswith("state.")])
def test_an_app_reaches_no_further_than_its_agent(calls: AppCalls, cast: Cast, method: str) -> None:
    make_definition(cast.acme, "plan")
    foreign = make_conversation(make_inbox(cast.other))
    calls.sign_in(cast.cy)

    assert calls.refused(method, EXAMPLES[method]) == "denied_user"
    assert calls.refused(method, EXAMPLES[method], conversation=4711) == "denied_user"

    for row in (calls.conversation, foreign):
        db.session.refresh(row)
        assert (row.labels, row.status) == ([], "open")
    assert (calls.conversation.contact.custom_attributes, calls.log()) == ({}, [])


def test_an_agent_who_leaves_the_inbox_takes_the_app_along(calls: AppCalls) -> None:
    calls.done("labels.add", {"labels": ["vip"]})

    db.session.delete(db.session.scalars(select(InboxMember)).one())

    assert calls.refused("labels.add", {"labels": ["late"]}) == "denied_user"


@pytest.mark.attack(8)
def test_another_conversation_in_the_params_is_not_looked_at(calls: AppCalls) -> None:
    other = make_conversation(calls.cast.inbox)

    assert calls.refused("labels.add", {"labels": ["vip"], "conversation": other.display_id}) == "invalid"

    assert (other.labels, calls.conversation.labels) == ([], [])


def test_what_changes_a_conversation_needs_one(calls: AppCalls) -> None:
    assert calls.refused("labels.add", {"labels": ["vip"]}, conversation=None) == "invalid"


@pytest.mark.attack(44)
@pytest.mark.parametrize("change", [{"state": "paused"}, {"visibility": {"roles": ["administrator"]}}])
def test_an_app_that_is_closed_to_the_agent_is_not_there(
    calls: AppCalls, cast: Cast, change: dict[str, Any]
) -> None:
    calls.done("state.set", {"value": 1})

    change_app(calls.app, actor=cast.ada, **change)

    assert calls.send({"method": "state.get"}, expect=404)["ok"] is False


def test_an_app_that_is_not_shown_in_a_conversation_does_nothing_there(calls: AppCalls, cast: Cast) -> None:
    condition = {"field": "conversation.status", "test": "one_of", "values": ["resolved"]}
    calls.app.conditions = [condition]

    assert calls.refused("labels.add", {"labels": ["vip"]}) == "denied_scope"
    assert calls.refused("context.get", conversation=None) == "denied_scope"


def test_a_deleted_app_and_one_of_another_account_do_not_exist(calls: AppCalls, cast: Cast) -> None:
    foreign = make_app(cast.other, actions=["state.get"])
    remove_app(calls.app, actor=cast.ada)

    for path in (calls.path, f"/accounts/{cast.acme.id}/apps/{foreign.id}/calls"):
        assert calls.send({"method": "state.get"}, expect=404, path=path)["ok"] is False
    foreign_path = f"/accounts/{cast.other.id}/apps/{foreign.id}/calls"
    assert calls.send({"method": "state.get"}, expect=404, path=foreign_path)["ok"] is False


def test_nobody_and_a_forged_request_are_turned_away(calls: AppCalls) -> None:
    forged = calls.page.client.post(calls.path, json={"method": "state.get"})
    assert (forged.status_code, forged.get_json()["ok"]) == (400, False)

    calls.page.sign_out()

    assert calls.send({"method": "state.get"}, expect=401)["error"]["code"] == "denied_user"


# What is sent.


@pytest.mark.parametrize(
    "name",
    ["__proto__", "constructor", "toString", "__class__", "", "labels", "LABELS.ADD", "x" * 10_000, "toast"],
)
def test_a_name_that_is_no_method_is_unsupported(calls: AppCalls, name: str) -> None:
    assert calls.refused(name) == "unsupported"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"labels.add"',
        b"\xff\xfe",
        b'{"method": NaN}',
        b"[" * 200 + b"]" * 200,
        b'{"method": 7}',
        b'{"method": "state.get", "params": []}',
        b'{"method": "state.get", "params": null}',
        b'{"method": "state.get", "conversation": "1"}',
        b'{"method": "state.get", "conversation": 0}',
        b'{"method": "state.get", "conversation": 99999999999999999999}',
        b'{"method": "state.get", "session": 7}',
        b'{"method": "state.get", "more": 1}',
        b'{"method": "state.get", "params": {"more": 1}}',
        b'{"method": "state.set", "params": {"value": 1e999}}',
        b'{"method": "state.set", "params": {"value": "\\u0000"}}',
        b'{"method": "state.set", "params": {"value": "\\ud800"}}',
        b'{"method": "state.set", "params": {"value": ' + b"[" * 13 + b"]" * 13 + b"}}",
        b'{"method": "state.set", "params": {"value": ' + b'{"a":' * 90 + b"1" + b"}" * 90 + b"}}",
        b'{"method": "state.set", "params": {}}',
    ],
)
def test_a_body_that_is_no_call_is_invalid(calls: AppCalls, body: bytes) -> None:
    assert calls.send(body)["error"]["code"] == "invalid"


@pytest.mark.parametrize("type_", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_only_json_is_read(calls: AppCalls, type_: str) -> None:
    headers = {"X-CSRFToken": calls.page.csrf_token(), "Content-Type": type_}

    told = calls.page.client.post(calls.path, data=b'{"method": "state.get"}', headers=headers).get_json()

    assert told["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("attributes.set", {"of": "account", "values": {"a": 1}}),
        ("attributes.set", {"of": "contact", "values": {}}),
        ("attributes.set", {"of": "contact", "values": []}),
        ("attributes.set", {"of": ["contact"], "values": {"a": 1}}),
        ("labels.add", {"labels": "urgent"}),
        ("labels.add", {"labels": []}),
        ("labels.add", {"labels": ["  "]}),
        ("labels.add", {"labels": ["x" * 256]}),
        ("labels.add", {"labels": [None]}),
        ("labels.add", {"labels": [f"label {number}" for number in range(21)]}),
        ("status.set", {"status": "closed"}),
        ("status.set", {"status": "snoozed", "snoozed_until": 1}),
        ("status.set", {"status": "open", "snoozed_until": 32_503_680_000}),
        ("status.set", {"status": "snoozed", "snoozed_until": 10**18}),
        ("status.set", {"status": "snoozed", "snoozed_until": 253_402_300_799}),
        ("assign", {}),
        ("assign", {"agent": "me"}),
        ("assign", {"agent": 0}),
        ("assign", {"agent": True}),
        ("assign", {"agent": 10**30}),
        ("context.get", {"path": "contact"}),
        ("context.get", {"path": [["contact"]]}),
        ("context.get", {"path": ["x"] * 13}),
        ("messages.list", {"limit": 0}),
        ("messages.list", {"limit": 51}),
        ("messages.list", {"limit": "all"}),
        ("messages.list", {"before": -1}),
    ],
)
def test_params_that_cannot_be_used_are_invalid(calls: AppCalls, method: str, params: Any) -> None:
    assert calls.refused(method, params) == "invalid"

    db.session.refresh(calls.conversation)
    assert (calls.conversation.labels, calls.conversation.status, calls.log()) == ([], "open", [])


def test_what_is_too_large_is_told_so(calls: AppCalls) -> None:
    largest = "x" * (65_536 - len('{"value":""}'))

    calls.done("state.set", {"value": largest})
    assert calls.refused("state.set", {"value": largest + "x"}) == "too_large"
    assert calls.send(b" " * (LARGEST_CALL + 1), expect=413)["error"]["code"] == "too_large"

    assert calls.done("state.get") == {"value": largest}


def test_an_answer_that_is_too_large_is_not_given(calls: AppCalls) -> None:
    for _ in range(3):
        make_message(calls.conversation, "x" * 100_000)

    assert calls.refused("context.get") == "too_large"
    assert calls.done("context.get", {"path": ["contact", "name"]})["value"] == "Maria Silva"


def test_an_app_that_asks_without_end_is_told_when_to_come_back(calls: AppCalls, cast: Cast) -> None:
    other = make_app(cast.acme, actions=["state.get"])
    for _ in range(MOST_CALLS):
        calls.ask("state.get")

    error = calls.ask("state.get")["error"]

    assert error["code"] == "rate_limited"
    assert 1 <= error["retry_after"] <= 60
    other_path = calls.path_of(other)
    assert calls.send({"method": "state.get"}, path=other_path)["ok"]
    calls.sign_in(cast.cy)
    assert calls.send({"method": "state.get"})["ok"]


# What it costs.


@pytest.mark.parametrize(
    ("method", "most"),
    [
        ("state.get", 4),
        ("state.set", 4),
        ("context.get", 5),
        ("messages.list", 5),
        ("labels.add", 12),
        ("status.set", 8),
    ],
)
def test_a_call_asks_little_of_the_database(calls: AppCalls, method: str, most: int) -> None:
    make_message(calls.conversation, "Hello")
    calls.ask("context.get")  # which the ledger notes once; that it was asked is counted each time

    with counted() as queries:
        assert calls.ask(method, EXAMPLES[method])["ok"]

    assert queries.number <= most, queries


def test_an_error_nobody_foresaw_is_internal_and_undoes_all(
    calls: AppCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_: Event) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(DURABLE, "conversation.updated", [break_down])

    told = calls.ask("labels.add", {"labels": ["vip"]})

    assert told["error"]["code"] == "internal"
    assert "secret" not in told["error"]["message"]
    db.session.refresh(calls.conversation)
    assert (calls.conversation.labels, calls.log()) == ([], [])


def test_two_apps_do_not_lose_each_others_labels(calls: AppCalls) -> None:
    stale = list(calls.conversation.labels)
    calls.done("labels.add", {"labels": ["one"]})

    told = calls.done("labels.add", {"labels": ["two"]})

    assert (stale, told) == ([], {"labels": ["one", "two"]})
