"""How the conversations of a list are found: their order is read from an index and never made by sorting.

The statements are made of places for values, so that the usual ones are made once for everybody.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy import ScalarSelect
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import union_all

from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.lines import lines
from dashboard.conversations.queries.places import ACTIVITY
from dashboard.conversations.queries.places import ORDERS
from dashboard.conversations.queries.places import order_of

COUNT_CAP = 10_000  # counting on would cost a page its speed and tell nobody more
MOST_BRANCHES = 24

Conditions = Sequence[ColumnElement[bool]]


class Walk(NamedTuple):
    """What a statement depends on beside its values. `branches`: 0, or in how many parts the list is read."""

    branches: int
    has_status: bool
    tab: str
    sort: str


def walk_of(*, tab: str, sort: str, statuses: Sequence[str], inboxes: int, sees_all: bool) -> Walk:
    """The way to read a list. Whoever sees most of an account reads an index over all of it; who sees little
    would read most of that for nothing, so each inbox gives its first ones, and those few are merged."""
    branches = inboxes * len(statuses)
    merges = ORDERS[sort][0] is ACTIVITY and tab != "me" and not sees_all and 0 < branches <= MOST_BRANCHES
    return Walk(branches if merges else 0, len(statuses) == 1, tab, sort)


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
    parts = [(inbox, status) for inbox in inbox_ids for status in statuses][:MOST_BRANCHES]
    return {
        "account": account_id,
        "user": user_id,
        "inboxes": list(inbox_ids),
        "one_status": statuses[0],
        "statuses": list(statuses),
        "limit": limit,
        "offset": offset,
        "reach": limit + offset,
        **{f"branch_inbox_{number}": inbox for number, (inbox, _) in enumerate(parts)},
        **{f"branch_status_{number}": status for number, (_, status) in enumerate(parts)},
    }


def found_lines(walk: Walk, narrowed: Conditions) -> Select[*tuple[Any, ...]]:
    """The lines of a page of the list."""
    return _usual_lines(walk) if not narrowed else _lines(walk, narrowed)


def found_counts(narrowed: Conditions) -> Select[int, int, int, int]:
    """How many are mine, somebody's, nobody's and there at all; walks indices and touches no row."""
    return _usual_counts() if not narrowed else _counts(narrowed)


def found_ids(walk: Walk, narrowed: Conditions) -> Select[int]:
    """The ids of a page of the list, in its order."""
    conditions = [*_tab(walk.tab), *narrowed]
    if walk.branches:
        return _merged(walk, conditions)
    if walk.has_status:
        conditions.append(Conversation.status == bindparam("one_status"))
    return _page(
        select(Conversation.id).where(
            Conversation.account_id == bindparam("account"),
            # + 0 keeps away from the indices of an inbox, which have another order
            (Conversation.inbox_id + 0).in_(bindparam("inboxes", expanding=True)),
            *conditions,
        ),
        order_of(walk.sort),
    )


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
    some = select(Conversation.id).where(*conditions).limit(COUNT_CAP).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _merged(walk: Walk, conditions: list[ColumnElement[bool]]) -> Select[int]:
    firsts = [
        select(Conversation.id, Conversation.last_activity_at)
        .where(
            Conversation.inbox_id == bindparam(f"branch_inbox_{number}"),
            Conversation.status == bindparam(f"branch_status_{number}"),
            *conditions,
        )
        .order_by(*order_of(walk.sort))
        .limit(bindparam("reach"))
        .subquery()
        for number in range(walk.branches)
    ]
    every = union_all(*(select(first) for first in firsts)).subquery()
    latest, number = every.c.last_activity_at, every.c.id
    descending = ORDERS[walk.sort][1]
    order = (latest.desc(), number.desc()) if descending else (latest.asc(), number.asc())
    return _page(select(number), order)


def _page(query: Select[int], order: Sequence[ColumnElement[Any]]) -> Select[int]:
    return query.order_by(*order).limit(bindparam("limit")).offset(bindparam("offset"))


def _tab(tab: str) -> list[ColumnElement[bool]]:
    if tab == "me":
        return [Conversation.assignee_id == bindparam("user")]
    if tab == "unassigned":
        return [Conversation.assignee_id.is_(None)]
    return [Conversation.assignee_id.is_not(None)] if tab == "assigned" else []
