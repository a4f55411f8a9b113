"""What sockets hear of what has happened: events become texts, texts go to rooms, by upstream's rules."""

import json
from collections.abc import Iterable
from typing import Any

from dashboard.accounts.models import User
from dashboard.bots.serializers import actor_push
from dashboard.contacts.serializers import contact_push
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.payloads import conversation_event
from dashboard.conversations.payloads import own_conversation_event
from dashboard.conversations.queries.recent import recent_at_end
from dashboard.conversations.queries.recent import unread_at_end
from dashboard.conversations.serializers import message_push
from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.bus.topics import ACCESS
from dashboard.realtime.bus.topics import DELIVERIES
from dashboard.realtime.bus.topics import JOBS
from dashboard.realtime.bus.topics import ROOMS
from dashboard.realtime.presence import presence
from dashboard.realtime.rooms import account_room
from dashboard.realtime.rooms import contact_rooms
from dashboard.realtime.rooms import desk_rooms
from dashboard.realtime.rooms import everything_of_contact
from dashboard.realtime.rooms import pages_room
from dashboard.realtime.rooms import person_room
from dashboard.realtime.rooms import session_room
from dashboard.realtime.rooms import visitors_room
from dashboard.transactions import Event

Delivery = tuple[str, list[str], list[str]]  # what, to which rooms, but not to those who are also in these

# Rebuilt from what is there now: who did it is not told, as upstream does.
_WITHOUT_PERFORMER = {
    "conversation.read",
    "conversation.updated",
    "conversation.status_changed",
    "assignee.changed",
}
_FOR_CONTACTS_TOO = {"conversation.created", "conversation.updated", "conversation.status_changed"}


def push_message(event: Event) -> None:
    """A message: to the desk, and to the contact if it is one for the contact."""
    if not bus.is_heard(ROOMS):
        return
    message: Message = event.data["message"]
    conversation: Conversation = event.data["conversation"]
    data = _marked(message_push(message, conversation, unread_at_end(conversation)), conversation)
    if "previous_changes" in event.data:
        data["previous_changes"] = event.data["previous_changes"]
    rooms = desk_rooms(conversation.account_id, conversation.inbox_id)
    if event.name != "first.reply.created" and not message.private and not message.is_activity:
        rooms += contact_rooms(conversation)
    _publish([(_text(event, conversation.account_id, data), rooms, [])])


def push_conversation(event: Event) -> None:
    """A conversation: to the desk, and most of what happens to the contact, who also learns its own token."""
    if not bus.is_heard(ROOMS):
        return
    conversation: Conversation = event.data["conversation"]
    account_id = conversation.account_id
    desk = desk_rooms(account_id, conversation.inbox_id)
    data = _marked(conversation_event(conversation, recent_at_end(conversation)), conversation)
    text = _text(event, account_id, data)
    if event.name not in _FOR_CONTACTS_TOO:
        _publish([(text, desk, [])])
        return
    own, *others = contact_rooms(conversation)
    own_text = _text(event, account_id, own_conversation_event(conversation, data))
    _publish([(text, [*desk, *others], [own]), (own_text, [own], [])])


def push_typing(event: Event) -> None:
    """Somebody types: told to everybody in the conversation but to whoever it is. What will be a note is no
    business of the contact's."""
    if not bus.is_heard(ROOMS):
        return
    conversation: Conversation = event.data["conversation"]
    user, is_private = event.data["user"], event.data["is_private"]
    rooms = desk_rooms(conversation.account_id, conversation.inbox_id)
    but = [person_room(user.id)] if isinstance(user, User) else []
    if user is None:
        but = [session_room(conversation.contact_inbox_id)]
    if user and not is_private:
        rooms.append(session_room(conversation.contact_inbox_id))
    data = {
        "conversation": conversation_event(conversation, recent_at_end(conversation)),
        "user": actor_push(user, conversation.account_id) if user else contact_push(conversation.contact),
        "is_private": is_private,
    }
    _publish([(_text(event, conversation.account_id, data), rooms, but)])


def push_contact(event: Event) -> None:
    """A contact: to everybody in the account."""
    if not bus.is_heard(ROOMS):
        return
    contact = event.data["contact"]
    text = _text(event, contact.account_id, contact_push(contact))
    _publish([(text, [account_room(contact.account_id)], [])])


def push_apps(event: Event) -> None:
    """The apps of an account, or who sees them: our own pages ask what they may show now."""
    changed = next(event.data[name] for name in ("app", "inbox", "membership") if name in event.data)
    account_id = changed.account_id
    text = json.dumps({"event": "apps.changed", "data": {"account_id": account_id}}, separators=(",", ":"))
    _publish([(text, [pages_room(account_id)], [])])


def push_bots(event: Event) -> None:
    """The bots of an account: our own pages show who has a conversation, and who no longer."""
    account_id = event.data["bot"].account_id
    text = json.dumps({"event": "bots.changed", "data": {"account_id": account_id}}, separators=(",", ":"))
    _publish([(text, [pages_room(account_id)], [])])


def look_at_person(event: Event) -> None:
    """Whatever somebody may do has changed: the sockets must show again that they may be where they are."""
    _look_again([event.data["user_id"]])


def look_at_agent(event: Event) -> None:
    """Somebody has another role, or another availability."""
    membership = event.data["membership"]
    presence.change_settings(membership.account_id)
    _look_again([membership.user_id])


def look_at_removed(event: Event) -> None:
    presence.change_settings(event.data["account_id"])
    _look_again([event.data["user"].id])


def look_at_members(event: Event) -> None:
    """Some work in an inbox now, or not any more."""
    _look_again(event.data["user_ids"])


def look_at_contact(event: Event) -> None:
    _look_again_in([everything_of_contact(event.data["contact"].id)])


def look_at_merged(event: Event) -> None:
    """Sessions of one contact are another's now."""
    _look_again_in([everything_of_contact(event.data["mergee_id"])])


def look_at_session(event: Event) -> None:
    """Who the contact is has been proved: it may hear of its other sessions."""
    _look_again_in([session_room(event.data["session"].id)])


def look_at_visitors(event: Event) -> None:
    """An inbox is closed to those who write to it."""
    _look_again_in([visitors_room(event.data["inbox"].id)])


def wake_worker(_: Event) -> None:
    """A job is due now."""
    bus.publish(JOBS, {})


def wake_sender(_: Event) -> None:
    """Somebody is to be told of something now."""
    bus.publish(DELIVERIES, {})


def _marked(data: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    """Says that a bot answers, where one does: pages then call nobody."""
    return {**data, "is_with_bot": True} if conversation.is_with_bot else data


def _text(event: Event, account_id: int, data: dict[str, Any]) -> str:
    face = {**data, "account_id": account_id}
    performer = event.data.get("performer")
    if performer is not None and event.name not in _WITHOUT_PERFORMER:
        face["performer"] = actor_push(performer, account_id)
    return json.dumps({"event": event.name, "data": face}, separators=(",", ":"), default=str)


def _look_again(user_ids: Iterable[int]) -> None:
    _look_again_in([person_room(user_id) for user_id in user_ids])


def _look_again_in(rooms: list[str]) -> None:
    if rooms:
        bus.publish(ACCESS, {"rooms": rooms})


def _publish(deliveries: Iterable[Delivery]) -> None:
    bus.publish(ROOMS, {"deliveries": list(deliveries)})
