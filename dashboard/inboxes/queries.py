"""Finding inboxes, and who may see which."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.orm import contains_eager

from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.bots.queries import Viewer
from dashboard.bots.queries import sees_every_inbox
from dashboard.bots.queries import user_id_of
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound


def visible_inbox_ids(membership: Membership) -> Select[int]:
    """The inboxes that somebody works in: an administrator in all, an agent where it is a member."""
    ids = select(Inbox.id).where(Inbox.account_id == membership.account_id, Inbox.deleted_at.is_(None))
    if membership.is_administrator:
        return ids
    return ids.join(InboxMember).where(InboxMember.user_id == membership.user_id)


def inboxes_of(membership: Membership) -> list[Inbox]:
    """Those inboxes, by name."""
    values = {"account_id": membership.account_id, "user_id": membership.user_id}
    return list(db.session.scalars(_inboxes(membership.is_administrator), values))


def inbox_of(viewer: Viewer, inbox_id: int) -> Inbox:
    """One inbox that somebody works in; a bot in all.

    Raises:
        NotFound: the account has none of that number.
        NotAllowed: it has, and they do not work in it.
    """
    mine = and_(InboxMember.inbox_id == Inbox.id, InboxMember.user_id == user_id_of(viewer))
    row = db.session.execute(
        select(Inbox, InboxMember.user_id)
        .outerjoin(InboxMember, mine)
        .where(Inbox.id == inbox_id, Inbox.account_id == viewer.account_id, Inbox.deleted_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.user_id is None and not sees_every_inbox(viewer):
        raise NotAllowed
    inbox: Inbox = row.Inbox
    return inbox


def visible_inbox_of(membership: Membership, inbox_id: int) -> Inbox:
    """The same for pages, where what somebody may not see does not exist.

    Raises:
        NotFound: there is none, or the member does not work in it.
    """
    try:
        return inbox_of(membership, inbox_id)
    except NotAllowed:
        raise NotFound from None


def members_of_inbox(inbox: Inbox) -> list[Membership]:
    """The people who work in an inbox with their users, by name."""
    query = (
        select(Membership)
        .join(Membership.user)
        .join(InboxMember, InboxMember.user_id == User.id)
        .options(contains_eager(Membership.user))
        .where(InboxMember.inbox_id == inbox.id, Membership.account_id == inbox.account_id)
    )
    return list(db.session.scalars(query.order_by(func.lower(User.name), User.id)))


def assignable_in(account_id: int, inbox_ids: Iterable[int]) -> list[Membership]:
    """Who can be put in charge in all of these inboxes: whoever works in each, and the administrators."""
    works_in_each = [
        Membership.user_id.in_(select(InboxMember.user_id).where(InboxMember.inbox_id == inbox_id))
        for inbox_id in inbox_ids
    ]
    query = (
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(
            Membership.account_id == account_id,
            or_(Membership.role == "administrator", and_(true(), *works_in_each)),
        )
    )
    return list(db.session.scalars(query.order_by(func.lower(User.name), User.id)))


def inboxes_being_deleted(account_id: int) -> list[Inbox]:
    """Those that the worker has not yet done away with, by name."""
    query = select(Inbox).where(Inbox.account_id == account_id, Inbox.deleted_at.is_not(None))
    return list(db.session.scalars(query.order_by(func.lower(Inbox.name), Inbox.id)))


def count_remaining(inboxes: list[Inbox]) -> dict[int, int]:
    """How many conversations each of these still has."""
    if not inboxes:
        return {}
    ids = [inbox.id for inbox in inboxes]
    query = select(Conversation.inbox_id, func.count()).where(Conversation.inbox_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Conversation.inbox_id))}


def count_members(account_id: int) -> dict[int, int]:
    """How many people work in each inbox of the account; inboxes without any are left out."""
    query = (
        select(InboxMember.inbox_id, func.count())
        .join(Inbox, Inbox.id == InboxMember.inbox_id)
        .where(Inbox.account_id == account_id)
        .group_by(InboxMember.inbox_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def session_by_source_id(account_id: int, source_id: str, *, inbox_id: int | None = None) -> ContactInbox:
    """A contact's session by the name that the channel has for the contact.

    Raises:
        NotFound: no inbox of the account, or not the one named, knows it.
    """
    query = _sessions().where(
        Inbox.account_id == account_id, Inbox.deleted_at.is_(None), ContactInbox.source_id == source_id
    )
    if inbox_id is not None:
        query = query.where(Inbox.id == inbox_id)
    found = db.session.scalar(query.order_by(ContactInbox.id.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


def session_of(contact: Contact, inbox: Inbox, *, source_id: str | None = None) -> ContactInbox | None:
    """The contact's newest session in an inbox, or the one of that name."""
    query = _sessions().where(ContactInbox.contact_id == contact.id, ContactInbox.inbox_id == inbox.id)
    if source_id is not None:
        query = query.where(ContactInbox.source_id == source_id)
    return db.session.scalar(query.order_by(ContactInbox.id.desc()).limit(1))


def sessions_of(membership: Membership, contact_ids: list[int]) -> dict[int, list[ContactInbox]]:
    """The sessions of several contacts with their inboxes, in one query; every contact has its list.

    Only those in inboxes that the member works in: whoever knows its source id is the contact there.
    """
    found: dict[int, list[ContactInbox]] = {contact_id: [] for contact_id in contact_ids}
    if not contact_ids:
        return found
    query = _sessions().where(
        ContactInbox.contact_id.in_(contact_ids), Inbox.id.in_(visible_inbox_ids(membership))
    )
    for session in db.session.scalars(query.order_by(ContactInbox.id)):
        found[session.contact_id].append(session)
    return found


def _sessions() -> Select[ContactInbox]:
    return select(ContactInbox).join(ContactInbox.inbox).options(contains_eager(ContactInbox.inbox))


@cache  # every list of conversations asks: making it costs more than asking it
def _inboxes(is_administrator: bool) -> Select[Inbox]:
    query = select(Inbox).where(Inbox.account_id == bindparam("account_id"), Inbox.deleted_at.is_(None))
    if not is_administrator:
        query = query.join(InboxMember).where(InboxMember.user_id == bindparam("user_id"))
    return query.order_by(func.lower(Inbox.name), Inbox.id)
