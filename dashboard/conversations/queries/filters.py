"""Conversations by the conditions of a filter, as the API takes them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import String
from sqlalchemy import cast
from sqlalchemy import select

from dashboard.accounts.models import Membership
from dashboard.attributes.queries import Definition
from dashboard.attributes.queries import attribute_keys
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import STATUSES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.queries.lists import Counts
from dashboard.conversations.queries.lists import conversations_page
from dashboard.conversations.queries.lists import counts_in
from dashboard.conversations.queries.lists import scope_of
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.schemas import Wanted
from dashboard.lib.filters import ANY
from dashboard.lib.filters import NO_NUMBER
from dashboard.lib.filters import PRESENT
from dashboard.lib.filters import condition_of
from dashboard.lib.filters import number_key
from dashboard.lib.filters import set_key
from dashboard.lib.filters import text_key
from dashboard.lib.filters import time_key
from dashboard.lib.filters import word_key


def _labelled(titles: list[str]) -> ColumnElement[bool]:
    some = select(ConversationLabel.conversation_id).where(
        ConversationLabel.account_id == Conversation.account_id, ConversationLabel.title.in_(titles)
    )
    return Conversation.id.in_(some.correlate(Conversation))


def _additional(name: str) -> ColumnElement[str]:
    return Conversation.additional_attributes[name].as_string()


_WHATEVER_STATUS = Wanted(status="all")
_FILTER_KEYS = {
    "status": word_key(Conversation.status, {**{status: status for status in STATUSES}, "all": ANY}),
    "assignee_id": number_key(Conversation.assignee_id, *PRESENT),
    "inbox_id": number_key(Conversation.inbox_id, *PRESENT),
    "team_id": number_key(NO_NUMBER, *PRESENT),  # there are no teams and campaigns yet
    "contact_id": number_key(Conversation.contact_id, *PRESENT),
    "priority": word_key(Conversation.priority, {name: place for place, name in enumerate(PRIORITIES)}),
    "display_id": text_key(cast(Conversation.display_id, String)),
    "campaign_id": number_key(NO_NUMBER, *PRESENT),
    "labels": set_key(_labelled, Conversation.id.in_(select(ConversationLabel.conversation_id))),
    "browser_language": text_key(_additional("browser_language")),
    "conversation_language": text_key(_additional("conversation_language")),
    "referer": text_key(_additional("referer")),
    "created_at": time_key(Conversation.created_at),
    "last_activity_at": time_key(Conversation.last_activity_at),
    "mail_subject": text_key(_additional("mail_subject")),
}


def filter_of(payload: Any, definitions: Iterable[Definition]) -> ColumnElement[bool]:
    """The condition that a filter of conversations stands for; attributes are asked as they are defined.

    Raises:
        BadFilter: it cannot be understood.
    """
    attributes = attribute_keys(Conversation.custom_attributes, definitions)
    return condition_of(payload, {**attributes, **_FILTER_KEYS})


def filtered_page(membership: Membership, condition: ColumnElement[bool], *, page: int = 1) -> list[Summary]:
    """A numbered page of those that fit, the last active first."""
    return conversations_page(scope_of(membership, _WHATEVER_STATUS), condition, page=page)


def filtered_counts(membership: Membership, condition: ColumnElement[bool]) -> Counts:
    """How many fit."""
    return counts_in(scope_of(membership, _WHATEVER_STATUS), condition)
