"""Placeholders in what is written to a contact: `{{contact.name}}` becomes the name before it is sent.

Only the names of one table are known, and what stands for them is never read for placeholders again. Whatever
else is in braces stays as it was written, and so does code.
"""

import re
from collections.abc import Callable
from typing import Any

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.bots.models import Actor
from dashboard.conversations.models import Conversation
from dashboard.extensions import db

_PLACE = re.compile(
    r"```.*?```|`[^`\n]*`"  # code
    r"|\{\{-?\s*(?P<name>[a-z_]+\.[\w.-]+)"
    r"""(?:\s*\|\s*default:\s*(?:"(?P<double>[^"{}]*)"|'(?P<single>[^'{}]*)'))?\s*-?\}\}""",
    re.DOTALL,
)
_CUSTOM = "contact.custom_attribute."

# Where the inbox answers by itself, or a bot does, there is no agent.
_VALUES: dict[str, Callable[[Conversation, User | None], Any]] = {
    "contact.name": lambda conversation, _: conversation.contact.name,
    "contact.first_name": lambda conversation, _: _first(conversation.contact.name),
    "contact.last_name": lambda conversation, _: _last(conversation.contact.name),
    "contact.email": lambda conversation, _: conversation.contact.email,
    "contact.phone_number": lambda conversation, _: conversation.contact.phone_number,
    "agent.name": lambda _, agent: agent and agent.name,
    "agent.first_name": lambda _, agent: agent and _first(agent.name),
    "agent.last_name": lambda _, agent: agent and _last(agent.name),
    "agent.email": lambda _, agent: agent and agent.email,
    "conversation.id": lambda conversation, _: conversation.display_id,
    "inbox.name": lambda conversation, _: conversation.inbox.name,
    "account.name": lambda conversation, _: db.session.get_one(Account, conversation.account_id).name,
}
PLACES = (*_VALUES, _CUSTOM + "…")


def filled(text: str, conversation: Conversation, author: Actor | None) -> str:
    """The text with what the placeholders stand for; one that is known and has no value is empty."""
    if "{{" not in text:
        return text
    agent = author if isinstance(author, User) else None

    def value(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None or not (name in _VALUES or name.startswith(_CUSTOM)):
            return found[0]
        known = _value(name, conversation, agent)
        otherwise = found["double"] or found["single"] or ""
        return otherwise if known in (None, "") else " ".join(str(known).split())

    return _PLACE.sub(value, text)


def _value(name: str, conversation: Conversation, agent: User | None) -> Any:
    if name.startswith(_CUSTOM):
        return conversation.contact.custom_attributes.get(name.removeprefix(_CUSTOM))
    return _VALUES[name](conversation, agent)


def _first(name: str | None) -> str:
    return (name or "").split(" ")[0]


def _last(name: str | None) -> str:
    first, _, rest = (name or "").rpartition(" ")
    return rest if first else ""
