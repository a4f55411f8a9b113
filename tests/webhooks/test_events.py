"""Every event: who is told of it, with which body, and what nobody is told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import select

from dashboard import wiring
from dashboard.bots.models import AgentBot
from dashboard.channels.api.operations import trigger_widget
from dashboard.contacts.operations.people import change_contact
from dashboard.contacts.operations.people import create_contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.delivery import report_status
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.reading import mark_seen
from dashboard.conversations.operations.reading import tell_typing
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_priority
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import set_custom_attributes
from dashboard.conversations.operations.routing import set_labels
from dashboard.extensions import db
from dashboard.inboxes.operations import add_members
from dashboard.inboxes.operations import change_inbox
from dashboard.inboxes.operations import create_inbox
from dashboard.inboxes.operations import replace_secret
from dashboard.lib import clock
from dashboard.queue.worker import run_all
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.models import Notice
from dashboard.webhooks.operations import telling
from tests.support.apps import Jobs
from tests.support.bodies import assert_told_right
from tests.support.cast import Cast
from tests.support.factories import make_bot
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.factories import make_webhook
from tests.support.queries import counted
from tests.support.told import events
from tests.support.told import forget_told
from tests.support.told import told


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Zoe"))


@pytest.fixture
def hook(cast: Cast) -> Endpoint:
    """A webhook that subscribes to everything."""
    return make_webhook(cast.acme)


@pytest.fixture
def bot(cast: Cast) -> AgentBot:
    return make_bot(cast.acme, inbox=cast.inbox, outgoing_url="https://bot.example.com/")


def changed(body: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (change["previous_value"], change["current_value"])
        for each in body["changed_attributes"]
        for name, change in each.items()
    }


def test_everything_of_a_conversation_is_told_to_webhook_and_callback(cast: Cast, hook: Endpoint) -> None:
    cast.inbox.webhook_url = "https://bridge.example.com/"
    session = make_contact_inbox(make_contact(cast.acme), cast.inbox)
    conversation = open_conversation(session, actor=None)
    receive_message(conversation, content="Hello?")
    post_note(conversation, content="VIP", author=cast.bo)
    post_message(conversation, content="Hi", author=cast.bo)
    change_status(conversation, to="resolved", actor=cast.bo)

    expected = [
        "conversation_created",
        "message_created",
        "message_created",
        "message_created",
        "conversation_updated",
        "conversation_status_changed",
        "conversation_updated",
    ]
    assert events(hook) == events(cast.inbox) == expected
    assert [body["content"] for body in told(hook) if "content" in body] == ["Hello?", "VIP", "Hi"]
    assert db.session.scalar(select(func.count(Notice.id))) == len(expected)


def test_a_webhook_is_told_what_it_subscribes_to_of_every_inbox(
    cast: Cast, conversation: Conversation
) -> None:
    some = make_webhook(cast.acme, "message_created", "contact_created")
    elsewhere = make_conversation(make_inbox(cast.acme, name="Shop"))
    post_message(conversation, content="Hi", author=cast.bo)
    post_message(elsewhere, content="Hello", author=cast.bo)

    assert [(body["event"], body["inbox"]["name"]) for body in told(some)] == [
        ("message_created", "Website"),
        ("message_created", "Shop"),
    ]


def test_who_is_paused_or_a_stranger_is_not_told(cast: Cast, conversation: Conversation) -> None:
    paused, strange = make_webhook(cast.acme, paused_by="person"), make_webhook(cast.other)
    cast.inbox.webhook_url = ""
    other = make_inbox(cast.acme, name="Shop", webhook_url="https://shop.example.com/")
    post_message(conversation, content="Hi", author=cast.bo)
    create_contact(cast.acme, name="Kim", actor=cast.bo)

    assert told(paused) == told(strange) == told(other) == []
    assert db.session.scalar(select(func.count(Notice.id))) == 0


def test_of_contacts_and_inboxes_only_webhooks_hear(cast: Cast, hook: Endpoint, bot: AgentBot) -> None:
    cast.inbox.webhook_url = "https://bridge.example.com/"
    contact = create_contact(cast.acme, name="Kim", email="kim@example.com", actor=cast.bo)
    before = contact.updated_at
    change_contact(contact, changes={"name": "Kim Lee", "email": "kim@example.com"}, actor=cast.bo)
    change_inbox(cast.inbox, name="Shop", settings={"greeting_enabled": False}, actor=cast.ada)

    created, updated, inbox = told(hook)
    assert (created["event"], created["name"], created["account"]["name"]) == (
        "contact_created",
        "Kim",
        "Acme",
    )
    assert changed(updated) == {
        "name": ("Kim", "Kim Lee"),
        "updated_at": (clock.iso(before), clock.iso(contact.updated_at)),
    }
    assert (inbox["event"], inbox["name"]) == ("inbox_updated", "Shop")
    assert set(changed(inbox)) == {"name", "updated_at"}
    assert told(cast.inbox) == told(bot) == []


def test_a_new_inbox_is_told_without_its_secrets(cast: Cast, hook: Endpoint) -> None:
    inbox = create_inbox(cast.acme, name="Shop", webhook_url="https://shop.example.com/", actor=cast.ada)

    body = told(hook)[0]
    assert (body["event"], body["channel"]["webhook_url"]) == ("inbox_created", inbox.webhook_url)
    assert not any(secret in json.dumps(body) for secret in (inbox.secret, inbox.hmac_token))


def test_what_changes_nothing_that_others_may_know_is_not_told(
    cast: Cast, conversation: Conversation, hook: Endpoint
) -> None:
    contact = conversation.contact
    make_message(conversation)
    change_contact(contact, changes={"name": contact.name}, actor=cast.bo)
    change_inbox(cast.inbox, name=cast.inbox.name, actor=cast.ada)
    add_members(cast.inbox, user_ids=[cast.cy.id], actor=cast.ada)
    replace_secret(cast.inbox, actor=cast.ada)
    set_custom_attributes(conversation, attributes={}, actor=cast.bo)
    mark_seen(conversation, actor=cast.bo)

    assert told(hook) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda it, cast: change_priority(it, to="high", actor=cast.bo), {"priority": (None, "high")}),
        (lambda it, cast: set_labels(it, labels=["vip"], actor=cast.bo), {"label_list": ([], ["vip"])}),
        (
            lambda it, cast: set_custom_attributes(it, attributes={"plan": "gold"}, actor=cast.bo),
            {"custom_attributes": ({}, {"plan": "gold"})},
        ),
        (lambda it, cast: receive_message(it, content="Hm"), {"waiting_since": (None, ...)}),
        (
            lambda it, cast: post_message(it, content="Hm", author=cast.bo),
            {"first_reply_created_at": (None, ...)},
        ),
    ],
)
def test_what_has_changed_is_told_with_what_it_was(
    change: Any, expected: dict[str, Any], cast: Cast, conversation: Conversation, hook: Endpoint
) -> None:
    before = conversation.updated_at
    change(conversation, cast)

    update = changed(next(body for body in told(hook) if body["event"] == "conversation_updated"))
    assert update.pop("updated_at") == (clock.iso(before), clock.iso(conversation.updated_at))
    assert set(update) == set(expected)
    for name, (old, new) in expected.items():
        assert update[name][0] == old
        assert new is ... or update[name][1] == new


def test_with_the_status_its_companions_are_told(
    cast: Cast, conversation: Conversation, hook: Endpoint
) -> None:
    conversation.waiting_since = since = clock.now()
    later = clock.now() + timedelta(hours=1)
    change_status(conversation, to="snoozed", snoozed_until=later, actor=cast.bo)
    change_status(conversation, to="resolved", actor=cast.bo)

    first, second = (changed(body) for body in told(hook) if body["event"] == "conversation_updated")
    assert first["status"] == ("open", "snoozed")
    assert first["snoozed_until"] == (None, clock.iso(later))
    assert second["snoozed_until"] == (clock.iso(later), None)
    assert second["waiting_since"] == (clock.iso(since), None)


def test_what_was_said_last_is_what_the_customer_was_told_last(cast: Cast, hook: Endpoint) -> None:
    inbox = make_inbox(cast.acme, settings={"greeting_enabled": True, "greeting_message": "Welcome!"})
    conversation = make_conversation(inbox)
    receive_message(conversation, content="Hello?")
    post_note(conversation, content="VIP", author=cast.bo)

    said = [body for body in told(hook) if body["event"] == "message_created"]
    shown = [(body["content"], body["conversation"]["messages"][0]["content"]) for body in said]
    assert shown == [("Hello?", "Welcome!"), ("Welcome!", "Welcome!"), ("VIP", "Welcome!")]
    assert {body["conversation"]["unread_count"] for body in said} == {1}


def test_who_is_assigned_is_told(cast: Cast, conversation: Conversation, hook: Endpoint) -> None:
    assign_conversation(conversation, to=cast.bo, actor=cast.ada)

    body = told(hook)[0]
    assert changed(body)["assignee_id"] == (None, cast.bo.id)
    assert body["meta"]["assignee"]["name"] == "Bo Agent"


def test_a_bot_hears_what_it_can_answer_whatever_the_status(
    cast: Cast, conversation: Conversation, bot: AgentBot
) -> None:
    open_conversation(conversation.contact_inbox, actor=None)
    assert told(bot) == []

    receive_message(conversation, content="Hello?")
    post_note(conversation, content="VIP", author=cast.bo)
    report_status(post_message(conversation, content="Hi", author=cast.bo), status="read", actor=None)
    change_status(conversation, to="resolved", actor=cast.bo)
    forgotten = events(bot)
    forget_told()
    change_status(conversation, to="open", actor=cast.bo)

    assert forgotten == [
        "message_created",
        "conversation_updated",
        "message_created",
        "message_created",
        "conversation_updated",
        "message_updated",
        "conversation_resolved",
        "conversation_status_changed",
        "conversation_updated",
    ]
    assert events(bot) == ["conversation_opened", "conversation_status_changed", "conversation_updated"]


def test_a_bot_with_inbox_and_conversation_is_told_once_and_one_without_address_never(
    cast: Cast, conversation: Conversation, bot: AgentBot
) -> None:
    conversation.assignee_bot = bot
    silent = make_bot(cast.acme, name="Silent")
    elsewhere = make_conversation(make_inbox(cast.acme, name="Shop", agent_bot_id=silent.id))
    elsewhere.assignee_bot = other = make_bot(cast.acme, outgoing_url="https://other.example.com/")
    for each in (conversation, elsewhere):
        post_note(each, content="Hm", author=cast.bo)

    assert events(bot) == events(other) == ["message_created"]
    assert told(silent) == []


def test_a_bot_is_named_as_who_wrote_who_types_and_who_has_it(
    cast: Cast, conversation: Conversation, hook: Endpoint, bot: AgentBot, jobs: Jobs
) -> None:
    delete_message(post_message(conversation, content="Hi", author=bot), actor=cast.ada)
    tell_typing(conversation, is_typing=True, user=bot)
    assign_conversation(conversation, to=bot, actor=cast.ada)

    created, deleted, assigned = told(hook)
    face = {"id": bot.id, "name": bot.name, "type": "agent_bot"}
    assert created["sender"] == deleted["sender"] == face
    assert json.loads(jobs.waiting("webhooks.tell_once")[0].args["body"])["user"] == face
    assert changed(assigned)["assignee_agent_bot_id"] == (None, bot.id)
    assert assigned["meta"]["assignee_type"] == "AgentBot"


def test_typing_goes_to_webhooks_and_callback_at_once_and_leaves_no_row(
    cast: Cast, conversation: Conversation, hook: Endpoint, bot: AgentBot, jobs: Jobs
) -> None:
    tell_typing(conversation, is_typing=True, is_private=True, user=cast.bo)
    cast.inbox.webhook_url = "https://bridge.example.com/"
    tell_typing(conversation, is_typing=False, user=None)

    on, off = (job.args for job in jobs.waiting("webhooks.tell_once"))
    callback = db.session.scalars(select(Endpoint).where(Endpoint.inbox_id == cast.inbox.id)).one()
    assert (on["endpoint_ids"], off["endpoint_ids"]) == ([hook.id], [hook.id, callback.id])
    for each in (on, off):
        assert_told_right(json.loads(each["body"]))
    typed = json.loads(on["body"])
    assert (typed["event"], typed["user"]["name"], typed["is_private"]) == (
        "conversation_typing_on",
        "Bo Agent",
        True,
    )
    assert json.loads(off["body"])["user"]["name"] == "Zoe"
    assert db.session.scalar(select(func.count(Delivery.id))) == 0


def test_what_happens_in_the_customers_program_is_told(
    cast: Cast, conversation: Conversation, hook: Endpoint, bot: AgentBot
) -> None:
    cast.inbox.webhook_url = "https://bridge.example.com/"
    session = conversation.contact_inbox
    trigger_widget(session, conversation=None, name="opened", event_info={})
    trigger_widget(session, conversation=conversation, name="cart", event_info={"page": "/cart"})

    for to in (hook, cast.inbox, bot):
        first, second = told(to)
        assert first["current_conversation"] is None
        assert second["event_info"] == {"name": "cart", "page": "/cart"}
        assert second["current_conversation"]["id"] == conversation.display_id


def test_a_mistake_in_telling_loses_neither_the_message_nor_the_event(
    cast: Cast, conversation: Conversation, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(telling, "conversation_face", lambda *_: {}["gone"])
        message = post_message(conversation, content="Hi", author=cast.bo)
        create_contact(cast.acme, name="Kim", actor=cast.bo)
    assert db.session.get_one(Message, message.id).content == "Hi"
    assert events(hook) == ["contact_created"]

    assert run_all(wiring.JOBS) == []

    assert events(hook) == ["contact_created", "message_created", "conversation_updated"]
    assert set(changed(told(hook)[2])) == {"first_reply_created_at"}


def test_telling_many_costs_no_more_questions_than_telling_one(
    cast: Cast, conversation: Conversation
) -> None:
    def questions() -> int:
        db.session.expire_all()
        with counted() as asked:
            post_message(conversation, content="Hi", author=cast.bo)
        return asked.number

    some = [make_webhook(cast.acme, paused_by="person") for _ in range(5)]
    questions()  # the first answer is told of, and who is online is read, only once
    nobody = questions()
    some[0].paused_by = ""
    questions()
    one = questions()
    for each in some:
        each.paused_by = ""

    assert questions() == one
    assert one - nobody <= 7
