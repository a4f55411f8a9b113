"""Who may join which live rooms. Asked at every subscription, and again whenever it may have changed."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.queries import HAS_JOINED
from dashboard.accounts.queries import SESSION_LIFETIME
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import visible_inbox_ids
from dashboard.lib import clock
from dashboard.lib.tokens import digest


@dataclass(frozen=True)
class Claim:
    """What a socket says it is: a person or a contact by token, or a person by the session of a browser."""

    token: str | None = None
    session_token: str | None = None
    account_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class Guest:
    """Somebody who may listen, and in which rooms; of user and contact it is one."""

    account_id: int
    rooms: frozenset[str]
    user_id: int | None = None
    role: str | None = None
    contact_id: int | None = None

    @property
    def own_room(self) -> str:
        """The room of the one person, or of the one contact, in any number of sockets."""
        return person_room(self.user_id) if self.user_id else everything_of_contact(self.contact_id or 0)


@dataclass(frozen=True)
class Sight:
    """A conversation that stands before somebody."""

    conversation_id: int
    display_id: int
    inbox_id: int

    @property
    def room(self) -> str:
        """All who have it before them."""
        return f"looking:{self.conversation_id}"


def guest_of(claim: Claim) -> Guest | None:
    """Who that is; None where the claim does not hold, or not any more. At most two queries."""
    if claim.user_id is None:
        return _contact(claim.token) if claim.token else None
    membership = _membership(claim)
    return _person(membership, claim) if membership is not None else None


def sight_of(guest: Guest, display_id: int) -> Sight | None:
    """A conversation that the guest may have before them; None where it is none of theirs. One query."""
    columns = select(Conversation.id, Conversation.display_id, Conversation.inbox_id)
    found = db.session.execute(
        columns.where(Conversation.account_id == guest.account_id, Conversation.display_id == display_id)
    ).one_or_none()
    sight = Sight(*found) if found else None
    return sight if sight and may_look(guest, sight) else None


def may_look(guest: Guest, sight: Sight) -> bool:
    """Whether the conversation is one that the guest hears of."""
    return guest.user_id is not None and not guest.rooms.isdisjoint(
        desk_rooms(guest.account_id, sight.inbox_id)
    )


def account_room(account_id: int) -> str:
    """Everybody who works in the account."""
    return f"account:{account_id}"


def pages_room(account_id: int) -> str:
    """Our own pages in the account: they are told what other clients need not know."""
    return f"pages:{account_id}"


def desk_rooms(account_id: int, inbox_id: int) -> list[str]:
    """Who works in the inbox, and the administrators, who work in all."""
    return [f"inbox:{inbox_id}", f"inboxes:{account_id}"]


def person_room(user_id: int) -> str:
    return f"user:{user_id}"


def session_room(contact_inbox_id: int) -> str:
    """The contact in one of its sessions."""
    return f"session:{contact_inbox_id}"


def visitors_room(inbox_id: int) -> str:
    """All contacts who are connected in an inbox: it says whom a change of the inbox concerns."""
    return f"visitors:{inbox_id}"


def contact_rooms(conversation: Conversation) -> list[str]:
    """The contact in a conversation's session; where that is verified, in its other verified ones too."""
    session = conversation.contact_inbox
    others = [_verified_room(session.contact_id)] if session.hmac_verified else []
    return [session_room(session.id), *others]


def everything_of_contact(contact_id: int) -> str:
    """All sockets of a contact: no events go there, but it says whom a change of the contact concerns."""
    return f"contact:{contact_id}"


def _verified_room(contact_id: int) -> str:
    return f"verified:{contact_id}"


def _membership(claim: Claim) -> Membership | None:
    values: dict[str, Any] = {"account_id": claim.account_id, "user_id": claim.user_id}
    if claim.token:
        return db.session.scalar(_by_token(), {**values, "token": claim.token})
    alive = clock.now() - SESSION_LIFETIME
    return db.session.scalar(
        _by_session(), {**values, "digest": digest(claim.session_token or ""), "alive": alive}
    )


def _person(membership: Membership, claim: Claim) -> Guest:
    account_id, user_id = membership.account_id, membership.user_id
    if membership.is_administrator:
        inboxes = {f"inboxes:{account_id}"}
    else:
        inboxes = {f"inbox:{inbox_id}" for inbox_id in db.session.scalars(visible_inbox_ids(membership))}
    pages = {pages_room(account_id)} if claim.session_token else set()
    return Guest(
        account_id=account_id,
        user_id=user_id,
        role=membership.role,
        rooms=frozenset({account_room(account_id), person_room(user_id), *inboxes, *pages}),
    )


def _contact(token: str) -> Guest | None:
    session = db.session.scalar(_by_contact_token(), {"token": token})
    if session is None:
        return None
    rooms = {
        session_room(session.id),
        everything_of_contact(session.contact_id),
        visitors_room(session.inbox_id),
    }
    if session.hmac_verified:
        rooms.add(_verified_room(session.contact_id))
    return Guest(account_id=session.contact.account_id, contact_id=session.contact_id, rooms=frozenset(rooms))


@cache
def _members() -> Any:
    return (
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.account_id == bindparam("account_id"),
            Membership.user_id == bindparam("user_id"),
            HAS_JOINED,
        )
    )


@cache
def _by_token() -> Any:
    return _members().where(User.pubsub_token == bindparam("token"))


@cache
def _by_session() -> Any:
    return (
        _members()
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.digest == bindparam("digest"), UserSession.last_used_at > bindparam("alive"))
    )


@cache
def _by_contact_token() -> Any:
    return (
        select(ContactInbox)
        .join(ContactInbox.contact)
        .join(ContactInbox.inbox)
        .options(contains_eager(ContactInbox.contact).load_only(Contact.account_id))
        .where(ContactInbox.pubsub_token == bindparam("token"), Inbox.deleted_at.is_(None))
    )
