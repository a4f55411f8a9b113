"""What happens to definitions of custom attributes. Values of one that goes stay where they are."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.attributes.models import AttributeDefinition
from dashboard.attributes.schemas import DISPLAY_TYPES
from dashboard.attributes.schemas import KEY
from dashboard.attributes.schemas import MODELS
from dashboard.attributes.schemas import STANDARD_KEYS
from dashboard.extensions import db
from dashboard.lib.checks import BLANK
from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.checks import needed_text
from dashboard.lib.checks import short_text
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.lib.tokens import new_token
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST = 255
LONGEST_DESCRIPTION = 20_000
MOST_VALUES = 500
CONFLICT = N_("The provided key is not allowed as it might conflict with default attributes.")


def add_definition(account: Account, *, given: dict[str, Any], actor: User | None) -> AttributeDefinition:
    """Define a custom attribute; `given` has upstream's names.

    Raises:
        Invalid: a value cannot be used, or the key is taken.
    """
    required = ("attribute_display_name", "attribute_key", "attribute_display_type", "attribute_model")
    definition = AttributeDefinition(account_id=account.id)
    with transaction():
        _set(definition, {**dict.fromkeys(required), **given})
        db.session.add(definition)
        _flush()
        account.attributes_mark = new_token()
        record("custom_attribute_definition.created", definition=definition, performer=actor)
    return definition


def change_definition(
    definition: AttributeDefinition, *, changes: dict[str, Any], actor: User | None
) -> None:
    """Change what is given.

    Raises:
        Invalid: a value cannot be used, or the key is taken.
    """
    with transaction():
        _set(definition, changes)
        _flush()
        _mark(definition)
        record("custom_attribute_definition.updated", definition=definition, performer=actor)


def remove_definition(definition: AttributeDefinition, *, actor: User | None) -> None:
    """Forget a definition; the values that conversations and contacts have of it stay."""
    with transaction():
        _mark(definition)
        record("custom_attribute_definition.deleted", definition=definition, performer=actor)
        db.session.delete(definition)


def _mark(definition: AttributeDefinition) -> None:
    db.session.get_one(Account, definition.account_id).attributes_mark = new_token()


def _set(definition: AttributeDefinition, given: dict[str, Any]) -> None:
    """The model first: which keys are the desk's own depends on it."""
    for name in sorted(given, key=lambda name: name != "attribute_model"):
        setattr(definition, name, _checked(definition, name, given[name]))


def _checked(definition: AttributeDefinition, name: str, value: Any) -> Any:
    if name == "attribute_model":
        return _word(name, value, MODELS)
    if name == "attribute_display_type":
        return _word(name, value, DISPLAY_TYPES)
    if name == "attribute_values":
        return _checked_values(value)
    if name == "attribute_key":
        return _checked_key(definition.attribute_model, value)
    longest = LONGEST_DESCRIPTION if name == "attribute_description" else LONGEST
    check = needed_text if name == "attribute_display_name" else short_text
    return check(name, value, longest) or None


def _checked_key(model: str, value: str | None) -> str:
    key = needed_text("attribute_key", value, LONGEST)
    if not KEY.fullmatch(key):
        raise Invalid("attribute_key", N_("may have letters, digits, _, . and - only"))
    if key in STANDARD_KEYS.get(model, ()):
        raise Invalid("attribute_key", CONFLICT, upstream=f"Attribute key {CONFLICT}")
    return key


def _word(name: str, value: Any, words: tuple[str, ...]) -> str:
    """One of the words, or upstream's number for it, as a number or as text."""
    if value is None or value == "":
        raise Invalid(name, BLANK)
    number = str(value)
    if number.isascii() and number.isdigit() and int(number[:9]) < len(words):
        return words[int(number)]
    if value not in words:
        raise Invalid(name, NOT_LISTED)
    return str(value)


def _checked_values(values: list[str] | None) -> list[str]:
    tidy = list(dict.fromkeys(value.strip() for value in values or [] if value.strip()))
    if len(tidy) > MOST_VALUES or any(len(value) > LONGEST for value in tidy):
        raise Invalid("attribute_values", TOO_LONG, limit=LONGEST)
    return tidy


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid("attribute_key", N_("has already been taken")) from None
