"""What the address of an app may name of the conversation before the agent, and what stands for it."""

from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.attributes.queries import CONTACT
from dashboard.attributes.queries import CONVERSATION
from dashboard.attributes.queries import Definition
from dashboard.conversations.models import Conversation
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_
from dashboard.lib.variables import Unfilled
from dashboard.lib.variables import filled
from dashboard.lib.variables import is_bound
from dashboard.lib.variables import variables_in


@dataclass(frozen=True)
class Reader:
    """Who looks at an app, and at what. `say` tells a problem in their language."""

    account_id: int
    agent_id: int
    locale: str
    theme: str
    say: Callable[[Problem], str]
    conversation: Conversation | None = None
    definitions: Collection[Definition] = ()


# What needs no conversation; the two last are the names that older guides have.
_ALWAYS: dict[str, Callable[[Reader], Any]] = {
    "account.id": lambda reader: reader.account_id,
    "agent.id": lambda reader: reader.agent_id,
    "locale": lambda reader: reader.locale,
    "theme": lambda reader: reader.theme,
    "account_id": lambda reader: reader.account_id,
    "user_id": lambda reader: reader.agent_id,
}
_OF_CONVERSATION: dict[str, Callable[[Conversation], Any]] = {
    "conversation.id": lambda conversation: conversation.display_id,
    "conversation.display_id": lambda conversation: conversation.display_id,
    "conversation.inbox_id": lambda conversation: conversation.inbox_id,
    "conversation.status": lambda conversation: conversation.status,
    "contact.id": lambda conversation: conversation.contact.id,
    "contact.identifier": lambda conversation: conversation.contact.identifier,
    "contact.name": lambda conversation: conversation.contact.name,
    "contact.email": lambda conversation: conversation.contact.email,
    "contact.phone_number": lambda conversation: conversation.contact.phone_number,
}
_CONVERSATION_ATTRIBUTE = "conversation.custom_attributes."
_CONTACT_ATTRIBUTE = "contact.custom_attributes."
_MISSING = {
    "contact.identifier": N_("No identifier on this contact."),
    "contact.name": N_("No name on this contact."),
    "contact.email": N_("No e-mail on this contact."),
    "contact.phone_number": N_("No phone number on this contact."),
}
NAMES = (*_ALWAYS, *_OF_CONVERSATION, _CONVERSATION_ATTRIBUTE + "…", _CONTACT_ATTRIBUTE + "…")
# What says who somebody is to whoever reads a log: better an id.
PERSONAL = frozenset({"contact.name", "contact.email", "contact.phone_number"})


def variable_problem(url: str, *, any_names: bool = False) -> Problem | None:
    """What is wrong with the variables of an address that is right by itself."""
    for name in variables_in(url):
        if not any_names and not _is_known(name):
            return Problem(
                "url",
                N_("There is no variable %(name)s. Those that there are: %(known)s."),
                {"name": name, "known": ", ".join(NAMES)},
            )
    if not is_bound(url):
        return Problem(
            "url", N_("Placeholders may stand in the path, the query or the fragment, not in the host.")
        )
    return None


def is_personal(url: str) -> bool:
    """Whether it carries a name, an e-mail or a phone number."""
    return not PERSONAL.isdisjoint(variables_in(url))


def address_for(url: str, reader: Reader, *, scopes: Collection[str] = USUAL_SCOPES) -> str:
    """The address as it is opened for this reader, by an app that may see so much.

    Raises:
        Invalid: it cannot be made; the sentence is for whoever wanted to see the app.
    """
    try:
        return filled(url, lambda name: _value(name, reader, scopes), is_known=_is_known)
    except Unfilled as error:
        raise Invalid.of([_why(error, reader)]) from None


def is_let(name: str, scopes: Collection[str]) -> bool:
    """Whether an app with these scopes may know what the variable stands for; an unknown one is only text."""
    owner, _, field = name.partition(".")
    if field.startswith("custom_attributes."):
        return f"{owner}.attributes" in scopes
    kind = "private" if field in {"identifier", "email", "phone_number"} else "basic"
    return name in _ALWAYS or f"{owner}.{kind}" in scopes or not _is_known(name)


def _is_known(name: str) -> bool:
    prefixes = (_CONVERSATION_ATTRIBUTE, _CONTACT_ATTRIBUTE)
    return (
        name in _ALWAYS
        or name in _OF_CONVERSATION
        or any(len(name) > len(p) and name.startswith(p) for p in prefixes)
    )


def _value(name: str, reader: Reader, scopes: Collection[str]) -> Any:
    if not is_let(name, scopes):
        raise Invalid("url", N_("This app is not let see %(name)s."), name=name)
    if name in _ALWAYS:
        return _ALWAYS[name](reader)
    if reader.conversation is None:
        return None
    if name in _OF_CONVERSATION:
        return _OF_CONVERSATION[name](reader.conversation)
    if name.startswith(_CONTACT_ATTRIBUTE):
        return reader.conversation.contact.custom_attributes.get(name.removeprefix(_CONTACT_ATTRIBUTE))
    return reader.conversation.custom_attributes.get(name.removeprefix(_CONVERSATION_ATTRIBUTE))


def _why(error: Unfilled, reader: Reader) -> Problem:
    if error.is_unfit:
        return Problem("url", N_("What %(name)s holds cannot stand in an address."), {"name": error.name})
    if reader.conversation is None:
        return Problem("url", N_("No conversation is open."))
    if error.name in _MISSING:
        return Problem("url", _MISSING[error.name])
    model = CONTACT if error.name.startswith(_CONTACT_ATTRIBUTE) else CONVERSATION
    key = error.name.partition(".custom_attributes.")[2]
    names = {
        each.attribute_key: each.attribute_display_name
        for each in reader.definitions
        if each.attribute_model == model
    }
    sentence = (
        N_("No %(name)s on this contact.") if model == CONTACT else N_("No %(name)s on this conversation.")
    )
    return Problem("url", sentence, {"name": names.get(key, key)})
