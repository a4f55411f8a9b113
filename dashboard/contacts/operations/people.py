"""Who contacts are: making them, changing what is known of them, deleting them."""

import re
from typing import Any

from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.pictures import forget_picture
from dashboard.extensions import db
from dashboard.lib.checks import short_text
from dashboard.lib.errors import Invalid
from dashboard.lib.sizes import check_size
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST = 255
UNIQUE = ("email", "phone_number", "identifier")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PHONE_NUMBER = re.compile(r"\+[1-9]\d{0,14}", re.ASCII)


def create_contact(
    account: Account,
    *,
    name: str | None = None,
    email: str | None = None,
    phone_number: str | None = None,
    identifier: str | None = None,
    blocked: bool | None = None,
    additional_attributes: dict[str, Any] | None = None,
    custom_attributes: dict[str, Any] | None = None,
    actor: User | None,
) -> Contact:
    """Make a contact.

    Raises:
        Invalid: a value cannot be used, or another contact of the account has it.
    """
    with transaction():
        contact = Contact(
            account_id=account.id, blocked=False, additional_attributes={}, custom_attributes={}
        )
        given = {
            "name": name,
            "email": email,
            "phone_number": phone_number,
            "identifier": identifier,
            "blocked": blocked,
            "additional_attributes": additional_attributes,
            "custom_attributes": custom_attributes,
        }
        write_checked(contact, given)
        db.session.add(contact)
        flush_checked()
        record("contact.created", contact=contact, performer=actor)
    return contact


def change_contact(contact: Contact, *, changes: dict[str, Any], actor: User | None) -> None:
    """Change what is given: a null empties a field, attributes are merged one level deep.

    Raises:
        Invalid: a value cannot be used, or another contact of the account has it.
    """
    with transaction():
        before = {name: getattr(contact, name) for name in changes}
        write_checked(contact, changes)
        flush_checked()
        after = {name: getattr(contact, name) for name in changes}
        differences = {name: [before[name], after[name]] for name in changes if before[name] != after[name]}
        if differences:
            record("contact.updated", contact=contact, changed_attributes=differences, performer=actor)


def destroy_custom_attributes(contact: Contact, *, keys: list[str], actor: User | None) -> None:
    """Take these of its custom attributes away."""
    with transaction():
        before = dict(contact.custom_attributes)
        contact.custom_attributes = {key: value for key, value in before.items() if key not in keys}
        changes = {"custom_attributes": [before, contact.custom_attributes]}
        record("contact.updated", contact=contact, changed_attributes=changes, performer=actor)


def put_custom_attributes(contact: Contact, *, values: dict[str, Any], actor: User | None) -> None:
    """Set these of its custom attributes, and take those away whose value is None."""
    before = dict(contact.custom_attributes)
    after = {key: value for key, value in {**before, **values}.items() if value is not None}
    if before == after:
        return
    with transaction():
        contact.custom_attributes = after
        changes = {"custom_attributes": [before, after]}
        record("contact.updated", contact=contact, changed_attributes=changes, performer=actor)


def delete_contact(contact: Contact, *, actor: User | None) -> None:
    """Delete a contact with its conversations."""
    with transaction():
        record("contact.deleted", contact=contact, performer=actor)
        forget_picture(contact.avatar_key)
        db.session.delete(contact)


def write_checked(contact: Contact, values: dict[str, Any]) -> None:
    """Set what can be used, and tell everything that cannot at once.

    Raises:
        Invalid: with one problem for each value that cannot.
    """
    problems = []
    for name, value in values.items():
        try:
            setattr(contact, name, _checked(contact, name, value))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.of(problems)


def _checked(contact: Contact, name: str, value: Any) -> Any:
    if name == "email":
        return _checked_email(value)
    if name == "phone_number":
        return _checked_phone_number(value)
    if name == "blocked":
        return contact.blocked if value is None else value
    if name in {"additional_attributes", "custom_attributes"}:
        attributes = {**getattr(contact, name), **(value or {})}
        check_size(name, attributes)
        return attributes
    text = _checked_text(name, value)
    return text or "" if name == "name" else text


def _checked_text(field: str, value: str | None) -> str | None:
    return short_text(field, value, LONGEST) or None


def _checked_email(value: str | None) -> str | None:
    """In lower case. Nobody asks whether the address exists: customers come with any."""
    email = _checked_text("email", value)
    if email is not None and not _EMAIL.fullmatch(email):
        raise Invalid("email", N_("is not an e-mail address"), upstream="Email Invalid email")
    return email.lower() if email else None


def _checked_phone_number(value: str | None) -> str | None:
    number = _checked_text("phone_number", value)
    if number is not None and not _PHONE_NUMBER.fullmatch(number):
        raise Invalid("phone_number", N_("should be in e164 format"))
    return number


def flush_checked() -> None:
    """Write, and let the database say whether a value is taken: two at once are told the truth as well.

    Raises:
        Invalid: it is.
    """
    try:
        db.session.flush()
    except IntegrityError as error:
        taken = _broken_rule(error)
        raise Invalid(next(name for name in UNIQUE if name in taken), N_("has already been taken")) from None


def _broken_rule(error: IntegrityError) -> str:
    """Its columns in SQLite's message, its name in PostgreSQL's, where the message has the values too."""
    details = getattr(error.orig, "diag", None)
    return str(details.constraint_name if details else error.orig)
