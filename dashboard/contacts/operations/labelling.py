"""The labels of contacts."""

from sqlalchemy import delete
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.models import ContactLabel
from dashboard.extensions import db
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST = 255
BATCH = 200  # contacts in one transaction: nobody else waits long for the database


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
        write_labels(contact, wanted)
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
            write_labels(contact, list(dict.fromkeys(label for label in labels if label)))
    return len(contacts)


def write_labels(contact: Contact, labels: list[str]) -> None:
    """Set the labels of a contact, and their index."""
    contact.labels = labels
    db.session.execute(
        delete(ContactLabel).where(ContactLabel.contact_id == contact.id),
        execution_options={"synchronize_session": False},
    )
    db.session.add_all(
        ContactLabel(contact_id=contact.id, account_id=contact.account_id, title=label) for label in labels
    )
