"""What a customer's program reaches: by the inbox's identifier and the session's source id, nothing else."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import joinedload

from dashboard.accounts.models import Account
from dashboard.contacts.models import Contact
from dashboard.contacts.queries import contact_by
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.files import bring_files
from dashboard.conversations.queries.messages import with_senders
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.lib.errors import NotFound

MESSAGES_PAGE = 20


def inbox_by_identifier(identifier: str) -> Inbox:
    """The inbox that clients know by that word.

    Raises:
        NotFound: there is none, or it is being deleted.
    """
    query = select(Inbox).where(Inbox.identifier == _storable(identifier), Inbox.deleted_at.is_(None))
    found = db.session.scalar(query.where(Inbox.kind == "api"))
    if found is None:
        raise NotFound
    return found


def session_in(identifier: str, source_id: str) -> ContactInbox:
    """A contact's session with its contact and inbox, by the two words that a client has.

    Raises:
        NotFound: there is none.
    """
    words = {"identifier": _storable(identifier), "source_id": _storable(source_id)}
    found: ContactInbox | None = db.session.scalar(_session(), words)
    if found is None:
        raise NotFound
    return found


def session_if_any(inbox: Inbox, source_id: str) -> ContactInbox | None:
    """The session of that name in an inbox."""
    query = select(ContactInbox).options(joinedload(ContactInbox.contact))
    return db.session.scalar(
        query.where(ContactInbox.inbox_id == inbox.id, ContactInbox.source_id == source_id)
    )


def contact_known_by(
    account_id: int, *, identifier: str | None, email: str | None, phone_number: str | None
) -> Contact | None:
    """The contact of the account that one of these names, the identifier first, then the e-mail."""
    names = {
        "identifier": identifier,
        "email": email.lower() if email else None,
        "phone_number": phone_number,
    }
    for field, value in names.items():
        found = contact_by(field, value, account_id=account_id) if value else None
        if found is not None:
            return found
    return None


def conversations_of_session(session: ContactInbox) -> list[Conversation]:
    """What the session may see: its own conversations, all of the contact's where it proved who it is."""
    query = _conversations(proven=session.hmac_verified).order_by(Conversation.id)
    return list(db.session.scalars(query, {"session": session.id, "contact": session.contact_id}))


def conversation_of_session(session: ContactInbox, display_id: int) -> Conversation:
    """One of those.

    Raises:
        NotFound: it has none of that number.
    """
    values = {"session": session.id, "contact": session.contact_id, "display_id": display_id}
    found: Conversation | None = db.session.scalar(_conversation(proven=session.hmac_verified), values)
    if found is None:
        raise NotFound
    return found


def newest_of_session(session: ContactInbox) -> Conversation | None:
    """The one of those that was opened last."""
    query = _conversations(proven=session.hmac_verified).order_by(Conversation.id.desc()).limit(1)
    return db.session.scalar(query, {"session": session.id, "contact": session.contact_id})


def said_in(conversation_ids: Collection[int]) -> dict[int, list[Message]]:
    """All that was said to and by the contact in these conversations, in one query."""
    found: dict[int, list[Message]] = {conversation_id: [] for conversation_id in conversation_ids}
    if found:
        query = _said().where(Message.conversation_id.in_(found)).order_by(Message.id)
        said = db.session.scalars(query).all()
        bring_files(said)
        for message in said:
            found[message.conversation_id].append(message)
    return found


def page_said_in(conversation: Conversation, *, before: int | None = None) -> list[Message]:
    """The last twenty of that, or the twenty before an id, the oldest first."""
    query = _said().where(Message.conversation_id == conversation.id)
    if before is not None:
        query = query.where(Message.id < before)
    latest = query.order_by(Message.id.desc()).limit(MESSAGES_PAGE)
    said = list(reversed(db.session.scalars(latest).all()))
    bring_files(said)
    return said


def said_message_of(conversation: Conversation, message_id: int) -> Message:
    """One of that.

    Raises:
        NotFound: there is none of that id, or it is not for the contact.
    """
    query = _said().where(Message.conversation_id == conversation.id, Message.id == message_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def survey_in(conversation_uuid: str) -> tuple[Message, str]:
    """The last survey of a conversation, by the name that nobody guesses, and the language of its account.

    Raises:
        NotFound: there is none.
    """
    query = (
        _said()
        .add_columns(Account.locale)
        .join(Message.conversation)
        .join(Conversation.inbox)
        .join(Account, Account.id == Conversation.account_id)
        .options(contains_eager(Message.conversation).contains_eager(Conversation.inbox))
        .where(
            Conversation.uuid == _storable(conversation_uuid),
            Message.content_type == "input_csat",
            Inbox.deleted_at.is_(None),
        )
    )
    row = db.session.execute(query.order_by(Message.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


# Each is made once: making it costs more than asking it.


@cache
def _session() -> Select[ContactInbox]:
    return (
        select(ContactInbox)
        .join(ContactInbox.inbox)
        .join(ContactInbox.contact)
        .options(contains_eager(ContactInbox.inbox), contains_eager(ContactInbox.contact))
        .where(
            Inbox.identifier == bindparam("identifier"),
            Inbox.kind == "api",
            Inbox.deleted_at.is_(None),
            ContactInbox.source_id == bindparam("source_id"),
        )
    )


@cache
def _conversations(*, proven: bool) -> Select[Conversation]:
    whose = Conversation.contact_id == bindparam("contact")
    here = Conversation.contact_inbox_id == bindparam("session")
    return (
        select(Conversation)
        .join(Conversation.contact)
        .join(Conversation.contact_inbox)
        .join(Conversation.inbox)
        .options(
            contains_eager(Conversation.contact),
            contains_eager(Conversation.contact_inbox),
            contains_eager(Conversation.inbox),
        )
        .where(Inbox.deleted_at.is_(None), whose if proven else here)
    )


@cache
def _conversation(*, proven: bool) -> Select[Conversation]:
    return _conversations(proven=proven).where(Conversation.display_id == bindparam("display_id"))


@cache
def _said() -> Select[Message]:
    return with_senders(select(Message)).where(Message.private.is_(False), Message.message_type != "activity")


def _storable(word: str) -> str:
    """What a database can be asked for; anything else names nothing."""
    if "\x00" in word:
        raise NotFound
    return word
