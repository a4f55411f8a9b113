"""What happens to conversations: opened, written to, received, routed, seen, deleted."""

from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import select

from dashboard import transactions
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.models import Message
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.reading import mark_seen
from dashboard.conversations.operations.reading import mark_unread
from dashboard.conversations.operations.reading import tell_typing
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_priority
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import delete_conversation
from dashboard.conversations.operations.routing import mute
from dashboard.conversations.operations.routing import set_custom_attributes
from dashboard.conversations.operations.routing import set_labels
from dashboard.conversations.operations.routing import unmute
from dashboard.conversations.operations.routing import wake
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.messages import unread_count_of
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_message

pytestmark = pytest.mark.database


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox)


@pytest.fixture
def heard(cast: Cast) -> Iterator[list[transactions.Event]]:
    """Every event that is told after a commit."""
    events: list[transactions.Event] = []
    names = [
        "conversation.created",
        "conversation.updated",
        "conversation.status_changed",
        "conversation.deleted",
        "assignee.changed",
        "message.created",
        "message.updated",
        "first.reply.created",
        "contact.updated",
        "conversation.read",
        "conversation.typing_on",
        "conversation.typing_off",
    ]
    before = dict(transactions.LIVE)
    transactions.LIVE.update({name: [*before.get(name, []), events.append] for name in names})
    yield events
    transactions.LIVE.clear()
    transactions.LIVE.update(before)


def lines(conversation: Conversation) -> list[str]:
    return [message.content for message in messages_of(conversation) if message.is_activity]


def names(heard: list[transactions.Event]) -> list[str]:
    return [event.name for event in heard]


# Opening


def test_a_conversation_gets_the_next_number_of_its_account(cast: Cast) -> None:
    session = make_contact_inbox(make_contact(cast.acme), cast.inbox)

    first = open_conversation(session, actor=cast.ada)
    second = open_conversation(session, actor=cast.ada)

    assert (first.display_id, second.display_id) == (1, 2)
    assert first.uuid != second.uuid
    assert cast.acme.last_display_id == 2


def test_an_inbox_of_single_conversations_goes_on_with_the_last(cast: Cast) -> None:
    cast.inbox.lock_to_single_conversation = True
    session = make_contact_inbox(make_contact(cast.acme), cast.inbox)

    first = open_conversation(session, actor=cast.ada)

    assert open_conversation(session, actor=cast.ada) is first


def test_what_a_blocked_contact_opens_is_resolved(cast: Cast) -> None:
    session = make_contact_inbox(make_contact(cast.acme, blocked=True), cast.inbox)

    assert open_conversation(session, actor=cast.ada).status == "resolved"


def test_an_unknown_status_opens_nothing(cast: Cast) -> None:
    session = make_contact_inbox(make_contact(cast.acme), cast.inbox)

    with pytest.raises(Invalid):
        open_conversation(session, status="gone", actor=cast.ada)

    assert cast.acme.last_display_id == 0


# Writing


def test_the_first_answer_is_noted_and_ends_the_waiting(
    cast: Cast, conversation: Conversation, heard: list[transactions.Event]
) -> None:
    receive_message(conversation, content="Hello?")
    assert conversation.waiting_since is not None

    first = post_message(conversation, content="Hi", author=cast.bo)
    post_message(conversation, content="Still there?", author=cast.bo)

    assert conversation.waiting_since is None
    assert conversation.first_reply_created_at == first.created_at
    assert names(heard).count("first.reply.created") == 1
    assert (first.message_type, first.private, first.sender_user) == ("outgoing", False, cast.bo)


def test_a_note_is_no_answer(cast: Cast, conversation: Conversation) -> None:
    receive_message(conversation, content="Hello?")

    note = post_note(conversation, content="Who is that?", author=cast.bo)

    assert note.private
    assert conversation.waiting_since is not None
    assert conversation.first_reply_created_at is None


