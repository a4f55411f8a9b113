"""A stretch of the thread as pages show it: with its days, and with what belongs together drawn together."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import get_timezone

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.messages import messages_of

PAGE = 30
_TOGETHER = timedelta(minutes=5)


@dataclass(frozen=True)
class Entry:
    """A message; whether a new day begins with it, and whether it goes on from the one before."""

    message: Message
    opens_day: bool
    follows: bool


@dataclass(frozen=True)
class Stretch:
    """Entries, oldest first; `before` is where older ones begin, if there are any."""

    entries: list[Entry]
    before: int | None

    @property
    def messages(self) -> list[Message]:
        return [entry.message for entry in self.entries]

    @property
    def last_id(self) -> int:
        return self.entries[-1].message.id if self.entries else 0


def stretch_of(conversation: Conversation, *, before: int | None = None) -> Stretch:
    """The last page of a thread, or the one before a message."""
    messages = messages_of(conversation, before=before, limit=PAGE + 1)
    earlier = messages.pop(0) if len(messages) > PAGE else None
    return Stretch(_entries(earlier, messages), messages[0].id if earlier else None)


def stretch_after(conversation: Conversation, last_id: int) -> Stretch:
    """What came after the message `last_id`, to be put below it."""
    messages = messages_of(conversation, after=last_id - 1, limit=10 * PAGE)
    earlier = messages.pop(0) if messages and messages[0].id == last_id else None
    return Stretch(_entries(earlier, messages), None)


def _entries(earlier: Message | None, messages: list[Message]) -> list[Entry]:
    befores = [earlier, *messages]
    return [
        Entry(message, _opens_day(before, message), _follows(before, message))
        for before, message in zip(befores, messages, strict=False)
    ]


def _opens_day(before: Message | None, message: Message) -> bool:
    if before is None:
        return True
    zone = get_timezone()
    return before.created_at.astimezone(zone).date() != message.created_at.astimezone(zone).date()


def _follows(before: Message | None, message: Message) -> bool:
    return (
        before is not None
        and not message.is_activity
        and before.message_type == message.message_type
        and before.private == message.private
        and before.sender_user_id == message.sender_user_id
        and message.created_at - before.created_at < _TOGETHER
        and not _opens_day(before, message)
    )
