"""The files of messages."""

from collections.abc import Iterable

from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from dashboard.accounts.models import Membership
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.queries import visible_inbox_ids
from dashboard.lib.errors import NotFound

PAGE = 100


def bring_files(messages: Iterable[Message]) -> None:
    """Ask for the files of all these messages at once; where none has any, for nothing."""
    having = {message.id: message for message in messages if message.attached}
    if not having:
        return
    found: dict[int, list[Attachment]] = {number: [] for number in having}
    query = select(Attachment).where(Attachment.message_id.in_(having)).order_by(Attachment.id)
    for file in db.session.scalars(query):
        found[file.message_id].append(file)
    for number, message in having.items():
        set_committed_value(message, "attachments", found[number])


def attachments_of(conversation: Conversation, *, page: int) -> list[Attachment]:
    """A page of the conversation's files, the newest first, with their messages."""
    query = (
        _files_of(conversation)
        .options(
            contains_eager(Attachment.message).joinedload(Message.sender_user),
            contains_eager(Attachment.message).joinedload(Message.sender_bot),
        )
        .order_by(Attachment.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(db.session.scalars(query))


def attachments_count(conversation: Conversation) -> int:
    """How many files there are in the conversation."""
    query = select(func.count()).select_from(_files_of(conversation).subquery())
    return db.session.scalar(query) or 0


def files_of_contact(membership: Membership, contact: Contact, *, page: int) -> list[Attachment]:
    """A page of the files in those of a contact's conversations that somebody may see, the newest first."""
    message = contains_eager(Attachment.message)
    query = (
        _files_with(membership, contact)
        .options(message.joinedload(Message.sender_user), message.joinedload(Message.sender_bot))
        .options(message.contains_eager(Message.conversation).joinedload(Conversation.contact))
        .order_by(Attachment.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(db.session.scalars(query))


def files_of_contact_count(membership: Membership, contact: Contact) -> int:
    """How many there are."""
    query = select(func.count()).select_from(_files_with(membership, contact).subquery())
    return db.session.scalar(query) or 0


def attachment_of(conversation: Conversation, attachment_id: int) -> Attachment:
    """One file of a conversation.

    Raises:
        NotFound: it has none of that id.
    """
    found = db.session.scalar(_files_of(conversation).where(Attachment.id == attachment_id))
    if found is None:
        raise NotFound
    return found


def any_attachment(attachment_id: int) -> Attachment:
    """The file of that id, for whoever has a signed address of it.

    Raises:
        NotFound: it is deleted, or its inbox is.
    """
    query = select(Attachment).options(
        joinedload(Attachment.message).joinedload(Message.conversation).joinedload(Conversation.inbox)
    )
    found = db.session.scalar(query.where(Attachment.id == attachment_id))
    if found is None or found.message.conversation.inbox.deleted_at is not None:
        raise NotFound
    return found


def _files_with(membership: Membership, contact: Contact) -> Select[Attachment]:
    of_contact = select(Attachment).join(Attachment.message).join(Message.conversation)
    return of_contact.where(
        Conversation.contact_id == contact.id, Conversation.inbox_id.in_(visible_inbox_ids(membership))
    )


def _files_of(conversation: Conversation) -> Select[Attachment]:
    return select(Attachment).join(Attachment.message).where(Message.conversation_id == conversation.id)
