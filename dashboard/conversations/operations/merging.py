"""Two contacts become one, and whoever works on their conversations reads it there."""

from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.merging import merge_contacts
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.telling import note_activity
from dashboard.extensions import db
from dashboard.lib.text import N_
from dashboard.transactions import transaction

MERGED = N_("%(user)s merged the contact %(other)s into %(contact)s")
MOST = 20  # conversations in which it is told, the latest: what is resolved needs no line


def merge_people(base: Contact, mergee: Contact, *, actor: User) -> Contact:
    """Merge one contact into another, and say so where they wait for an answer. Raises as that."""
    if base.id == mergee.id:
        return base
    other = mergee.known_name or f"#{mergee.id}"
    query = select(Conversation).where(
        Conversation.contact_id == mergee.id, Conversation.status != "resolved"
    )
    with transaction():
        latest = query.order_by(Conversation.last_activity_at.desc()).limit(MOST)
        conversations = db.session.scalars(latest).all()
        merge_contacts(base, mergee, actor=actor)
        name = base.known_name or f"#{base.id}"
        for conversation in conversations:
            note_activity(conversation, MERGED, user=actor.name, other=other, contact=name)
    return base
