"""Writing into conversations: opening them, posting, receiving and deleting messages."""

from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.bots.models import Actor
from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import Upload
from dashboard.conversations.operations.attaching import attach
from dashboard.conversations.operations.attaching import check_number
from dashboard.conversations.operations.attaching import detach_all
from dashboard.conversations.operations.checks import check_attributes
from dashboard.conversations.operations.checks import check_content
from dashboard.conversations.operations.checks import check_items
from dashboard.conversations.operations.checks import check_status
from dashboard.conversations.operations.filling import filled
from dashboard.conversations.operations.telling import note_activity
from dashboard.conversations.operations.telling import standing_of
from dashboard.conversations.operations.telling import tell_status
from dashboard.conversations.operations.telling import tell_update
from dashboard.conversations.queries.messages import message_sent_as
from dashboard.conversations.queries.messages import replied_message
from dashboard.conversations.queries.summaries import last_conversation_of
from dashboard.conversations.queries.templates import answers_by_itself
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.lib import clock
from dashboard.lib.markdown import html_of
from dashboard.lib.text import N_
from dashboard.lib.tokens import digest
from dashboard.queue.operations import cancel
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction

SHORTEST_ECHO = 16  # characters of an echo_id that names one message only, as a UUID does
DELETED = N_("This message was deleted")
REOPENED = N_("System reopened the conversation due to a new incoming message.")


def open_conversation(
    session: ContactInbox,
    *,
    status: str = "open",
    snoozed_until: datetime | None = None,
    assignee: User | None = None,
    additional_attributes: dict[str, Any] | None = None,
    custom_attributes: dict[str, Any] | None = None,
    actor: Actor | None,
) -> Conversation:
    """Open a conversation in a contact's session. Where the inbox keeps to a single one, that is returned.
    Where a bot is connected to the inbox, it has the conversation first, whatever the status asked for.

    Raises:
        Invalid: the status is none of the four, a snooze would end in the past, or an attribute is too long.
    """
    check_status(status, snoozed_until)
    check_attributes("custom_attributes", custom_attributes or {})
    check_attributes("additional_attributes", additional_attributes or {})
    if session.contact.blocked:
        status = "resolved"
    elif session.inbox.agent_bot_id is not None:
        status = "pending"
    with transaction():
        if session.inbox.lock_to_single_conversation:
            existing = last_conversation_of(session)
            if existing is not None:
                return existing
        now = clock.now()
        conversation = Conversation(
            account_id=session.inbox.account_id,
            inbox=session.inbox,
            contact=session.contact,
            contact_inbox=session,
            assignee=assignee,
            display_id=_next_display_id(session.inbox.account_id),
            status=status,
            snoozed_until=snoozed_until if status == "snoozed" else None,
            additional_attributes=additional_attributes or {},
            custom_attributes=custom_attributes or {},
            waiting_since=now,
            last_activity_at=now,
            created_at=now,
        )
        db.session.add(conversation)
        if conversation.snoozed_until is not None:
            db.session.flush()
            wake_at, key = conversation.snoozed_until, wake_key(conversation)
            enqueue("conversations.wake", due_at=wake_at, key=key, conversation_id=conversation.id)
        record("conversation.created", conversation=conversation, performer=actor)
    return conversation


def post_message(
    conversation: Conversation,
    *,
    content: str,
    author: Actor,
    content_type: str = "text",
    content_attributes: dict[str, Any] | None = None,
    source_id: str | None = None,
    message_type: str = "outgoing",
    attachments: Sequence[Upload] = (),
    sent_as: str | None = None,
    inserted_by: dict[str, Any] | None = None,
) -> Message:
    """Answer the contact, with placeholders filled in; `template` is the type of an answer that the channel
    knows by name. `inserted_by` is the app that put something into the draft, by id and title.

    Who has an answer waits no longer, also if a bot gave it; but how soon people answered first, bots do not
    say. Where the bot hands over, the contact waits from then on.

    Raises:
        Invalid: the content cannot be used.
    """
    with transaction():
        message = _add(
            conversation,
            message_type=message_type,
            content=filled(content, conversation, author),
            content_type=content_type,
            content_attributes=content_attributes,
            source_id=source_id,
            author=author,
            attachments=attachments,
            sent_as=sent_as,
            additional_attributes=_origin(inserted_by),
        )
        changes = _note_answer(conversation)
        if isinstance(author, User) and conversation.first_reply_created_at is None:
            conversation.first_reply_created_at = message.created_at
            changes["first_reply_created_at"] = [None, message.created_at]
            record("first.reply.created", message=message, conversation=conversation, performer=author)
        if changes:
            tell_update(conversation, changes, performer=author)
    return message


def post_note(
    conversation: Conversation,
    *,
    content: str,
    author: Actor,
    content_type: str = "text",
    content_attributes: dict[str, Any] | None = None,
    source_id: str | None = None,
    attachments: Sequence[Upload] = (),
    sent_as: str | None = None,
    inserted_by: dict[str, Any] | None = None,
) -> Message:
    """Write a note that only the desk reads. `inserted_by` and what it raises as `post_message`."""
    with transaction():
        return _add(
            conversation,
            message_type="outgoing",
            private=True,
            content=filled(content, conversation, author),
            content_type=content_type,
            content_attributes=content_attributes,
            source_id=source_id,
            author=author,
            attachments=attachments,
            sent_as=sent_as,
            additional_attributes=_origin(inserted_by),
        )


