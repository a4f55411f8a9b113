"""One conversation, or some whose ids are known, with everything that is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Row
from sqlalchemy import ScalarSelect
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlalchemy.orm import contains_eager

from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.bots.models import AgentBot
from dashboard.bots.queries import Viewer
from dashboard.bots.queries import sees_every_inbox
from dashboard.bots.queries import user_id_of
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.files import bring_files
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import InboxMember
from dashboard.inboxes.queries import visible_inbox_ids
from dashboard.lib.aliases import ready_alias
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound

UNREAD_CAP = 10  # upstream's clients show no more

Last = ready_alias(Message, "last")
LastSaid = ready_alias(Message, "last_said")
LastSender = ready_alias(User, "last_sender")
LastSaidSender = ready_alias(User, "last_said_sender")
LastBot = ready_alias(AgentBot, "last_bot")
LastSaidBot = ready_alias(AgentBot, "last_said_bot")


@dataclass(frozen=True)
class Summary:
    """A conversation and what every list and face of it says, found in one query."""

    conversation: Conversation
    unread_count: int
    assignee: Membership | None
    last_message: Message | None
    last_said: Message | None  # the last one that is not an activity line


def conversation_of(viewer: Viewer, display_id: int) -> Conversation:
    """The conversation that people of an account call `display_id`.

    Raises:
        NotFound: there is none.
        NotAllowed: it is in an inbox that the member does not work in.
    """
    row = db.session.execute(_bare(), _values(viewer, display_id)).one_or_none()
    return _visible(row, viewer)


def summary_of(viewer: Viewer, display_id: int) -> Summary:
    """The same with its summary. Raises as `conversation_of`."""
    row = db.session.execute(_summarised(), _values(viewer, display_id)).one_or_none()
    _visible(row, viewer)
    return _summary(row)


def head_of(membership: Membership, display_id: int) -> Summary:
    """The same without its last messages: for whoever has the thread at hand. Raises as `conversation_of`."""
    row: Any = db.session.execute(_headed(), _values(membership, display_id)).one_or_none()
    _visible(row, membership)
    return Summary(row[0], row[1], row[2], None, None)


def summaries_in(
    ids: Select[int], *, order: Sequence[ColumnElement[Any]], values: dict[str, Any] | None = None
) -> list[Summary]:
    """The conversations whose ids a query finds. Who may see them is up to that query."""
    rows = db.session.execute(_summaries().where(Conversation.id.in_(ids)).order_by(*order), values)
    found = [_summary(row) for row in rows]
    bring_files(message for each in found for message in (each.last_message, each.last_said) if message)
    return found


def conversations_of_contact(
    membership: Membership, contact: Contact, *, but: int | None = None, limit: int = 20
) -> list[Summary]:
    """A contact's conversations, the latest first; without the one whose id is `but`."""
    latest_first = [Conversation.last_activity_at.desc()]
    ids = (
        select(Conversation.id)
        .where(
            Conversation.contact_id == contact.id,
            Conversation.inbox_id.in_(visible_inbox_ids(membership)),
            Conversation.id != (but or 0),
        )
        .order_by(*latest_first)
        .limit(limit)
    )
    return summaries_in(ids, order=latest_first)


def conversations_of_numbers(membership: Membership, display_ids: Sequence[int]) -> list[Conversation]:
    """Those of the conversations that somebody may see; of the others nothing is said."""
    query = (
        select(Conversation)
        .join(Conversation.inbox)
        .join(Conversation.contact)
        .options(contains_eager(Conversation.inbox), contains_eager(Conversation.contact))
        .where(
            Conversation.account_id == membership.account_id,
            Conversation.display_id.in_(display_ids),
            Conversation.inbox_id.in_(visible_inbox_ids(membership)),
        )
    )
    return list(db.session.scalars(query.order_by(Conversation.id)))


def newest_number_of(membership: Membership) -> int | None:
    """The number of the conversation in which something happened last, of those that somebody may see."""
    query = select(Conversation.display_id).where(
        Conversation.account_id == membership.account_id,
        Conversation.inbox_id.in_(visible_inbox_ids(membership)),
    )
    return db.session.scalar(query.order_by(Conversation.last_activity_at.desc()).limit(1))


def count_of_contact(contact: Contact) -> int:
    """How many conversations a contact has, in whichever inboxes."""
    query = select(func.count()).select_from(Conversation).where(Conversation.contact_id == contact.id)
    return db.session.scalar(query) or 0


def display_ids_of_contacts(account_id: int, contact_ids: list[int], *, limit: int) -> list[int]:
    """The numbers of the latest conversations of some contacts."""
    query = select(Conversation.display_id).where(
        Conversation.contact_id.in_(contact_ids), Conversation.account_id == account_id
    )
    return list(db.session.scalars(query.order_by(Conversation.last_activity_at.desc()).limit(limit)))


