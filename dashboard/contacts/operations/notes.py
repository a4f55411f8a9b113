"""What the desk notes about contacts."""

from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.models import Note
from dashboard.extensions import db
from dashboard.lib.checks import needed_text
from dashboard.transactions import transaction

LONGEST_NOTE = 20_000


def add_note(contact: Contact, *, content: str, author: User) -> Note:
    """Write down what all should know about a contact.

    Raises:
        Invalid: it is empty or too long.
    """
    with transaction():
        note = Note(contact=contact, user=author, content=needed_text("content", content, LONGEST_NOTE))
        db.session.add(note)
    return note


def change_note(note: Note, *, content: str) -> None:
    """Write it otherwise. Raises as `add_note`."""
    with transaction():
        note.content = needed_text("content", content, LONGEST_NOTE)


def remove_note(note: Note) -> None:
    """Take a note away."""
    with transaction():
        db.session.delete(note)
