"""What the worker does for conversations."""

from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations import attaching
from dashboard.conversations.operations.labelling import relabel_some
from dashboard.conversations.operations.reading import mark_messages_read
from dashboard.conversations.operations.routing import wake
from dashboard.extensions import db
from dashboard.labels.queries import title_now


def wake_conversation(conversation_id: int) -> None:
    """End a snooze; the conversation may be gone by now."""
    conversation = db.session.get(Conversation, conversation_id)
    if conversation is not None:
        wake(conversation)


def mark_read(conversation_id: int) -> None:
    """Note on each message that the contact has seen it."""
    conversation = db.session.get(Conversation, conversation_id)
    if conversation is not None:
        mark_messages_read(conversation)


def relabel_conversations(account_id: int, label_id: int, before: str) -> None:
    """Follow a label to its title of now, a batch at a time; done by half, it goes on later."""
    after = title_now(label_id, before, account_id)
    while after != before and relabel_some(account_id=account_id, before=before, after=after):
        pass


def make_thumbnail(attachment_id: int) -> None:
    """Draw the small picture of a picture; its message may be deleted by now."""
    attachment = db.session.get(Attachment, attachment_id)
    if attachment is not None:
        attaching.make_thumbnail(attachment)


def remove_files(keys: list[str]) -> None:
    """Forget the files of what was deleted."""
    attaching.remove_files(keys)


def sweep_files() -> None:
    """Forget the files that no message has."""
    attaching.sweep_files()
