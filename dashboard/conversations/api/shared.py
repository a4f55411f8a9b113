"""What the doors of conversations have in common."""

from collections.abc import Sequence
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.models import Membership
from dashboard.accounts.queries import member_of
from dashboard.bots.models import Actor
from dashboard.bots.models import AgentBot
from dashboard.bots.queries import bot_of
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import Upload
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.queries.summaries import summary_of
from dashboard.conversations.serializers import conversation_json
from dashboard.http.current import current_account
from dashboard.http.current import current_actor
from dashboard.http.current import current_viewer
from dashboard.lib.errors import NotFound


def shown(display_id: int) -> ResponseReturnValue:
    """The conversation as it is now."""
    return jsonify(conversation_json(summary_of(current_viewer(), display_id)))


def written(
    conversation: Conversation,
    given: dict[str, Any],
    *,
    attachments: Sequence[Upload] = (),
    sent_as: str | None = None,
) -> Message:
    """The message that was sent, written by who sent it or by the bot that they name; or by the contact where
    it came in."""
    fields: dict[str, Any] = {
        "content": given.get("content") or "",
        "content_type": given.get("content_type") or "text",
        "content_attributes": given.get("content_attributes"),
        "source_id": given.get("source_id"),
        "attachments": attachments,
        "sent_as": sent_as,
    }
    if given.get("message_type") == "incoming":
        return receive_message(conversation, **fields)
    author = author_of(given)
    if given.get("private"):
        return post_note(conversation, author=author, **fields)
    kind = given.get("message_type") or "outgoing"
    return post_message(conversation, author=author, message_type=kind, **fields)


def author_of(given: dict[str, Any]) -> Actor:
    """Who asks; a person may speak as a bot of the account. One that is not there is as good as none."""
    asks = current_actor()
    if isinstance(asks, AgentBot) or given.get("sender_type") != "AgentBot":
        return asks
    return bot_if_any(given.get("sender_id")) or asks


def bot_if_any(bot_id: int | None) -> AgentBot | None:
    """The bot of that number; None where it is none's in this account."""
    try:
        return bot_of(current_account().id, bot_id) if bot_id else None
    except NotFound:
        return None


def member_if_any(user_id: int | None) -> Membership | None:
    """The person of that number; None where it is no one's in this account."""
    try:
        return member_of(current_account().id, user_id) if user_id else None
    except NotFound:
        return None
