"""What pages ask about custom attributes: definitions, and values with the right control for each."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms import Field
from wtforms import RadioField
from wtforms import SelectChoice
from wtforms import SelectField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms import URLField
from wtforms.validators import InputRequired
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput
from wtforms.widgets import NumberInput

from dashboard.attributes.queries import CONTACT
from dashboard.attributes.queries import CONVERSATION
from dashboard.attributes.queries import Definition
from dashboard.attributes.schemas import NUMBERS
from dashboard.attributes.schemas import usable_pattern
from dashboard.attributes.schemas import value_of
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem

MODEL_NAMES = {CONVERSATION: lazy_gettext("Conversations"), CONTACT: lazy_gettext("Contacts")}
TYPE_NAMES = {
    "text": lazy_gettext("Text"),
    "number": lazy_gettext("Number"),
    "currency": lazy_gettext("Amount of money"),
    "percent": lazy_gettext("Percentage"),
    "link": lazy_gettext("Link"),
    "date": lazy_gettext("Date"),
    "list": lazy_gettext("List"),
    "checkbox": lazy_gettext("Checkbox"),
}
_FILL_IN = lazy_gettext("Fill this in.")
_NOT_A_CHOICE = lazy_gettext("Choose one of the list.")


class DefinitionForm(FlaskForm):
    """A definition. Its key, model and type are asked once: values are kept by them."""

    attribute_model = RadioField(
        lazy_gettext("Applies to"),
        choices=[SelectChoice(*pair) for pair in MODEL_NAMES.items()],
        invalid_choice_message=_NOT_A_CHOICE,
    )
    attribute_display_name = StringField(lazy_gettext("Name"), [InputRequired(_FILL_IN)])
    attribute_key = StringField(lazy_gettext("Key"), [InputRequired(_FILL_IN)])
    attribute_description = StringField(lazy_gettext("Description"))
    attribute_display_type = SelectField(
        lazy_gettext("Type"),
        choices=[SelectChoice(*pair) for pair in TYPE_NAMES.items()],
        invalid_choice_message=_NOT_A_CHOICE,
    )
    attribute_values = TextAreaField(lazy_gettext("Values of a list"))
    regex_pattern = StringField(lazy_gettext("Pattern of a text"))
    regex_cue = StringField(lazy_gettext("Hint for the pattern"))

    def validate_regex_pattern(self, field: StringField) -> None:
        if field.data and usable_pattern(field.data.strip()) is None:
            raise ValidationError(
                lazy_gettext("This pattern cannot be used: it is not complete, or trying it could take long.")
            )

    def validate_attribute_values(self, field: TextAreaField) -> None:
        kind = self.attribute_display_type  # of a definition that exists it is not asked again
        if (kind is None or kind.data == "list") and not self.lines:
            raise ValidationError(lazy_gettext("A list needs at least one value."))

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in (self.attribute_values.data or "").splitlines() if line.strip()]

    @property
    def given(self) -> dict[str, Any]:
        """What the verbs take, of the fields that this form asks."""
        return {
            field.short_name: self.lines if field is self.attribute_values else field.data
            for field in self
            if field.short_name != "csrf_token"
        }


class ValuesForm(FlaskForm):
    """A control for each attribute that is defined; made by `values_form`."""

    definitions: tuple[Definition, ...] = ()

    def control_of(self, definition: Definition) -> Field:
        return self[f"attribute-{definition.id}"]

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in otherwise than it was, by its key; None where it was emptied. What a program
        set and nobody touched stays, whatever it is.

        Raises:
            Invalid: with one problem for each that cannot be used.
        """
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for definition in self.definitions:
            field = self.control_of(definition)
            if field.data == field.object_data:
                continue
            try:
                values[definition.attribute_key] = value_of(definition, field.data, field=field.short_name)
            except Invalid as error:
                problems += error.problems
        if problems:
            raise Invalid.of(problems)
        return values


def values_form(definitions: Sequence[Definition], values: Mapping[str, Any]) -> ValuesForm:
    """A form with these values. What somebody typed and cannot be used stays in its control."""
    fields: dict[str, Any] = {
        f"attribute-{definition.id}": _control(definition, values.get(definition.attribute_key))
        for definition in definitions
    }
    kind = type("DefinedValuesForm", (ValuesForm,), fields)
    form: ValuesForm = kind()
    form.definitions = tuple(definitions)
    return form


def _control(definition: Definition, value: Any) -> Any:
    kind, name = definition.attribute_display_type, definition.attribute_display_name
    if kind == "checkbox":
        return BooleanField(name, default=value is True)
    text = "" if value is None else str(value)
    if kind == "list":
        kept = [text] if text and text not in definition.attribute_values else []
        offered = (*definition.attribute_values, *kept)
        choices = [SelectChoice("", "–"), *(SelectChoice(each, each) for each in offered)]
        return SelectField(name, choices=choices, default=text, validate_choice=False)
    if kind == "link":
        return URLField(name, default=text)
    if kind == "date":
        return StringField(name, default=text[:10], widget=DateInput())
    if kind in NUMBERS:
        return StringField(name, default=text, widget=NumberInput(step="any"))
    return StringField(name, default=text)