def last_conversation_of(session: ContactInbox) -> Conversation | None:
    """The newest conversation of a contact's session."""
    query = select(Conversation).where(Conversation.contact_inbox_id == session.id)
    return db.session.scalar(query.order_by(Conversation.id.desc()).limit(1))


@cache  # making it costs more than asking it
def _bare() -> Any:
    """A conversation by its display id, and whether the person is a member of its inbox."""
    query = (
        select(Conversation)
        .join(Conversation.contact)
        .join(Conversation.contact_inbox)
        .join(Conversation.inbox)
        .outerjoin(Conversation.assignee)
        .options(
            contains_eager(Conversation.contact),
            contains_eager(Conversation.contact_inbox),
            contains_eager(Conversation.inbox),
            contains_eager(Conversation.assignee),
        )
    )
    return _by_display_id(query)


@cache
def _headed() -> Any:
    return _by_display_id(_heads())


@cache
def _summarised() -> Any:
    return _by_display_id(_summaries())


def _by_display_id(query: Any) -> Any:
    mine = and_(InboxMember.inbox_id == Conversation.inbox_id, InboxMember.user_id == bindparam("user_id"))
    return (
        query.add_columns(InboxMember.user_id.label("member"))
        .outerjoin(InboxMember, mine)
        .where(
            Conversation.account_id == bindparam("account_id"),
            Conversation.display_id == bindparam("display_id"),
        )
    )


def _values(viewer: Viewer, display_id: int) -> dict[str, int]:
    return {
        "account_id": viewer.account_id,
        "user_id": user_id_of(viewer),
        "display_id": display_id,
    }


def _visible(row: Row[Any] | None, viewer: Viewer) -> Conversation:
    if row is None or row.Conversation.inbox.deleted_at is not None:
        raise NotFound
    if row.member is None and not sees_every_inbox(viewer):
        raise NotAllowed
    conversation: Conversation = row.Conversation
    return conversation


@cache
def _heads() -> Select[Conversation, int, Membership]:
    """Conversations with who they are with, who is in charge, and how much is unread."""
    assignee = and_(
        Membership.user_id == Conversation.assignee_id, Membership.account_id == Conversation.account_id
    )
    return (
        select(Conversation, unread().label("unread_count"), Membership)
        .join(Conversation.contact)
        .join(Conversation.contact_inbox)
        .join(Conversation.inbox)
        .outerjoin(Conversation.assignee)
        .outerjoin(Conversation.assignee_bot)
        .outerjoin(Membership, assignee)
        .options(
            contains_eager(Conversation.contact),
            contains_eager(Conversation.contact_inbox),
            contains_eager(Conversation.inbox),
            contains_eager(Conversation.assignee),
            contains_eager(Conversation.assignee_bot),
        )
    )


@cache
def _summaries() -> Select[Conversation, int, Membership, Message, Message]:
    """Conversations with everything their summary says. Each part is found by an index, row by row."""
    return (
        _heads()
        .add_columns(Last, LastSaid)
        .outerjoin(Last, Last.id == newest())
        .outerjoin(LastSender, LastSender.id == Last.sender_user_id)
        .outerjoin(LastBot, LastBot.id == Last.sender_bot_id)
        .outerjoin(LastSaid, LastSaid.id == newest(said=True))
        .outerjoin(LastSaidSender, LastSaidSender.id == LastSaid.sender_user_id)
        .outerjoin(LastSaidBot, LastSaidBot.id == LastSaid.sender_bot_id)
        .options(
            contains_eager(Last.sender_bot.of_type(LastBot)),
            contains_eager(LastSaid.sender_bot.of_type(LastSaidBot)),
            contains_eager(Last.sender_user.of_type(LastSender)),
            contains_eager(LastSaid.sender_user.of_type(LastSaidSender)),
        )
    )


def _summary(row: Any) -> Summary:
    return Summary(row[0], row[1], row[2], row[3], row[4])


def newest(*, said: bool = False) -> ScalarSelect[int]:
    """The last message of the conversation at hand; or the last that is not an activity line."""
    message = aliased(Message)
    query = select(message.id).where(message.conversation_id == Conversation.id)
    if said:
        query = query.where(message.message_type != "activity")
    return query.order_by(message.id.desc()).limit(1).correlate(Conversation).scalar_subquery()


def unread() -> ScalarSelect[int]:
    """Incoming messages of the conversation at hand that no agent has looked at, at most `UNREAD_CAP`."""
    some = _unread().limit(UNREAD_CAP).correlate(Conversation).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def is_unread() -> ColumnElement[bool]:
    """Whether there is any."""
    return _unread().correlate(Conversation).exists()


def _unread() -> Select[int]:
    message = aliased(Message)
    unseen = or_(
        Conversation.agent_last_seen_at.is_(None), message.created_at > Conversation.agent_last_seen_at
    )
    return select(message.id).where(
        message.conversation_id == Conversation.id, message.message_type == "incoming", unseen
    )
