"""What happens to contacts."""

import re
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.models import ContactLabel
from dashboard.contacts.models import Note
from dashboard.contacts.schemas import merged_values
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST = 255
LONGEST_NOTE = 20_000
BATCH = 200  # contacts in one transaction: nobody else waits long for the database
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
        _write(contact, given)
        db.session.add(contact)
        _flush()
        record("contact.created", contact=contact, performer=actor)
    return contact


def change_contact(contact: Contact, *, changes: dict[str, Any], actor: User | None) -> None:
    """Change what is given: a null empties a field, attributes are merged one level deep.

    Raises:
        Invalid: a value cannot be used, or another contact of the account has it.
    """
    with transaction():
        before = {name: getattr(contact, name) for name in changes}
        _write(contact, changes)
        _flush()
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


def set_contact_labels(contact: Contact, *, labels: list[str], actor: User | None) -> None:
    """Replace the labels.

    Raises:
        Invalid: one is empty or too long.
    """
    wanted = list(dict.fromkeys(label.strip() for label in labels))
    if any(not label or len(label) > LONGEST for label in wanted):
        raise Invalid("labels", N_("must have 1 to %(length)s characters each"), length=LONGEST)
    if wanted == contact.labels:
        return
    with transaction():
        db.session.refresh(contact, ["labels"], with_for_update=True)  # two at once take turns
        before = contact.labels
        _write_labels(contact, wanted)
        changes = {"labels": [before, wanted]}
        record("contact.updated", contact=contact, changed_attributes=changes, performer=actor)


def relabel_some(*, account_id: int, before: str, after: str | None) -> int:
    """Give some contacts the title `after` for the label `before`, or take it away where there is none; how
    many there were."""
    of_label = (ContactLabel.account_id == account_id, ContactLabel.title == before)
    some = select(ContactLabel.contact_id).where(*of_label).limit(BATCH)
    with transaction():
        contacts = db.session.scalars(select(Contact).where(Contact.id.in_(some)).with_for_update()).all()
        for contact in contacts:
            labels = [after if label == before else label for label in contact.labels]
            _write_labels(contact, list(dict.fromkeys(label for label in labels if label)))
    return len(contacts)


def add_note(contact: Contact, *, content: str, author: User) -> Note:
    """Write down what all should know about a contact.

    Raises:
        Invalid: it is empty or too long.
    """
    with transaction():
        note = Note(contact=contact, user=author, content=_checked_note(content))
        db.session.add(note)
    return note


def change_note(note: Note, *, content: str) -> None:
    """Write it otherwise. Raises as `add_note`."""
    with transaction():
        note.content = _checked_note(content)


def remove_note(note: Note) -> None:
    """Take a note away."""
    with transaction():
        db.session.delete(note)


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


def merge_contacts(base: Contact, mergee: Contact, *, actor: User | None) -> Contact:
    """Make two contacts one. What the base says of itself wins, its gaps are filled from the other, which
    goes; its conversations, sessions, labels and notes come over.

    Raises:
        NotFound: they are of two accounts, or one is gone by now.
    """
    if base.id == mergee.id:
        return base
    if base.account_id != mergee.account_id:
        raise NotFound
    with transaction():
        _lock(base, mergee)
        after, mergee_id = merged_values(base, mergee), mergee.id
        before = {name: getattr(base, name) for name in after}
        db.session.flush()
        for rows in (Conversation, ContactInbox, Note):
            moved = update(rows).where(rows.contact_id == mergee_id).values(contact_id=base.id)
            db.session.execute(moved, execution_options={"synchronize_session": False})
        db.session.expire_all()  # what was read of those rows says whose they were
        db.session.delete(mergee)
        db.session.flush()  # before the base takes over its e-mail
        for name, value in after.items():
            setattr(base, name, value)
        _write_labels(base, after["labels"])
        db.session.flush()
        changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if changes:
            record("contact.updated", contact=base, changed_attributes=changes, performer=actor)
        record("contact.merged", contact=base, mergee_id=mergee_id, performer=actor)
    return base


def delete_contact(contact: Contact, *, actor: User | None) -> None:
    """Delete a contact with its conversations."""
    with transaction():
        record("contact.deleted", contact=contact, performer=actor)
        db.session.delete(contact)


def _lock(*contacts: Contact) -> None:
    """Read them as they are now and keep others from changing them: who comes second finds one gone.

    Raises:
        NotFound: one of them is.
    """
    query = select(Contact).where(Contact.id.in_([contact.id for contact in contacts])).order_by(Contact.id)
    options = {"populate_existing": True}
    if len(db.session.scalars(query.with_for_update(), execution_options=options).all()) < len(contacts):
        raise NotFound


def _checked_note(content: str) -> str:
    tidy = content.strip()
    if not tidy:
        raise Invalid("content", N_("can't be blank"))
    if len(tidy) > LONGEST_NOTE:
        raise Invalid("content", N_("is too long (maximum is %(limit)s characters)"), limit=LONGEST_NOTE)
    return tidy


def _write_labels(contact: Contact, labels: list[str]) -> None:
    """The labels, and their index."""
    contact.labels = labels
    db.session.execute(
        delete(ContactLabel).where(ContactLabel.contact_id == contact.id),
        execution_options={"synchronize_session": False},
    )
    db.session.add_all(
        ContactLabel(contact_id=contact.id, account_id=contact.account_id, title=label) for label in labels
    )


def _write(contact: Contact, values: dict[str, Any]) -> None:
    """Set what can be used, and tell everything that cannot at once."""
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
        return {**getattr(contact, name), **(value or {})}
    text = _checked_text(name, value)
    return text or "" if name == "name" else text


def _checked_text(field: str, value: str | None) -> str | None:
    tidy = (value or "").strip()
    if len(tidy) > LONGEST:
        raise Invalid(field, N_("is too long (maximum is %(limit)s characters)"), limit=LONGEST)
    return tidy or None


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


def _flush() -> None:
    """Write, and let the database say whether a value is taken: two at once are told the truth as well."""
    try:
        db.session.flush()
    except IntegrityError as error:
        taken = _broken_rule(error)
        raise Invalid(next(name for name in UNIQUE if name in taken), N_("has already been taken")) from None


def _broken_rule(error: IntegrityError) -> str:
    """Its columns in SQLite's message, its name in PostgreSQL's, where the message has the values too."""
    details = getattr(error.orig, "diag", None)
    return str(details.constraint_name if details else error.orig)
