"""What a list is narrowed to beside its status, inbox, labels and search: facts about each conversation."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import false

from dashboard.accounts.models import Membership
from dashboard.attributes.queries import CONVERSATION
from dashboard.attributes.queries import attribute_keys
from dashboard.attributes.queries import definitions_of
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import Conversation
from dashboard.conversations.schemas import Wanted
from dashboard.lib.filters import BadFilter
from dashboard.lib.filters import condition_of

_IN_PART = {"text", "link"}  # found by some of their letters; of other kinds the value is meant as it is


def with_facts(membership: Membership, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions; the two days are whole days where the person lives."""
    found: list[ColumnElement[bool]] = []
    if wanted.priority:
        found.append(Conversation.priority == PRIORITIES.index(wanted.priority))
    if wanted.assignee_id is not None:
        found.append(Conversation.assignee_id == wanted.assignee_id)
    if wanted.created_since:
        found.append(Conversation.created_at >= _beginning(wanted.created_since, wanted.zone))
    if wanted.created_until:
        found.append(Conversation.created_at < _beginning(wanted.created_until, wanted.zone, later=1))
    if wanted.attributes:
        found.append(_with_attributes(membership, wanted.attributes))
    return found


def _beginning(day: str, zone: str, *, later: int = 0) -> datetime:
    first = date.fromisoformat(day) + timedelta(days=later)
    return datetime.combine(first, time.min, ZoneInfo(zone)).astimezone(UTC)


def _with_attributes(membership: Membership, attributes: tuple[tuple[str, str], ...]) -> ColumnElement[bool]:
    """Nothing has what is not defined any more, and nothing what its kind can not be."""
    definitions = definitions_of(membership.account, CONVERSATION)
    kinds = {each.attribute_key: each.attribute_display_type for each in definitions}
    clauses = [
        {
            "attribute_key": key,
            "filter_operator": "contains" if kinds.get(key) in _IN_PART else "equal_to",
            "values": [value],
            "query_operator": "AND",
        }
        for key, value in attributes
    ]
    try:
        return condition_of(clauses, attribute_keys(Conversation.custom_attributes, definitions))
    except BadFilter:
        return false()
