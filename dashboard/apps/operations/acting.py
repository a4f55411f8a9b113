"""What an app does for an agent: by the desk's own verbs, and in the agent's name."""

from collections.abc import Callable
from typing import Any

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.asking import Call
from dashboard.apps.operations.asking import CallRefused
from dashboard.apps.operations.events import note_app_event
from dashboard.attributes.queries import Definition
from dashboard.attributes.queries import definitions_of
from dashboard.attributes.schemas import NUMBERS
from dashboard.attributes.schemas import value_of
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.people import put_custom_attributes
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import set_custom_attributes
from dashboard.conversations.operations.routing import set_labels
from dashboard.conversations.queries.choices import assignable_members
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.transactions import transaction

NOT_DEFINED = N_("is no attribute that the account has defined")


def set_attributes(call: Call) -> dict[str, Any]:
    """Set attributes that the account has defined, of the kind that they are defined as; null takes away.

    Raises:
        Invalid: one is not defined, or a value is not of its kind.
    """
    about, values = call.params["of"], call.params["values"]
    defined = {each.attribute_key: each for each in definitions_of(call.account, f"{about}_attribute")}
    checked = {key: _checked(defined.get(key), key, value) for key, value in values.items()}
    conversation = call.conversation
    if about == "contact":
        call.needs(Permission.CONTACTS_EDIT)
    with transaction():
        if about == "contact":
            db.session.refresh(conversation.contact, ["custom_attributes"], with_for_update=True)
            put_custom_attributes(conversation.contact, values=checked, actor=call.agent)
        else:
            _put(conversation, checked, call)
        _note(call, of=about, fields=sorted(checked))
    owner: Contact | Conversation = conversation.contact if about == "contact" else conversation
    return {"attributes": dict(owner.custom_attributes)}


def add_labels(call: Call) -> dict[str, Any]:
    """Put labels on the conversation, beside those that it has. Raises as `set_labels`."""
    return _relabel(call, lambda carried, told: [*carried, *told])


def remove_labels(call: Call) -> dict[str, Any]:
    """Take labels off the conversation, where it has them."""
    return _relabel(call, lambda carried, told: [label for label in carried if label not in told])


def set_status(call: Call) -> dict[str, Any]:
    """Open, pending, resolved, or snoozed until then. Raises as `change_status`."""
    status, until = call.params["status"], call.params.get("snoozed_until")
    if until is not None and status != "snoozed":
        raise CallRefused("invalid", "snoozed_until: only goes with the status snoozed")
    conversation = call.conversation
    ends = clock.from_epoch(until) if until is not None else None
    with transaction():
        through = call.app.title
        change_status(conversation, to=status, snoozed_until=ends, actor=call.agent, through=through)
        _note(call, status=status)
    return {"status": status, "snoozed_until": clock.epoch(conversation.snoozed_until) or None}


def assign(call: Call) -> dict[str, Any]:
    """Put somebody in charge who works in the inbox, or nobody.

    Raises:
        CallRefused: the person does not work there.
    """
    conversation, number = call.conversation, call.params["agent"]
    members = {member.user_id: member.user for member in assignable_members(conversation.inbox)}
    if number is not None and number not in members:
        raise CallRefused("invalid", "agent: does not work in this inbox")
    with transaction():
        to = None if number is None else members[number]
        assign_conversation(conversation, to=to, actor=call.agent, through=call.app.title)
        _note(call, agent=number)
    return {"agent": number}


def _checked(definition: Definition | None, key: str, value: Any) -> Any:
    """The value as it is kept; nothing is read into a value of another type."""
    if definition is None:
        raise Invalid(key, NOT_DEFINED)
    if value is None:
        return None
    kind = definition.attribute_display_type
    if isinstance(value, bool) != (kind == "checkbox") or (
        isinstance(value, int | float) and kind not in {*NUMBERS, "checkbox"}
    ):
        raise Invalid(key, N_("is of another type"))
    return value_of(definition, value if isinstance(value, bool) else str(value), field=key)


def _put(conversation: Conversation, values: dict[str, Any], call: Call) -> None:
    db.session.refresh(conversation, ["custom_attributes"], with_for_update=True)  # two at once take turns
    before = dict(conversation.custom_attributes)
    after = {key: value for key, value in {**before, **values}.items() if value is not None}
    if before != after:
        set_custom_attributes(conversation, attributes=after, actor=call.agent)


def _relabel(call: Call, changed: Callable[[list[str], list[str]], list[str]]) -> dict[str, Any]:
    conversation = call.conversation
    told = list(dict.fromkeys(label.strip() for label in call.params["labels"]))
    with transaction():
        db.session.refresh(conversation, ["labels"], with_for_update=True)  # two at once take turns
        wanted = changed(conversation.labels, told)
        set_labels(conversation, labels=wanted, actor=call.agent, through=call.app.title)
        _note(call, labels=told)
    return {"labels": conversation.labels}


def _note(call: Call, **what: Any) -> None:
    detail = {"method": call.method, **what}
    note_app_event(call.app, "action", actor=call.agent, conversation=call.conversation, detail=detail)
