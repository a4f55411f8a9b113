"""Finding conversations and messages. Whoever asks sees what is in their inboxes and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Row
from sqlalchemy import ScalarSelect
from sqlalchemy import Select
from sqlalchemy import String
from sqlalchemy import and_
from sqlalchemy import cast
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import aliased
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import joinedload

from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.queries import matching_contact_ids
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import STATUSES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.models import Message
from dashboard.conversations.schemas import Wanted
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember
from dashboard.inboxes.queries import visible_inbox_ids
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.filters import ANY
from dashboard.lib.filters import NO_NUMBER
from dashboard.lib.filters import PRESENT
from dashboard.lib.filters import condition_of
from dashboard.lib.filters import number_key
from dashboard.lib.filters import set_key
from dashboard.lib.filters import text_key
from dashboard.lib.filters import time_key
from dashboard.lib.filters import word_key
from dashboard.lib.text import N_

UNREAD_CAP = 10  # upstream's clients show no more
COUNT_CAP = 10_000  # counting on would cost a page its speed and tell nobody more
PAGE = 25
THREAD_PAGE = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST = 2**63 - 1

Last = aliased(Message, name="last")
LastSaid = aliased(Message, name="last_said")
LastSender = aliased(User, name="last_sender")
LastSaidSender = aliased(User, name="last_said_sender")


_Columns = tuple[InstrumentedAttribute[Any], ...]
_ACTIVITY = (Conversation.last_activity_at, Conversation.id)
_CREATED = (Conversation.created_at, Conversation.id)
_PRIORITY = (Conversation.priority, Conversation.last_activity_at, Conversation.id)
_WAITING = (Conversation.waiting_since, Conversation.id)
# Sort → columns and whether the order is descending; each is an index of the table, read from one end.
_ORDERS: dict[str, tuple[_Columns, bool]] = {
    "last_activity_at_desc": (_ACTIVITY, True),
    "last_activity_at_asc": (_ACTIVITY, False),
    "created_at_desc": (_CREATED, True),
    "created_at_asc": (_CREATED, False),
    "priority_desc": (_PRIORITY, True),
    "priority_asc": (_PRIORITY, False),
    "waiting_since_asc": (_WAITING, False),
    "waiting_since_desc": (_WAITING, True),
}


@dataclass(frozen=True)
class Summary:
    """A conversation and what every list and face of it says, found in one query."""

    conversation: Conversation
    unread_count: int
    assignee: Membership | None
    last_message: Message | None
    last_said: Message | None  # the last one that is not an activity line


@dataclass(frozen=True)
class Counts:
    """How many there are of each, at most `COUNT_CAP`."""

    mine: int
    assigned: int
    unassigned: int
    all: int


def conversation_of(membership: Membership, display_id: int) -> Conversation:
    """The conversation that people of an account call `display_id`.

    Raises:
        NotFound: there is none.
        NotAllowed: it is in an inbox that the member does not work in.
    """
    return summary_of(membership, display_id).conversation


def summary_of(membership: Membership, display_id: int) -> Summary:
    """The same with its summary. Raises as `conversation_of`."""
    visible = Conversation.inbox_id.in_(visible_inbox_ids(membership)).label("visible")
    row = db.session.execute(
        _summaries()
        .add_columns(visible)
        .where(Conversation.account_id == membership.account_id, Conversation.display_id == display_id)
    ).one_or_none()
    if row is None or row.Conversation.inbox.deleted_at is not None:
        raise NotFound
    if not row.visible:
        raise NotAllowed
    return _summary(row)


def summaries_by_id(ids: Sequence[int]) -> list[Summary]:
    """The conversations of these ids, in the order of the ids. Who may see them was asked before."""
    if not ids:
        return []
    rows = db.session.execute(_summaries().where(Conversation.id.in_(ids)))
    found = {row.Conversation.id: _summary(row) for row in rows}
    return [found[each] for each in ids if each in found]


def conversations_page(membership: Membership, wanted: Wanted, *, page: int = 1) -> list[Summary]:
    """A numbered page, as the API has them."""
    ids = _ids(membership, wanted, limit=PAGE, offset=(page - 1) * PAGE)
    return summaries_by_id(ids)


def conversations_after(
    membership: Membership, wanted: Wanted, *, after: str = "", limit: int = PAGE
) -> list[Summary]:
    """The `limit` conversations that follow the place `after` in the order of the list. One query.

    Raises:
        Invalid: `after` is no such place.
    """
    columns, descending = _ORDERS[wanted.sort_by]
    conditions = [_beyond(after, columns, descending)] if after else []
    ids = _ids_query(membership, wanted, *conditions).limit(limit)
    query = _summaries().where(Conversation.id.in_(ids)).order_by(*_order(columns, descending))
    return [_summary(row) for row in db.session.execute(query)]


def place_of(conversation: Conversation, wanted: Wanted) -> str:
    """Where a conversation stands in the list: the values it is sorted by, so that the list may go on after
    it even when it has moved meanwhile."""
    columns, _ = _ORDERS[wanted.sort_by]
    return ".".join(_written(getattr(conversation, column.key)) for column in columns)


def counts_of(membership: Membership, wanted: Wanted) -> Counts:
    """How many the tabs of the list hold, whatever tab is chosen. One query."""
    return _counts(membership, _conditions(membership, wanted))


def filter_of(payload: Any) -> ColumnElement[bool]:
    """The condition that a filter of conversations stands for.

    Raises:
        BadFilter: it cannot be understood.
    """
    return condition_of(payload, _FILTER_KEYS)


def filtered_page(membership: Membership, condition: ColumnElement[bool], *, page: int = 1) -> list[Summary]:
    """A numbered page of those that fit, the last active first."""
    ids = _ids_query(membership, _WHATEVER_STATUS, condition).limit(PAGE).offset((page - 1) * PAGE)
    return summaries_by_id(list(db.session.scalars(ids)))


def filtered_counts(membership: Membership, condition: ColumnElement[bool]) -> Counts:
    """How many fit. One query."""
    return _counts(membership, [*_conditions(membership, _WHATEVER_STATUS), condition])


def conversations_of_contact(
    membership: Membership, contact: Contact, *, but: int | None = None, limit: int = 20
) -> list[Summary]:
    """A contact's conversations, the latest first; without the one whose id is `but`."""
    query = (
        select(Conversation.id)
        .where(
            Conversation.contact_id == contact.id,
            Conversation.inbox_id.in_(visible_inbox_ids(membership)),
            Conversation.id != (but or 0),
        )
        .order_by(Conversation.last_activity_at.desc())
        .limit(limit)
    )
    return summaries_by_id(list(db.session.scalars(query)))


