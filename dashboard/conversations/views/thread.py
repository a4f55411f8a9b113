"""A stretch of the thread as pages show it: with its days, and with what belongs together drawn together."""

from dataclasses import dataclass
from datetime import timedelta

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.messages import answered_by
from dashboard.conversations.queries.messages import messages_of
from dashboard.http.locale import zone_here

PAGE = 30
_TOGETHER = timedelta(minutes=5)


@dataclass(frozen=True)
class Entry:
    """A message; whether a new day begins with it, whether it goes on from the one before; its question."""

    message: Message
    opens_day: bool
    follows: bool
    quoted: Message | None


@dataclass(frozen=True)
class Stretch:
    """Entries, oldest first; `before` is where older ones begin, if there are any. `stops_short`: there are
    newer ones below, which are not shown."""

    entries: list[Entry]
    before: int | None
    stops_short: bool = False

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


def stretch_around(conversation: Conversation, message: Message) -> Stretch:
    """A message with a page on either side of it: for whoever was led to it from elsewhere."""
    earlier = messages_of(conversation, before=message.id, limit=PAGE // 2 + 1)
    later = messages_of(conversation, after=message.id, limit=PAGE + 1)
    stops_short = len(later) > PAGE
    before = earlier.pop(0) if len(earlier) > PAGE // 2 else None
    messages = [*earlier, message, *later[:PAGE]]
    return Stretch(_entries(before, messages), messages[0].id if before else None, stops_short)


def stretch_after(conversation: Conversation, last_id: int) -> Stretch:
    """What came after the message `last_id`, to be put below it."""
    messages = messages_of(conversation, after=last_id - 1, limit=10 * PAGE)
    earlier = messages.pop(0) if messages and messages[0].id == last_id else None
    return Stretch(_entries(earlier, messages), None)


def with_quotes(messages: list[Message]) -> list[tuple[Message, Message | None]]:
    """Messages by themselves, each with the one that it answers."""
    answered = answered_by(messages)
    return [(message, answered.get(message.answers) if message.answers else None) for message in messages]


def _entries(earlier: Message | None, messages: list[Message]) -> list[Entry]:
    zone = zone_here()
    entries = []
    answered = answered_by(messages)
    before, day = earlier, earlier.created_at.astimezone(zone).date() if earlier else None
    for message in messages:
        today = message.created_at.astimezone(zone).date()
        goes_on = before is not None and today == day and _goes_on(before, message)
        quoted = answered.get(message.answers) if message.answers else None
        entries.append(Entry(message, opens_day=today != day, follows=goes_on and not quoted, quoted=quoted))
        before, day = message, today
    return entries


def _goes_on(before: Message, message: Message) -> bool:
    return (
        not message.is_activity
        and before.message_type == message.message_type
        and before.private == message.private
        and before.sender_user_id == message.sender_user_id
        and before.sender_bot_id == message.sender_bot_id
        and message.created_at - before.created_at < _TOGETHER
    )
