"""What an app in a frame is told, for Chatwoot's and Ndoto's readers alike: see docs/app-developers.md."""

from collections.abc import Collection
from collections.abc import Iterable
from typing import Any

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.projection import projected
from dashboard.attributes.queries import Definition
from dashboard.attributes.queries import definitions_of
from dashboard.attributes.serializers import definition_json
from dashboard.contacts.serializers import contact_json
from dashboard.conversations.models import Message
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.serializers import conversation_json
from dashboard.conversations.serializers import message_json
from dashboard.conversations.serializers import message_push

CONTEXT_MESSAGES = 20
MESSAGES_READ = 30  # as on the page of the conversation: activity lines and notes are among them


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


def whole_context(summary: Summary, *, agent: User) -> dict[str, Any]:
    """The `data` of a conversation as an app with every scope would be told it."""
    messages = messages_of(summary.conversation, limit=MESSAGES_READ)
    return app_context(summary, messages, agent=agent, theme="light", scopes=SCOPES)


def context_for(
    app: DashboardApp, summary: Summary | None, *, account: Account, agent: User
) -> dict[str, Any]:
    """The `data` that this app is told of a conversation, or where none is open."""
    known: dict[str, Any] = {
        "agent": agent,
        "theme": "dark"
        if agent.theme == "dark"
        else "light",  # the page knows better, where the system decides
        "definitions": definitions_of(account),
        "scopes": app.scopes,
    }
    if summary is None:
        return empty_context(**known)
    return app_context(summary, messages_of(summary.conversation, limit=MESSAGES_READ), **known)


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