def last_conversation_of(session: ContactInbox) -> Conversation | None:
    """The newest conversation of a contact's session."""
    query = select(Conversation).where(Conversation.contact_inbox_id == session.id)
    return db.session.scalar(query.order_by(Conversation.id.desc()).limit(1))


def messages_of(
    conversation: Conversation,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = THREAD_PAGE,
    public_only: bool = False,
    without_internal: bool = False,
) -> list[Message]:
    """Messages in the order of the thread, with their senders: the last `limit`, those just before the id
    `before`, those from the id `after` on, or those between the two."""
    query = (
        select(Message)
        .outerjoin(Message.sender_user)
        .options(contains_eager(Message.sender_user))
        .where(Message.conversation_id == conversation.id)
        .limit(limit)
    )
    if before is not None:
        query = query.where(Message.id < before)
    if after is not None:
        query = query.where(Message.id >= after if before is not None else Message.id > after)
    if public_only or without_internal:
        query = query.where(Message.private.is_(False))
    if without_internal:
        query = query.where(Message.message_type != "activity")
    if after is not None:
        return list(db.session.scalars(query.order_by(Message.id)))
    return list(reversed(db.session.scalars(query.order_by(Message.id.desc())).all()))


def message_of(conversation: Conversation, message_id: int) -> Message:
    """One message of a conversation.

    Raises:
        NotFound: it has none of that id.
    """
    query = select(Message).options(joinedload(Message.sender_user))
    found = db.session.scalar(
        query.where(Message.conversation_id == conversation.id, Message.id == message_id)
    )
    if found is None:
        raise NotFound
    return found


def unread_count_of(conversation: Conversation) -> int:
    """Incoming messages since an agent last looked, at most ten."""
    return db.session.scalar(select(_unread()).where(Conversation.id == conversation.id)) or 0


def last_incoming_at(conversation: Conversation) -> datetime | None:
    """When the contact wrote last."""
    query = select(Message.created_at).where(
        Message.conversation_id == conversation.id, Message.message_type == "incoming"
    )
    return db.session.scalar(query.order_by(Message.created_at.desc()).limit(1))


def assignable_members(inbox: Inbox) -> list[Membership]:
    """Who can be in charge of an inbox's conversations: its members and the administrators, by name."""
    member = exists().where(InboxMember.inbox_id == inbox.id, InboxMember.user_id == Membership.user_id)
    query = (
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(Membership.account_id == inbox.account_id, or_(Membership.role == "administrator", member))
    )
    return list(db.session.scalars(query.order_by(func.lower(User.name), User.id)))


def labels_in_use(account_id: int) -> list[str]:
    """Every label that some conversation of the account carries."""
    query = select(ConversationLabel.title).where(ConversationLabel.account_id == account_id).distinct()
    return list(db.session.scalars(query.order_by(ConversationLabel.title)))


