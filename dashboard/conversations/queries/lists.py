"""The list: who may see what is wanted, in which order, and how much there is."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import exists
from sqlalchemy import false
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import union_all

from dashboard.accounts.models import Membership
from dashboard.contacts.models import Contact
from dashboard.contacts.queries import matches
from dashboard.contacts.queries import matching_contact_ids
from dashboard.conversations.models import STATUSES
from dashboard.conversations.models import UNATTENDED
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.queries.facts import with_facts
from dashboard.conversations.queries.lines import Listed
from dashboard.conversations.queries.lines import line
from dashboard.conversations.queries.lines import lines
from dashboard.conversations.queries.places import beyond
from dashboard.conversations.queries.places import order_of
from dashboard.conversations.queries.places import place_of
from dashboard.conversations.queries.search import ids_where_said
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import summaries_in
from dashboard.conversations.queries.walks import COUNT_CAP
from dashboard.conversations.queries.walks import Walk
from dashboard.conversations.queries.walks import belonging
from dashboard.conversations.queries.walks import counts_of_found
from dashboard.conversations.queries.walks import found_counts
from dashboard.conversations.queries.walks import found_ids
from dashboard.conversations.queries.walks import found_lines
from dashboard.conversations.queries.walks import values_of
from dashboard.conversations.queries.walks import walk_of
from dashboard.conversations.schemas import Wanted
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import inboxes_of
from dashboard.lib.numbers import row_number

Conditions = list[ColumnElement[bool]]

PAGE = 25
FEW = 1_000  # found so few, they are sorted; more are met soon enough on the way through the list
COMMON = 4  # of what is every fourth or more, enough are met soon, also for a count


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
    inboxes: list[Inbox]
    narrowed: list[ColumnElement[bool]]
    counted: list[ColumnElement[bool]]  # the same in words that suit whoever must meet every one
    is_found: bool = False  # by an index of its own

    @property
    def inbox_ids(self) -> list[int]:
        return [inbox.id for inbox in self.inboxes if self.wanted.inbox_id in {None, inbox.id}]

    @property
    def statuses(self) -> tuple[str, ...]:
        return STATUSES if self.wanted.status == "all" else (self.wanted.status,)

    @property
    def walk(self) -> Walk:
        return walk_of(
            tab=self.wanted.assignee_type,
            sort=self.wanted.sort_by,
            statuses=self.statuses,
            inboxes=len(self.inbox_ids),
            sees_all=bool(self.narrowed)
            or (self.membership.is_administrator and self.wanted.inbox_id is None),
        )

    def values(self, *, limit: int, offset: int = 0) -> dict[str, Any]:
        return values_of(
            account_id=self.membership.account_id,
            user_id=self.membership.user_id,
            inbox_ids=self.inbox_ids,
            statuses=self.statuses,
            limit=limit,
            offset=offset,
        )


@dataclass(frozen=True)
class _First:
    """The first ids that were found, and so how rare they are: indexes tell them about in their order."""

    ids: list[int]

    @property
    def are_all(self) -> bool:
        return len(self.ids) <= FEW

    @property
    def are_common(self) -> bool:
        return not self.are_all and max(self.ids) < COMMON * FEW


@dataclass(frozen=True)
class ListPage:
    """Lines, and the place after the last one if more follow."""

    lines: list[Listed]
    after: str


def scope_of(membership: Membership, wanted: Wanted) -> Scope:
    """Ask once what the list and its counts need to know: the inboxes, and how rare what is sought is."""
    inboxes = inboxes_of(membership)
    return Scope(membership, wanted, inboxes, *_narrowed(membership, wanted))


def list_page(scope: Scope, *, after: str = "", limit: int = PAGE) -> ListPage:
    """The lines that follow a place. One query.

    Raises:
        Invalid: `after` is no such place.
    """
    sort = scope.wanted.sort_by
    narrowed = [*scope.narrowed, beyond(after, sort)] if after else scope.narrowed
    rows = db.session.execute(found_lines(scope.walk, narrowed), scope.values(limit=limit + 1)).all()
    goes_on = len(rows) > limit
    return ListPage([line(row) for row in rows[:limit]], place_of(rows[limit - 1], sort) if goes_on else "")


def lines_among(scope: Scope, display_ids: Collection[int]) -> list[Listed]:
    """The lines of those of some conversations that are in the list. One query."""
    query = lines().where(*belonging(scope.wanted.assignee_type, scope.narrowed))
    return [line(row) for row in db.session.execute(query, _values_among(scope, display_ids))]


def order_among(scope: Scope, display_ids: Collection[int]) -> list[int]:
    """The numbers of those of some conversations that are in the list, in its order. One query."""
    query = select(Conversation.display_id).where(*belonging(scope.wanted.assignee_type, scope.narrowed))
    order = order_of(scope.wanted.sort_by)
    return list(db.session.scalars(query.order_by(*order), _values_among(scope, display_ids)))


def conversations_page(
    scope: Scope, *more: ColumnElement[bool], page: int = 1, size: int = PAGE
) -> list[Summary]:
    """A numbered page with everything that is said of its conversations, as the API has them. One query."""
    ids = found_ids(scope.walk, [*scope.narrowed, *more])
    values = scope.values(limit=size, offset=(page - 1) * size)
    return summaries_in(ids, order=order_of(scope.wanted.sort_by), values=values)


def counts_in(scope: Scope, *more: ColumnElement[bool]) -> Counts:
    """How many each tab holds. One query."""
    conditions = [*scope.counted, *more]
    statement = counts_of_found(conditions) if scope.is_found else found_counts(conditions)
    found = db.session.execute(statement, scope.values(limit=PAGE)).one()
    return Counts(*(min(count, COUNT_CAP) for count in found))


def _values_among(scope: Scope, display_ids: Collection[int]) -> dict[str, Any]:
    return {**scope.values(limit=len(display_ids)), "display_ids": list(display_ids)}


def _narrowed(membership: Membership, wanted: Wanted) -> tuple[Conditions, Conditions, bool]:
    """The conditions for a walk that soon meets enough, those for a count that has to meet every one, and
    whether an index finds what is counted."""
    questions: dict[str, Select[int]] = {}
    q = wanted.q.strip()
    if wanted.labels:
        questions["labels"] = _labelled_ids(membership.account_id, wanted.labels)
    if q:
        questions["contacts"] = matching_contact_ids(membership.account_id, q)
    first = _first_found(questions)
    narrowed = [*_of_type(membership, wanted.conversation_type), *with_facts(membership, wanted)]
    counted = list(narrowed)
    if wanted.labels:
        found = first["labels"]
        by_id = Conversation.id.in_(found.ids if found.are_all else questions["labels"])
        narrowed.append(by_id if found.are_all else _is_labelled(wanted.labels))
        counted.append(narrowed[-1] if found.are_common else by_id)
    if q:
        found = first["contacts"]
        others = _otherwise(membership, wanted)
        by_id = Conversation.contact_id.in_(found.ids if found.are_all else questions["contacts"])
        narrowed.append(or_(by_id if found.are_all else _knows_contact(q), *others))
        counted.append(narrowed[-1] if found.are_common else or_(by_id, *others))
    return narrowed, counted, any(not found.are_common for found in first.values())


def _of_type(membership: Membership, conversation_type: str) -> list[ColumnElement[bool]]:
    """Nobody mentions anybody yet; who takes part in a conversation is the person in charge of it."""
    if conversation_type == "unattended":
        return [UNATTENDED]
    if conversation_type == "participating":
        return [Conversation.assignee_id == membership.user_id]
    return [false()] if conversation_type == "mention" else []


def _is_labelled(titles: tuple[str, ...]) -> ColumnElement[bool]:
    label = ConversationLabel
    return exists().where(label.conversation_id == Conversation.id, label.title.in_(titles))


def _labelled_ids(account_id: int, titles: tuple[str, ...]) -> Select[int]:
    label = ConversationLabel
    ids = select(label.conversation_id).where(label.account_id == account_id, label.title.in_(titles))
    return ids.distinct()


def _knows_contact(q: str) -> ColumnElement[bool]:
    return exists().where(Contact.id == Conversation.contact_id, matches(q))


def _otherwise(membership: Membership, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What else makes a conversation one that is sought: its number, or what was said in it."""
    q = wanted.q.strip()
    found: list[ColumnElement[bool]] = []
    number = row_number(q.removeprefix("#"))
    if number is not None:
        found.append(Conversation.display_id == number)
    if wanted.looks_into == "messages":
        found.append(Conversation.id.in_(ids_where_said(membership, q)))
    return found


def _first_found(questions: dict[str, Select[int]]) -> dict[str, _First]:
    """The first ids that each question finds. One query."""
    if not questions:
        return {}
    parts = []
    for name, question in questions.items():
        some = question.limit(FEW + 1).subquery()
        parts.append(select(literal(name).label("question"), some.c[0].label("id")))
    found: dict[str, list[int]] = {name: [] for name in questions}
    for name, row_id in db.session.execute(union_all(*parts)):
        found[name].append(row_id)
    return {name: _First(ids) for name, ids in found.items()}
