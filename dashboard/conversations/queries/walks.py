"""How the conversations of a list are found: their order is read from an index and never made by sorting.

The statements are made of places for values, so that the usual ones are made once for everybody.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy import Integer
from sqlalchemy import ScalarSelect
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import literal_column
from sqlalchemy import select
from sqlalchemy import union_all

from dashboard.conversations.models import NO_PRIORITY
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.lines import lines
from dashboard.conversations.queries.places import ACTIVITY
from dashboard.conversations.queries.places import ORDERS
from dashboard.conversations.queries.places import PRIORITY_AND_AGE
from dashboard.conversations.queries.places import UNREAD
from dashboard.conversations.queries.places import WAITING
from dashboard.conversations.queries.places import order_of
from dashboard.conversations.queries.summaries import is_unread

COUNT_CAP = 10_000  # counting on would cost a page its speed and tell nobody more
MOST_PARTS = 24

# Of what is found by its contact, so many are looked at: beyond, a count of some says less than it costs.
LOOKED_AT = 4 * COUNT_CAP
# A limit which is none keeps SQLite from seeing through two steps.
_ALL = literal_column(str(2**62), Integer)

Conditions = Sequence[ColumnElement[bool]]


class Walk(NamedTuple):
    """What a statement depends on beside its values: in how many parts the list is read, and how."""

    inboxes: int  # 0: all of an account in one part
    statuses: int  # 0: whatever the status, in one part
    tab: str
    sort: str


def walk_of(*, tab: str, sort: str, statuses: Sequence[str], inboxes: int, sees_all: bool) -> Walk:
    """The way to read a list, so that each part is a stretch of one index, from an end of it.

    Whoever sees most of an account reads an index over all of it; who sees little would read most of that
    for nothing, so each inbox gives its first ones, and those few are merged.
    """
    by_activity = ORDERS[sort][0] is ACTIVITY
    by_inbox = by_activity and tab != "me" and not sees_all and inboxes * len(statuses) <= MOST_PARTS
    if by_inbox:
        return Walk(inboxes, len(statuses), tab, sort)
    whatever = by_activity and tab in {"all", "assigned"} and len(statuses) > 1
    return Walk(0, 0 if whatever else len(statuses), tab, sort)


def values_of(
    *,
    account_id: int,
    user_id: int,
    inbox_ids: Sequence[int],
    statuses: Sequence[str],
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """What the places of these statements stand for."""
    return {
        "account": account_id,
        "user": user_id,
        "inboxes": list(inbox_ids),
        "statuses": list(statuses),
        "limit": limit,
        "offset": offset,
        "reach": limit + offset,
        **{f"part_inbox_{place}": inbox for place, inbox in enumerate(inbox_ids[:MOST_PARTS])},
        **{f"part_status_{place}": status for place, status in enumerate(statuses)},
    }


def found_lines(walk: Walk, narrowed: Conditions) -> Select[*tuple[Any, ...]]:
    """The lines of a page of the list."""
    return _usual_lines(walk) if not narrowed else _lines(walk, narrowed)


def found_counts(narrowed: Conditions) -> Select[int, int, int, int]:
    """How many are mine, somebody's, nobody's and there at all; walks indices and touches no row."""
    return _usual_counts() if not narrowed else _counts(narrowed)


def counts_of_found(found: Conditions) -> Select[int, int, int, int]:
    """The same of what was sought, which an index finds: each is met once, and counted as what it is.

    Nothing of the inbox and the status is said to an index: they would lead through everybody's.
    """
    some = (
        select(Conversation.assignee_id)
        .where(
            (Conversation.inbox_id + 0).in_(bindparam("inboxes", expanding=True)),
            (Conversation.status + "").in_(bindparam("statuses", expanding=True)),
            *found,
        )
        .limit(LOOKED_AT)
        .subquery()
    )
    nobody = some.c.assignee_id.is_(None)
    return select(
        func.count().filter(some.c.assignee_id == bindparam("user")),
        func.count().filter(~nobody),
        func.count().filter(nobody),
        func.count(),
    ).select_from(some)


def found_ids(walk: Walk, narrowed: Conditions) -> Select[int]:
    """The ids of a page of the list, in its order."""
    columns, _ = ORDERS[walk.sort]
    order = order_of(walk.sort)
    every = (*_tab(walk.tab), *narrowed)
    parts = [
        select(*columns, *stretch.named)
        .where(*where, *status, *stretch.conditions, *every)
        .order_by(*(order if walk.sort != UNREAD else order[1:]))
        .limit(bindparam("reach"))
        for where in _wheres(walk)
        for status in _statuses(walk)
        for stretch in _stretches(walk)
    ]
    if walk.tab == "me" and columns is not ACTIVITY:  # what is one's own is found first, and sorted then
        mine = union_all(*(select(part.order_by(None).limit(_ALL).subquery()) for part in parts)).subquery()
        return _page(select(mine.c.id), order_of(walk.sort, of=mine))
    if len(parts) == 1:
        return _page(parts[0].with_only_columns(Conversation.id), order)
    firsts = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return _page(select(firsts.c.id), order_of(walk.sort, of=firsts))


def belonging(tab: str, narrowed: Conditions) -> list[ColumnElement[bool]]:
    """What makes some conversations, known by their numbers, ones of the list."""
    return [
        Conversation.account_id == bindparam("account"),
        Conversation.display_id.in_(bindparam("display_ids", expanding=True)),
        (Conversation.inbox_id + 0).in_(bindparam("inboxes", expanding=True)),  # as in _wheres
        Conversation.status.in_(bindparam("statuses", expanding=True)),
        *_tab(tab),
        *narrowed,
    ]


def _wheres(walk: Walk) -> list[list[ColumnElement[bool]]]:
    if walk.inboxes:
        return [[Conversation.inbox_id == bindparam(f"part_inbox_{place}")] for place in range(walk.inboxes)]
    # + 0 keeps away from the indices of an inbox, which have another order
    visible = (Conversation.inbox_id + 0).in_(bindparam("inboxes", expanding=True))
    return [[Conversation.account_id == bindparam("account"), visible]]


def _statuses(walk: Walk) -> list[list[ColumnElement[bool]]]:
    if not walk.statuses:
        return [[]]
    return [[Conversation.status == bindparam(f"part_status_{place}")] for place in range(walk.statuses)]


class _Stretch(NamedTuple):
    """A part of the order that an index can be read through for."""

    conditions: list[ColumnElement[bool]] = []
    named: list[ColumnElement[Any]] = []


def _stretches(walk: Walk) -> list[_Stretch]:
    """Databases do not agree on which end of an index the empty values are; and where an order turns round
    in the middle, what is equal before the turn is read by itself."""
    if walk.sort == UNREAD:
        return [
            _Stretch([is_unread()], [literal_column("1", Integer).label("unread")]),
            _Stretch([~is_unread()], [literal_column("0", Integer).label("unread")]),
        ]
    if walk.sort == PRIORITY_AND_AGE:
        places = range(len(PRIORITIES) - 1, NO_PRIORITY - 1, -1)
        return [_Stretch([Conversation.priority == place]) for place in places]
    if ORDERS[walk.sort][0] is not WAITING:
        return [_Stretch()]
    since = Conversation.waiting_since
    return [_Stretch([since.is_not(None)]), _Stretch([since.is_(None)])]


@cache
def _usual_lines(walk: Walk) -> Select[*tuple[Any, ...]]:
    return _lines(walk, ())


def _lines(walk: Walk, narrowed: Conditions) -> Select[*tuple[Any, ...]]:
    return lines().where(Conversation.id.in_(found_ids(walk, narrowed))).order_by(*order_of(walk.sort))


@cache
def _usual_counts() -> Select[int, int, int, int]:
    return _counts(())


def _counts(narrowed: Conditions) -> Select[int, int, int, int]:
    every = (
        Conversation.inbox_id.in_(bindparam("inboxes", expanding=True)),
        Conversation.status.in_(bindparam("statuses", expanding=True)),
        *narrowed,
    )
    nobody = Conversation.assignee_id.is_(None)
    return select(
        _capped(*every, Conversation.assignee_id == bindparam("user")),
        _capped(*every, ~nobody),
        _capped(*every, nobody),
        _capped(*every),
    )


def _capped(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    some = (
        select(literal_column("1")).where(*conditions).select_from(Conversation).limit(COUNT_CAP).subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def _page(query: Select[int], order: Sequence[ColumnElement[Any]]) -> Select[int]:
    return query.order_by(*order).limit(bindparam("limit")).offset(bindparam("offset"))


def _tab(tab: str) -> list[ColumnElement[bool]]:
    if tab == "me":
        return [Conversation.assignee_id == bindparam("user")]
    if tab == "unassigned":
        return [Conversation.assignee_id.is_(None)]
    return [Conversation.assignee_id.is_not(None)] if tab == "assigned" else []
