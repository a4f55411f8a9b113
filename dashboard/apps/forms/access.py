"""What an app may see and do, and who sees it, in its form: each thing in words."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field
from wtforms import Form
from wtforms import RadioField
from wtforms import SelectChoice
from wtforms import StringField

from dashboard.accounts.models import Membership
from dashboard.apps.forms.framing import TicksField
from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.conditions import ONE_OF
from dashboard.attributes.queries import Definition
from dashboard.inboxes.models import Inbox
from dashboard.lib.text import N_

_NOT_A_CHOICE = lazy_gettext("Choose some of the list.")
SCOPES = {
    "contact.basic": lazy_gettext("Who the contact is"),
    "contact.private": lazy_gettext("How to reach the contact"),
    "contact.attributes": lazy_gettext("Custom attributes of the contact"),
    "conversation.basic": lazy_gettext("The conversation"),
    "conversation.attributes": lazy_gettext("Custom attributes of the conversation"),
    "messages": lazy_gettext("Messages"),
    "agent.email": lazy_gettext("E-mail addresses of agents"),
    "notes": lazy_gettext("Private notes"),
}
ACTIONS = {
    "reply.insert": lazy_gettext("Write into the reply"),
    "note.insert": lazy_gettext("Write into a private note"),
    "toast": lazy_gettext("Show short messages"),
    "confirm": lazy_gettext("Ask a question"),
    "modal.open": lazy_gettext("Open a window over the page"),
    "frame.resize": lazy_gettext("Choose its own height"),
    "badge.set": lazy_gettext("Put a number on its tab"),
    "navigate": lazy_gettext("Lead to a conversation or a contact"),
    "link.open": lazy_gettext("Open a link in a new tab"),
    "clipboard.write": lazy_gettext("Copy a text for the agent"),
    "download": lazy_gettext("Offer a file"),
    "attributes.set": lazy_gettext("Set custom attributes"),
    "labels.add": lazy_gettext("Add labels"),
    "labels.remove": lazy_gettext("Remove labels"),
    "status.set": lazy_gettext("Resolve, reopen or snooze"),
    "assign": lazy_gettext("Assign the conversation"),
    "context.get": lazy_gettext("Ask for the context again"),
    "messages.list": lazy_gettext("Read earlier messages"),
    "token.get": lazy_gettext("Prove to its server who asks"),
    "state.get": lazy_gettext("Read what it stored"),
    "state.set": lazy_gettext("Store something for the agent"),
}
# What is chosen of a condition: the names of fields and tests in words.
FIELDS = {
    "conversation.status": N_("Status"),
    "conversation.priority": N_("Priority"),
    "conversation.labels": N_("Labels"),
    "contact.name": N_("Name of the contact"),
    "contact.email": N_("E-mail of the contact"),
    "contact.phone_number": N_("Phone number of the contact"),
    "contact.identifier": N_("Identifier of the contact"),
    "contact.blocked": N_("Contact is blocked (true or false)"),
}
TESTS = {
    "exists": N_("is known"),
    "absent": N_("is not known"),
    "equals": N_("is"),
    "one_of": N_("is one of"),
}
_FAMILIES = {"contact_attribute": "contact", "conversation_attribute": "conversation"}


class ConditionsField(Field):
    """Conditions in rows of three controls, which have the same names in every row."""

    data: list[dict[str, Any]]

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(None, *args, **kwargs)
        self.data = [dict(each) for each in self.data or []]
        if formdata:
            columns = (formdata.getlist(f"condition-{name}") for name in ("field", "test", "value"))
            self.data = [_row(*row) for row in zip(*columns, strict=False)]


class AccessFields(Form):
    """For the form of an app."""

    scopes = TicksField(
        lazy_gettext("Parts of the conversation and its contact"),
        choices=[SelectChoice(*choice) for choice in SCOPES.items()],
        default=USUAL_SCOPES,
        invalid_choice_message=_NOT_A_CHOICE,
        invalid_value_message=_NOT_A_CHOICE,
    )
    actions = TicksField(
        lazy_gettext("Actions"),
        choices=[SelectChoice(*choice) for choice in ACTIONS.items()],
        invalid_choice_message=_NOT_A_CHOICE,
        invalid_value_message=_NOT_A_CHOICE,
    )
    state = RadioField(
        lazy_gettext("State"),
        choices=[
            SelectChoice("live", lazy_gettext("Live")),
            SelectChoice("draft", lazy_gettext("Draft")),
            SelectChoice("paused", lazy_gettext("Paused")),
        ],
        default="live",
        invalid_choice_message=lazy_gettext("Choose one of the list."),
    )
    roles = TicksField(
        lazy_gettext("Roles"),
        choices=[
            SelectChoice("administrator", lazy_gettext("Administrators")),
            SelectChoice("agent", lazy_gettext("Agents")),
        ],
        invalid_choice_message=_NOT_A_CHOICE,
        invalid_value_message=_NOT_A_CHOICE,
    )
    inbox_ids = TicksField(
        lazy_gettext("Inboxes"),
        coerce=int,
        invalid_choice_message=_NOT_A_CHOICE,
        invalid_value_message=_NOT_A_CHOICE,
    )
    agent_ids = TicksField(
        lazy_gettext("People"),
        coerce=int,
        invalid_choice_message=_NOT_A_CHOICE,
        invalid_value_message=_NOT_A_CHOICE,
    )
    conditions = ConditionsField(lazy_gettext("Only in conversations where"))
    preview = StringField(lazy_gettext("Conversation number"))

    definitions: Iterable[Definition] = ()

    def offer(
        self,
        *,
        inboxes: Iterable[Inbox],
        members: Iterable[Membership],
        definitions: Iterable[Definition],
        app: DashboardApp | None,
    ) -> None:
        """What can be chosen of in this account. What was chosen once and has gone since stays on offer:
        without it, an app that nobody sees would be saved as one for everybody."""
        chosen = app.visibility if app else {}
        known_inboxes = {inbox.id: inbox.name for inbox in inboxes}
        known_people = {member.user_id: member.user.name for member in members}
        gone = lazy_gettext("Has been deleted")
        for field, known in ((self.inbox_ids, known_inboxes), (self.agent_ids, known_people)):
            stored = {each: gone for each in chosen.get(field.name, []) if each not in known}
            field.choices = [SelectChoice(*choice) for choice in {**known, **stored}.items()]
        self.definitions = tuple(definitions)

    @property
    def visibility(self) -> dict[str, list[Any]]:
        return {name: list(self[name].data or []) for name in ("roles", "agent_ids", "inbox_ids")}

    @property
    def is_for_some(self) -> bool:
        """Whether there is something to see among who sees it."""
        fields = (self.roles, self.inbox_ids, self.agent_ids, self.conditions)
        return any(field.data or field.errors for field in fields)

    @property
    def attributes(self) -> dict[str, str]:
        """What else can be asked of a conversation: its attributes, and what was asked before."""
        defined = {
            f"{_FAMILIES[each.attribute_model]}.custom_attributes.{each.attribute_key}": name
            for each in self.definitions
            if (name := each.attribute_display_name)
        }
        asked = (row.get("field", "") for row in self.conditions.data)
        return {**{name: name for name in asked if name and name not in FIELDS}, **defined}

    def rearrange_conditions(self, verb: str, place: str) -> str:
        """One row more, or one less. Returns the control where the person goes on."""
        rows = self.conditions.data
        if verb == "condition":
            rows.append({"field": "", "test": "exists"})
        elif place.isdecimal() and int(place) < len(rows):
            del rows[int(place)]
        return f"condition-{len(rows) - 1}" if rows else "add-condition"


def _row(field: str, test: str, value: str) -> dict[str, Any]:
    row: dict[str, Any] = {"field": field, "test": test, "value": value}
    if test == ONE_OF:
        row["values"] = [word.strip() for word in value.split(",") if word.strip()]
    return row