def post_once(conversation: Conversation, sent_as: str | None, post: Callable[[], Message]) -> Message:
    """Post, unless that was done: whoever had no answer sends it again under the same name."""
    known = message_sent_as(conversation, sent_as)
    if known is not None:
        return known
    try:
        return post()
    except IntegrityError:  # both at once
        known = message_sent_as(conversation, sent_as)
        if known is None:
            raise
        return known


def name_for(echo_id: str | None, *, content: str, sender: str) -> str | None:
    """The name under which `post_once` knows again what a program sent with this `echo_id`. A short one is no
    name: programs send the same with all they say."""
    if echo_id is None or len(echo_id) < SHORTEST_ECHO:
        return None
    return digest(f"{sender} {echo_id} {content}")


def receive_message(
    conversation: Conversation,
    *,
    content: str,
    content_type: str = "text",
    content_attributes: dict[str, Any] | None = None,
    source_id: str | None = None,
    attachments: Sequence[Upload] = (),
    sent_as: str | None = None,
) -> Message:
    """Take in what the contact wrote; it reopens what was resolved or snoozed, for people or, what was
    resolved, for the bot of the inbox. Raises as `post_message`.
    """
    with transaction():
        if not conversation.contact.blocked:
            _reopen(conversation)
        message = _add(
            conversation,
            message_type="incoming",
            content=content,
            content_type=content_type,
            content_attributes=content_attributes,
            source_id=source_id,
            attachments=attachments,
            sent_as=sent_as,
        )
        conversation.contact.last_activity_at = message.created_at
        if conversation.waiting_since is None:
            conversation.waiting_since = message.created_at
            tell_update(conversation, {"waiting_since": [None, message.created_at]}, performer=None)
        if not conversation.contact.blocked:
            _answer_by_itself(conversation)
    return message


def delete_message(message: Message, *, actor: User) -> None:
    """Take the content of a message away; that there was one stays visible."""
    emptied = {"content": DELETED, "content_type": "text", "content_attributes": {"deleted": True}}
    with transaction():
        changes = {name: [getattr(message, name), value] for name, value in emptied.items()}
        message.html = None
        for name, value in emptied.items():
            setattr(message, name, value)
        detach_all(message)
        record(
            "message.updated",
            message=message,
            conversation=message.conversation,
            previous_changes=changes,
            performer=actor,
        )


def wake_key(conversation: Conversation) -> str:
    """The key of the job that ends the conversation's snooze."""
    return f"conversations.wake:{conversation.id}"


def _answer_by_itself(conversation: Conversation) -> None:
    """The inbox's greeting, or that nobody is there now. Nobody waits the less for it."""
    text = answers_by_itself(conversation, now=clock.now())
    if text is not None:
        plain: dict[str, Any] = {"content_type": "text", "content_attributes": None, "attachments": ()}
        content = filled(text, conversation, None)
        _add(conversation, message_type="template", content=content, **plain)


def _origin(inserted_by: dict[str, Any] | None) -> dict[str, Any]:
    return {"inserted_by": inserted_by} if inserted_by else {}


def _next_display_id(account_id: int) -> int:
    """The account's counter, raised and read in one statement: two at once never get the same."""
    raised = (
        update(Account).where(Account.id == account_id).values(last_display_id=Account.last_display_id + 1)
    )
    number: int = db.session.execute(
        raised.returning(Account.last_display_id).execution_options(synchronize_session=False)
    ).scalar_one()
    return number


def _add(conversation: Conversation, *, author: Actor | None = None, **fields: Any) -> Message:
    attributes = dict(fields.pop("content_attributes") or {})
    attachments: Sequence[Upload] = fields.pop("attachments")
    check_content(fields["content"])
    check_number(attachments)
    check_items(fields["content_type"], attributes)
    _resolve_reply(conversation, attributes)
    now = clock.now()
    message = Message(
        conversation=conversation,
        sender_user=author if isinstance(author, User) else None,
        sender_bot=author if isinstance(author, AgentBot) else None,
        html=html_of(fields["content"]),
        content_attributes=attributes,
        attached=[upload.file_type for upload in attachments],
        created_at=now,
        **fields,
    )
    db.session.add(message)
    attach(message, attachments, account_id=conversation.account_id)
    conversation.last_activity_at = now
    record("message.created", message=message, conversation=conversation, performer=author)
    return message


def _resolve_reply(conversation: Conversation, attributes: dict[str, Any]) -> None:
    """Keep both names of the message that is answered, ours and the channel's; one that is not there, not."""
    number, external = attributes.pop("in_reply_to", None), attributes.pop("in_reply_to_external_id", None)
    answered = replied_message(conversation, number=number, source_id=external)
    if answered is not None:
        attributes["in_reply_to"] = answered.id
        if answered.source_id:
            attributes["in_reply_to_external_id"] = answered.source_id


def _note_answer(conversation: Conversation) -> dict[str, list[Any]]:
    """Nobody waits any more; what that changed."""
    before, conversation.waiting_since = conversation.waiting_since, None
    return {} if before is None else {"waiting_since": [before, None]}


def _reopen(conversation: Conversation) -> None:
    if conversation.status not in {"resolved", "snoozed"}:
        return
    standing, has_bot = standing_of(conversation), conversation.inbox.agent_bot_id is not None
    before = conversation.status
    conversation.status = "pending" if before == "resolved" and has_bot else "open"
    conversation.snoozed_until = None
    if before == "resolved":
        note_activity(conversation, REOPENED)
    else:
        cancel(wake_key(conversation))
    tell_status(conversation, standing, performer=None)
