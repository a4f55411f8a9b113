"""The list: who may see what is wanted, in which order, and how much there is."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import ScalarSelect
from sqlalchemy import Select
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import union_all

from dashboard.accounts.models import Membership
from dashboard.contacts.queries import matching_contact_ids
from dashboard.conversations.models import STATUSES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.queries.lines import Listed
from dashboard.conversations.queries.lines import line
from dashboard.conversations.queries.lines import lines
from dashboard.conversations.queries.places import ACTIVITY
from dashboard.conversations.queries.places import ORDERS
from dashboard.conversations.queries.places import beyond
from dashboard.conversations.queries.places import order_of
from dashboard.conversations.queries.places import place_of
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import summaries_in
from dashboard.conversations.schemas import Wanted
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import visible_inbox_ids

COUNT_CAP = 10_000  # counting on would cost a page its speed and tell nobody more
PAGE = 25
FEW = 1_000  # found so few, they are sorted; more are met soon enough on the way through the list
MOST_BRANCHES = 24
_LONGEST_NUMBER = 18  # digits; more do not fit a column


@dataclass(frozen=True)
class Counts:
    """How many there are of each, at most `COUNT_CAP`."""

    mine: int
    assigned: int
    unassigned: int
    all: int


@dataclass(frozen=True)
class Scope:
    """What somebody may see and wants to see, made of values that both databases find an index for."""

    membership: Membership
    wanted: Wanted
    inbox_ids: list[int]
    narrowed: list[ColumnElement[bool]]

    @property
    def statuses(self) -> tuple[str, ...]:
        return STATUSES if self.wanted.status == "all" else (self.wanted.status,)


@dataclass(frozen=True)
class ListPage:
    """Lines, and the place after the last one if more follow."""

    lines: list[Listed]
    after: str


def scope_of(membership: Membership, wanted: Wanted) -> Scope:
    """Ask once what the list and its counts need to know: the inboxes, and how rare what is sought is."""
    ids = visible_inbox_ids(membership)
    if wanted.inbox_id is not None:
        ids = ids.where(Inbox.id == wanted.inbox_id)
    inbox_ids = list(db.session.scalars(ids))
    narrowed = []
    if wanted.labels:
        narrowed.append(_labelled(membership.account_id, wanted.labels))
    if wanted.q:
        narrowed.append(_matches(membership.account_id, wanted.q.strip()))
    return Scope(membership, wanted, inbox_ids, narrowed)


def list_page(scope: Scope, *, after: str = "", limit: int = PAGE) -> ListPage:
    """The lines that follow a place. One query.

    Raises:
        Invalid: `after` is no such place.
    """
    sort = scope.wanted.sort_by
    ids = ids_in(scope, *([beyond(after, sort)] if after else []), limit=limit + 1)
    rows = db.session.execute(lines().where(Conversation.id.in_(ids)).order_by(*order_of(sort))).all()
    goes_on = len(rows) > limit
    return ListPage([line(row) for row in rows[:limit]], place_of(rows[limit - 1], sort) if goes_on else "")


def conversations_page(scope: Scope, *more: ColumnElement[bool], page: int = 1) -> list[Summary]:
    """A numbered page with everything that is said of its conversations, as the API has them. One query."""
    ids = ids_in(scope, *more, limit=PAGE, offset=(page - 1) * PAGE)
    return summaries_in(ids, order=order_of(scope.wanted.sort_by))


def counts_in(scope: Scope, *more: ColumnElement[bool]) -> Counts:
    """How many each tab holds. One query; every count walks an index and touches no row."""
    every = [
        Conversation.inbox_id.in_(scope.inbox_ids),
        Conversation.status.in_(scope.statuses),
        *scope.narrowed,
        *more,
    ]
    mine = Conversation.assignee_id == scope.membership.user_id
    nobody = Conversation.assignee_id.is_(None)
    return Counts(
        *db.session.execute(
            select(
                _capped_count(*every, mine),
                _capped_count(*every, ~nobody),
                _capped_count(*every, nobody),
                _capped_count(*every),
            )
        ).one()
    )


def ids_in(scope: Scope, *more: ColumnElement[bool], limit: int, offset: int = 0) -> Select[int]:
    """The ids of a page of the list, in its order, which is read from an index and never made by sorting.

    An index over the account serves whoever sees most of it; who sees little of a large account would read
    most of that index for nothing, so each inbox gives its first ones, and those few are merged.
    """
    conditions = [*scope.narrowed, *_tab(scope), *more]
    columns, _ = ORDERS[scope.wanted.sort_by]
    branches = [(inbox, status) for inbox in scope.inbox_ids for status in scope.statuses]
    sees_all = scope.membership.is_administrator and scope.wanted.inbox_id is None
    is_sparse = not sees_all and not scope.narrowed and scope.wanted.assignee_type != "me"
    if branches and columns is ACTIVITY and is_sparse and len(branches) <= MOST_BRANCHES:
        return _merged(branches, conditions, scope.wanted.sort_by, limit, offset)
    return (
        select(Conversation.id)
        .where(
            Conversation.account_id == scope.membership.account_id,
            (Conversation.inbox_id + 0).in_(
                scope.inbox_ids
            ),  # + 0: no index may be used, it has another order
            *([] if scope.wanted.status == "all" else [Conversation.status == scope.wanted.status]),
            *conditions,
        )
        .order_by(*order_of(scope.wanted.sort_by))
        .limit(limit)
        .offset(offset)
    )


def _merged(
    branches: list[tuple[int, str]],
    conditions: list[ColumnElement[bool]],
    sort: str,
    limit: int,
    offset: int,
) -> Select[int]:
    firsts = [
        select(Conversation.id, Conversation.last_activity_at)
        .where(Conversation.inbox_id == inbox, Conversation.status == status, *conditions)
        .order_by(*order_of(sort))
        .limit(limit + offset)
        .subquery()
        for inbox, status in branches
    ]
    every = union_all(*(select(first) for first in firsts)).subquery()
    latest, number = every.c.last_activity_at, every.c.id
    descending = ORDERS[sort][1]
    order = (latest.desc(), number.desc()) if descending else (latest.asc(), number.asc())
    return select(number).order_by(*order).limit(limit).offset(offset)


def _tab(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.wanted.assignee_type == "me":
        return [Conversation.assignee_id == scope.membership.user_id]
    if scope.wanted.assignee_type == "unassigned":
        return [Conversation.assignee_id.is_(None)]
    if scope.wanted.assignee_type == "assigned":
        return [Conversation.assignee_id.is_not(None)]
    return []


def _labelled(account_id: int, titles: tuple[str, ...]) -> ColumnElement[bool]:
    label = ConversationLabel
    few = _few(
        select(label.conversation_id)
        .where(label.account_id == account_id, label.title.in_(titles))
        .distinct()
    )
    if few is not None:
        return Conversation.id.in_(few)
    return exists().where(label.conversation_id == Conversation.id, label.title.in_(titles))


def _matches(account_id: int, q: str) -> ColumnElement[bool]:
    wanted = matching_contact_ids(account_id, q)
    few = _few(wanted)
    matches = Conversation.contact_id.in_(wanted if few is None else few)
    number = q.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER:
        return or_(matches, Conversation.display_id == int(number))
    return matches


def _few(ids: Select[int]) -> list[int] | None:
    found = list(db.session.scalars(ids.limit(FEW + 1)))
    return found if len(found) <= FEW else None


def _capped_count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(Conversation.id).where(*conditions).limit(COUNT_CAP).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
