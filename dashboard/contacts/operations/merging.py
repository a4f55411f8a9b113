"""Two contacts that are one."""

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import update

from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.models import Note
from dashboard.contacts.operations.labelling import write_labels
from dashboard.contacts.operations.pictures import forget_picture
from dashboard.contacts.schemas import merged_values
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.lib.errors import NotFound
from dashboard.lib.sizes import check_size
from dashboard.transactions import record
from dashboard.transactions import transaction

MOST_TOLD = 50  # conversations of which everybody hears that they are somebody else's now


def merge_contacts(base: Contact, mergee: Contact, *, actor: User | None) -> Contact:
    """Make two contacts one. What the base says of itself wins, its gaps are filled from the other, which
    goes; its conversations, sessions, labels and notes come over.

    Raises:
        NotFound: they are of two accounts, or one is gone by now.
        Invalid: their attributes are too much for one.
    """
    if base.id == mergee.id:
        return base
    if base.account_id != mergee.account_id:
        raise NotFound
    with transaction():
        _lock(base, mergee)
        after, mergee_id = merged_values(base, mergee), mergee.id
        check_size("custom_attributes", after["custom_attributes"])
        before = {name: getattr(base, name) for name in after}
        if base.avatar_key:
            forget_picture(mergee.avatar_key)
        db.session.flush()
        moved_ones = db.session.scalars(_latest_of(mergee_id)).all()
        for rows in (Conversation, ContactInbox, Note):
            moved = update(rows).where(rows.contact_id == mergee_id).values(contact_id=base.id)
            db.session.execute(moved, execution_options={"synchronize_session": False})
        db.session.expire_all()  # what was read of those rows says whose they were
        db.session.delete(mergee)
        db.session.flush()  # before the base takes over its e-mail
        for name, value in after.items():
            setattr(base, name, value)
        write_labels(base, after["labels"])
        db.session.flush()
        changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if changes.pop("avatar_key", None):
            changes["thumbnail"] = ["", base.thumbnail]
        if changes:
            record("contact.updated", contact=base, changed_attributes=changes, performer=actor)
        record("contact.merged", contact=base, mergee_id=mergee_id, performer=actor)
        for conversation in moved_ones:
            record("conversation.contact_changed", conversation=conversation, performer=actor)
    return base


def _latest_of(contact_id: int) -> Select[Conversation]:
    """Nobody looks at more at this moment; whoever opens an older one finds it as it is."""
    of_contact = select(Conversation).where(Conversation.contact_id == contact_id)
    return of_contact.order_by(Conversation.last_activity_at.desc()).limit(MOST_TOLD)


def _lock(*contacts: Contact) -> None:
    """Read them as they are now and keep others from changing them: who comes second finds one gone.

    Raises:
        NotFound: one of them is.
    """
    query = select(Contact).where(Contact.id.in_([contact.id for contact in contacts])).order_by(Contact.id)
    options = {"populate_existing": True}
    if len(db.session.scalars(query.with_for_update(), execution_options=options).all()) < len(contacts):
        raise NotFound
