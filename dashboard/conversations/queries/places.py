"""Where a conversation stands in a list, and what comes after it."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Subquery
from sqlalchemy import and_
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import tuple_
from sqlalchemy.orm import InstrumentedAttribute

from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.summaries import is_unread
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.errors import Invalid
from dashboard.lib.numbers import LARGEST
from dashboard.lib.text import N_

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Columns = tuple[InstrumentedAttribute[Any], ...]
ACTIVITY = (Conversation.last_activity_at, Conversation.id)
_CREATED = (Conversation.created_at, Conversation.id)
_PRIORITY = (Conversation.priority, Conversation.last_activity_at, Conversation.id)
_PRIORITY_AND_AGE = (Conversation.priority, Conversation.created_at, Conversation.id)
PRIORITY_AND_AGE = "priority_desc_created_at_asc"
UNREAD = "unread"
WAITING = (Conversation.waiting_since, Conversation.id)
# Sort → columns and whether the order is descending; each is an index of the table, read from one end.
ORDERS: dict[str, tuple[Columns, bool]] = {
    "last_activity_at_desc": (ACTIVITY, True),
    "last_activity_at_asc": (ACTIVITY, False),
    "created_at_desc": (_CREATED, True),
    "created_at_asc": (_CREATED, False),
    "priority_desc": (_PRIORITY, True),
    "priority_asc": (_PRIORITY, False),
    "waiting_since_asc": (WAITING, False),
    "waiting_since_desc": (WAITING, True),
    PRIORITY_AND_AGE: (_PRIORITY_AND_AGE, False),
    UNREAD: (ACTIVITY, True),
}


def order_of(sort: str, *, of: Subquery | None = None) -> list[ColumnElement[Any]]:
    """What a list of that sort is ordered by, or a subquery that has its columns."""
    columns, descending = ORDERS[sort]
    here = [of.c[column.key] for column in columns] if of is not None else columns
    order: list[ColumnElement[Any]] = [column.desc() if descending else column.asc() for column in here]
    if columns is WAITING:
        order[0] = order[0].nulls_last()
    if sort == PRIORITY_AND_AGE:
        order[0] = here[0].desc()
    if sort == UNREAD:
        order.insert(0, (of.c.unread if of is not None else is_unread()).desc())
    return order


def place_of(conversation: Any, sort: str) -> str:
    """Where a conversation (or a row with its columns) stands in a list: the values it is sorted by, so that
    the list can go on after it even when it has moved meanwhile."""
    columns, _ = ORDERS[sort]
    return ".".join(_written(getattr(conversation, column.key)) for column in columns)


def beyond(after: str, sort: str) -> ColumnElement[bool]:
    """What comes later in the list than the place `after`: an index range, however deep the page.

    Raises:
        Invalid: `after` is no such place.
    """
    columns, descending = ORDERS[sort]
    values = _read(after, columns)
    first, number = columns[0], columns[-1]
    if values[0] is None:  # only waiting_since can be empty, and who waits not at all comes last
        return and_(first.is_(None), number < values[-1] if descending else number > values[-1])
    here = tuple_(*columns)
    there = tuple_(*(literal(value, column.type) for value, column in zip(values, columns, strict=True)))
    later: ColumnElement[bool] = here < there if descending else here > there
    return or_(later, first.is_(None)) if first is Conversation.waiting_since else later


def _written(value: datetime | int | None) -> str:
    if isinstance(value, datetime):
        return str((value - _EPOCH) // _MICROSECOND)
    return "none" if value is None else str(value)


def _read(after: str, columns: Columns) -> list[datetime | int | None]:
    parts = after.split(".")
    try:
        return [_value(part, column) for part, column in zip(parts, columns, strict=True)]
    except (ValueError, OverflowError) as error:
        raise Invalid("after", N_("is invalid")) from error


def _value(part: str, column: InstrumentedAttribute[Any]) -> datetime | int | None:
    if part == "none" and column is Conversation.waiting_since:
        return None
    number = int(part)
    if isinstance(column.type, UtcDateTime):
        return _EPOCH + number * _MICROSECOND
    largest = len(PRIORITIES) if column is Conversation.priority else LARGEST  # what fits the column
    if abs(number) > largest:
        raise ValueError
    return number