def _summaries() -> Select[Conversation, int, Membership, Message, Message]:
    """Conversations with everything their summary says. Each part is found by an index, row by row."""
    assignee = and_(
        Membership.user_id == Conversation.assignee_id, Membership.account_id == Conversation.account_id
    )
    return (
        select(
            Conversation,
            _unread().label("unread_count"),
            Membership,
            Last,
            LastSaid,
        )
        .join(Conversation.contact)
        .join(Conversation.contact_inbox)
        .join(Conversation.inbox)
        .outerjoin(Conversation.assignee)
        .outerjoin(Membership, assignee)
        .outerjoin(Last, Last.id == _newest())
        .outerjoin(LastSender, LastSender.id == Last.sender_user_id)
        .outerjoin(LastSaid, LastSaid.id == _newest(said=True))
        .outerjoin(LastSaidSender, LastSaidSender.id == LastSaid.sender_user_id)
        .options(
            contains_eager(Conversation.contact),
            contains_eager(Conversation.contact_inbox),
            contains_eager(Conversation.inbox),
            contains_eager(Conversation.assignee),
            contains_eager(Last.sender_user.of_type(LastSender)),
            contains_eager(LastSaid.sender_user.of_type(LastSaidSender)),
        )
    )


def _summary(row: Row[Conversation, int, Membership, Message, Message]) -> Summary:
    return Summary(row[0], row[1], row[2], row[3], row[4])


def _newest(*, said: bool = False) -> ScalarSelect[int]:
    message = aliased(Message)
    query = select(message.id).where(message.conversation_id == Conversation.id)
    if said:
        query = query.where(message.message_type != "activity")
    return query.order_by(message.id.desc()).limit(1).correlate(Conversation).scalar_subquery()


def _unread() -> ScalarSelect[int]:
    message = aliased(Message)
    unseen = or_(
        Conversation.agent_last_seen_at.is_(None), message.created_at > Conversation.agent_last_seen_at
    )
    some = (
        select(message.id)
        .where(message.conversation_id == Conversation.id, message.message_type == "incoming", unseen)
        .limit(UNREAD_CAP)
        .correlate(Conversation)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def _conditions(membership: Membership, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What narrows the list, but for its tabs (mine, unassigned)."""
    inboxes = visible_inbox_ids(membership)
    if wanted.inbox_id is not None:
        inboxes = inboxes.where(Inbox.id == wanted.inbox_id)
    conditions: list[ColumnElement[bool]] = [
        Conversation.account_id == membership.account_id,
        Conversation.inbox_id.in_(inboxes),
    ]
    if wanted.status != "all":
        conditions.append(Conversation.status == wanted.status)
    if wanted.labels:
        labelled = select(ConversationLabel.conversation_id).where(
            ConversationLabel.account_id == membership.account_id,
            ConversationLabel.title.in_(wanted.labels),
        )
        conditions.append(Conversation.id.in_(labelled))
    if wanted.q:
        conditions.append(_matches(membership.account_id, wanted.q.strip()))
    return conditions


def _matches(account_id: int, q: str) -> ColumnElement[bool]:
    matches = Conversation.contact_id.in_(matching_contact_ids(account_id, q))
    number = q.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return or_(matches, Conversation.display_id == int(number))
    return matches


def _tab(membership: Membership, wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.assignee_type == "me":
        return [Conversation.assignee_id == membership.user_id]
    if wanted.assignee_type == "unassigned":
        return [Conversation.assignee_id.is_(None)]
    if wanted.assignee_type == "assigned":
        return [Conversation.assignee_id.is_not(None)]
    return []


def _counts(membership: Membership, every: list[ColumnElement[bool]]) -> Counts:
    mine = Conversation.assignee_id == membership.user_id
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


def _capped_count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(Conversation.id).where(*conditions).limit(COUNT_CAP).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _ids(membership: Membership, wanted: Wanted, *, limit: int, offset: int = 0) -> list[int]:
    return list(db.session.scalars(_ids_query(membership, wanted).limit(limit).offset(offset)))


def _ids_query(membership: Membership, wanted: Wanted, *more: ColumnElement[bool]) -> Select[int]:
    conditions = [*_conditions(membership, wanted), *_tab(membership, wanted), *more]
    return select(Conversation.id).where(*conditions).order_by(*_order(*_ORDERS[wanted.sort_by]))


def _order(columns: _Columns, descending: bool) -> list[ColumnElement[Any]]:
    return [column.desc().nulls_last() if descending else column.asc().nulls_last() for column in columns]


def _beyond(after: str, columns: _Columns, descending: bool) -> ColumnElement[bool]:
    """What comes later in the order than the place `after`: an index range, however deep the page."""
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


def _read(after: str, columns: _Columns) -> list[datetime | int | None]:
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
    if abs(number) > _LARGEST:
        raise ValueError
    return number