@pytest.mark.parametrize(("before", "line"), [("resolved", True), ("snoozed", False)])
def test_a_contact_who_writes_opens_what_was_put_away(
    cast: Cast, conversation: Conversation, before: str, line: bool
) -> None:
    change_status(conversation, to=before, actor=cast.bo)

    receive_message(conversation, content="One more thing")

    assert conversation.status == "open"
    reopened = "System reopened the conversation due to a new incoming message."
    assert (reopened in lines(conversation)) == line
    assert conversation.contact.last_activity_at == conversation.last_activity_at


def test_a_blocked_contact_opens_nothing(cast: Cast, conversation: Conversation) -> None:
    mute(conversation, actor=cast.bo)

    receive_message(conversation, content="Let me in")

    assert conversation.status == "resolved"


@pytest.mark.parametrize(
    "bad",
    [
        {"content": "x" * 150_001},
        {"content": "nul \x00"},
        {"content": "x", "content_type": "hologram"},
        {"content": "x", "content_type": "input_select"},
        {"content": "x", "content_type": "cards", "content_attributes": {"items": []}},
        {"content": "x", "content_type": "article", "content_attributes": {"items": [{"evil": 1}]}},
        {"content": "x", "content_type": "cards", "content_attributes": {"items": [{"title": "t"}]}},
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(
    cast: Cast, conversation: Conversation, bad: dict[str, Any]
) -> None:
    for write in (post_message, post_note):
        with pytest.raises(Invalid):
            write(conversation, author=cast.bo, **bad)
    with pytest.raises(Invalid):
        receive_message(conversation, **bad)

    assert messages_of(conversation) == []


def test_a_deleted_message_keeps_its_place(cast: Cast, conversation: Conversation) -> None:
    message = post_message(conversation, content="Oops", author=cast.bo)

    delete_message(message, actor=cast.bo)

    assert message.is_deleted
    assert message.content == "This message was deleted"


# Routing


def test_a_status_that_changes_is_told_and_written_down(
    cast: Cast, conversation: Conversation, heard: list[transactions.Event]
) -> None:
    change_status(conversation, to="resolved", actor=cast.bo)
    change_status(conversation, to="resolved", actor=cast.bo)
    change_status(conversation, to="pending", actor=cast.bo)
    change_status(conversation, to="open", actor=cast.bo)
    change_status(conversation, to="snoozed", actor=cast.bo)

    assert lines(conversation) == [
        "Conversation was marked resolved by Bo Agent",
        "Conversation was marked as pending by Bo Agent",
        "Conversation was reopened by Bo Agent",
        "Conversation was snoozed by Bo Agent",
    ]
    changed = [event for event in heard if event.name == "conversation.updated"]
    assert [event.data["changed_attributes"]["status"] for event in changed] == [
        ["open", "resolved"],
        ["resolved", "pending"],
        ["pending", "open"],
        ["open", "snoozed"],
    ]


def test_a_snooze_is_ended_by_a_job(cast: Cast, conversation: Conversation, jobs: Jobs) -> None:
    change_status(conversation, to="snoozed", snoozed_until=clock.now() + timedelta(hours=1), actor=cast.bo)
    jobs.run_all()
    assert conversation.status == "snoozed"

    clock.shift(timedelta(hours=2))
    jobs.run_all()

    db.session.refresh(conversation)
    assert (conversation.status, conversation.snoozed_until) == ("open", None)
    assert lines(conversation)[-1].startswith("The snooze is over")


def test_a_snooze_that_was_moved_ends_when_it_says_now(
    cast: Cast, conversation: Conversation, jobs: Jobs
) -> None:
    for hours in (1, 5):
        until = clock.now() + timedelta(hours=hours)
        change_status(conversation, to="snoozed", snoozed_until=until, actor=cast.bo)
    assert len(jobs.waiting("conversations.wake")) == 1

    clock.shift(timedelta(hours=2))
    jobs.run_all()
    assert conversation.status == "snoozed"

    change_status(conversation, to="open", actor=cast.bo)
    assert jobs.waiting("conversations.wake") == []


def test_a_snooze_that_gets_another_end_is_told(
    cast: Cast, conversation: Conversation, heard: list[transactions.Event]
) -> None:
    change_status(conversation, to="snoozed", actor=cast.bo)
    until = clock.now() + timedelta(hours=1)
    change_status(conversation, to="snoozed", snoozed_until=until, actor=cast.bo)
    change_status(conversation, to="snoozed", snoozed_until=until, actor=cast.bo)

    told = [event.data["changed_attributes"] for event in heard if event.name == "conversation.updated"]
    assert told == [{"status": ["open", "snoozed"]}, {"snoozed_until": [None, until]}]


def test_a_snooze_cannot_end_in_the_past(cast: Cast, conversation: Conversation) -> None:
    with pytest.raises(Invalid):
        change_status(conversation, to="snoozed", snoozed_until=clock.now(), actor=cast.bo)

    assert conversation.status == "open"


def test_what_was_opened_meanwhile_is_not_woken(cast: Cast, conversation: Conversation) -> None:
    wake(conversation)

    assert lines(conversation) == []


def test_the_priority_is_said_in_words(cast: Cast, conversation: Conversation) -> None:
    for to in ("high", "high", "low", None):
        change_priority(conversation, to=to, actor=cast.bo)
    with pytest.raises(Invalid):
        change_priority(conversation, to="extreme", actor=cast.bo)

    assert lines(conversation) == [
        "Bo Agent set the priority to high",
        "Bo Agent changed the priority from high to low",
        "Bo Agent removed the priority",
    ]


def test_who_is_in_charge_is_told(
    cast: Cast, conversation: Conversation, heard: list[transactions.Event]
) -> None:
    for to in (cast.bo, cast.bo, cast.ada, None):
        assign_conversation(conversation, to=to, actor=cast.bo)

    assert lines(conversation) == [
        "Bo Agent self-assigned this conversation",
        "Assigned to Ada Admin by Bo Agent",
        "Conversation unassigned by Bo Agent",
    ]
    assert names(heard).count("assignee.changed") == 3


def test_labels_are_replaced_and_can_be_found_by(cast: Cast, conversation: Conversation) -> None:
    set_labels(conversation, labels=["vip", " delivery ", "vip"], actor=cast.bo)
    set_labels(conversation, labels=["delivery", "vip"], actor=cast.bo)
    set_labels(conversation, labels=["vip", "returns"], actor=cast.bo)

    assert conversation.labels == ["vip", "returns"]
    titles = db.session.scalars(select(ConversationLabel.title).order_by(ConversationLabel.title))
    assert list(titles) == ["returns", "vip"]
    assert lines(conversation) == [
        "Bo Agent added vip, delivery",
        "Bo Agent added returns",
        "Bo Agent removed delivery",
    ]


@pytest.mark.parametrize("label", ["", "  ", "x" * 256])
def test_a_label_without_a_name_is_refused(cast: Cast, conversation: Conversation, label: str) -> None:
    with pytest.raises(Invalid):
        set_labels(conversation, labels=[label], actor=cast.bo)


def test_muting_blocks_and_resolves_and_unmuting_only_unblocks(
    cast: Cast, conversation: Conversation
) -> None:
    mute(conversation, actor=cast.bo)
    assert conversation.contact.blocked
    unmute(conversation, actor=cast.bo)

    assert not conversation.contact.blocked
    assert conversation.status == "resolved"
    assert lines(conversation)[-2:] == [
        "Bo Agent has muted the conversation",
        "Bo Agent has unmuted the conversation",
    ]


def test_custom_attributes_are_replaced_within_limits(cast: Cast, conversation: Conversation) -> None:
    set_custom_attributes(conversation, attributes={"order": "1", "paid": True}, actor=cast.bo)
    for bad in ({"a": "x" * 1501}, {"a": 10**10}, {"a": -(10**10)}):
        with pytest.raises(Invalid):
            set_custom_attributes(conversation, attributes=bad, actor=cast.bo)

    assert conversation.custom_attributes == {"order": "1", "paid": True}


def test_a_deleted_conversation_leaves_nothing(
    cast: Cast, conversation: Conversation, jobs: Jobs, heard: list[transactions.Event]
) -> None:
    until = clock.now() + timedelta(hours=1)
    change_status(conversation, to="snoozed", snoozed_until=until, actor=cast.bo)
    set_labels(conversation, labels=["vip"], actor=cast.bo)

    delete_conversation(conversation, actor=cast.ada)

    for model in (Conversation, Message, ConversationLabel):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert jobs.waiting("conversations.wake") == []
    assert names(heard)[-1] == "conversation.deleted"


# Seeing


def test_unread_messages_are_seen_at_once(cast: Cast, conversation: Conversation) -> None:
    assign_conversation(conversation, to=cast.bo, actor=cast.bo)
    make_message(conversation)

    mark_seen(conversation, actor=cast.ada)
    assert unread_count_of(conversation) == 0
    assert conversation.assignee_last_seen_at is None
    make_message(conversation)
    mark_seen(conversation, actor=cast.bo)

    assert conversation.assignee_last_seen_at == conversation.agent_last_seen_at


def test_looking_again_is_noted_once_an_hour(cast: Cast, conversation: Conversation) -> None:
    mark_seen(conversation, actor=cast.bo)
    first = conversation.agent_last_seen_at
    clock.shift(timedelta(minutes=50))
    mark_seen(conversation, actor=cast.bo)
    assert conversation.agent_last_seen_at == first

    clock.shift(timedelta(minutes=70))
    mark_seen(conversation, actor=cast.bo)

    assert first is not None
    assert conversation.agent_last_seen_at is not None
    assert conversation.agent_last_seen_at > first


def test_unread_again_is_the_last_thing_the_contact_wrote(cast: Cast, conversation: Conversation) -> None:
    make_message(conversation, created_at=clock.now() - timedelta(hours=2))
    make_message(conversation)
    mark_seen(conversation, actor=cast.bo)

    mark_unread(conversation)

    assert unread_count_of(conversation) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda conversation, bo: change_status(conversation, to="resolved", actor=bo),
        lambda conversation, bo: post_message(conversation, content="Hi", author=bo),
        lambda conversation, bo: set_labels(conversation, labels=["a"], actor=bo),
    ],
)
def test_a_change_that_fails_leaves_nothing(
    cast: Cast, conversation: Conversation, change: Callable[[Conversation, Any], object]
) -> None:
    number = conversation.id
    with pytest.raises(RuntimeError), transactions.transaction():
        change(conversation, cast.bo)
        raise RuntimeError

    kept = db.session.get_one(Conversation, number)
    assert (kept.status, kept.labels, messages_of(kept)) == ("open", [], [])


def test_who_types_is_told_and_not_kept(
    cast: Cast, conversation: Conversation, heard: list[transactions.Event]
) -> None:
    tell_typing(conversation, is_typing=True, is_private=True, user=cast.bo)
    tell_typing(conversation, is_typing=False, user=None)

    assert [(event.name, event.data["user"], event.data["is_private"]) for event in heard] == [
        ("conversation.typing_on", cast.bo, True),
        ("conversation.typing_off", None, False),
    ]


def test_a_deleted_message_is_told_with_what_it_was(
    cast: Cast, conversation: Conversation, heard: list[transactions.Event]
) -> None:
    message = post_message(conversation, content="Oops", author=cast.bo)

    delete_message(message, actor=cast.bo)

    event = heard[-1]
    assert (event.name, event.data["performer"]) == ("message.updated", cast.bo)
    assert event.data["previous_changes"]["content"] == ["Oops", "This message was deleted"]
