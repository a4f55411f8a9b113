"""What an app in a frame is told, for Chatwoot's and Ndoto's readers alike: see docs/app-developers.md."""

from collections.abc import Collection
from collections.abc import Iterable
from typing import Any

from dashboard.accounts.models import User
from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.schemas.projection import projected
from dashboard.attributes.queries import Definition
from dashboard.attributes.serializers import definition_json
from dashboard.contacts.serializers import contact_json
from dashboard.conversations.models import Message
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.serializers import conversation_json
from dashboard.conversations.serializers import message_json
from dashboard.conversations.serializers import message_push

CONTEXT_MESSAGES = 20


def app_context(
    summary: Summary,
    messages: list[Message],
    *,
    agent: User,
    theme: str,
    definitions: Iterable[Definition] = (),
    scopes: Collection[str] = USUAL_SCOPES,
) -> dict[str, Any]:
    """The `data` of an appContext: the conversation, its contact, who looks at it, and what the account's
    custom attributes are, cut to what the app may see.

    `messages` are the last of the thread, oldest first, with private notes among them, whoever loaded them.
    """
    heard = [message for message in messages if ("notes" if message.private else "messages") in scopes]
    heard = heard[-CONTEXT_MESSAGES:]
    said = [message for message in heard if not message.is_activity and not message.private]
    conversation = summary.conversation
    contact = contact_json(conversation.contact)
    face = {
        **conversation_json(summary),
        "messages": [message_json(message, conversation) for message in heard],
        "last_non_activity_message": (
            message_push(said[-1], conversation, summary.unread_count) if said else None
        ),
        "contact": contact,
        "allMessagesLoaded": len(messages) < CONTEXT_MESSAGES,
        "dataFetched": True,
    }
    data = {**_frame_of(agent, theme, definitions), "conversation": face, "contact": contact}
    return projected(data, scopes)


def empty_context(
    *,
    agent: User,
    theme: str,
    definitions: Iterable[Definition] = (),
    scopes: Collection[str] = USUAL_SCOPES,
) -> dict[str, Any]:
    """The `data` where no conversation is open."""
    data = {**_frame_of(agent, theme, definitions), "conversation": {}, "contact": {}}
    return projected(data, scopes)


def _frame_of(agent: User, theme: str, definitions: Iterable[Definition]) -> dict[str, Any]:
    return {
        "currentAgent": {"id": agent.id, "name": agent.name, "email": agent.email},
        "customAttributes": [definition_json(each) for each in definitions],
        "theme": theme,
        "meta": {"v": 1},
    }
