"""JSON doors: what the desk has noted about a contact."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.models import Membership
from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import members_of
from dashboard.contacts.models import Contact
from dashboard.contacts.models import Note
from dashboard.contacts.operations.notes import add_note
from dashboard.contacts.operations.notes import change_note
from dashboard.contacts.operations.notes import remove_note
from dashboard.contacts.queries import contact_of
from dashboard.contacts.queries import note_of
from dashboard.contacts.queries import notes_of
from dashboard.contacts.schemas import NOTE
from dashboard.contacts.schemas import NOTE_CONTENT
from dashboard.contacts.serializers import note_json
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.lib.shapes import list_of

NAME = "note"

bp = Blueprint("notes", __name__, url_prefix="/accounts/<int:account_id>/contacts/<int:contact_id>/notes")


@bp.get("")
@requires(Permission.CONTACTS_EDIT)
@describes("List the notes about a contact, the newest first", answer=list_of(NOTE))
def index(contact_id: int) -> ResponseReturnValue:
    contact = _contact(contact_id)
    members = _members()
    return jsonify([note_json(note, contact, members.get(note.user_id)) for note in notes_of(contact)])


@bp.post("")
@requires(Permission.CONTACTS_EDIT)
@describes("Write a note", body=NOTE_CONTENT, under=NAME, answer=NOTE)
def create(contact_id: int) -> ResponseReturnValue:
    contact = _contact(contact_id)
    content = accepted(NOTE_CONTENT, under=NAME)["content"] or ""
    return _one(add_note(contact, content=content, author=current_user()), contact)


@bp.get("/<int:note_id>")
@requires(Permission.CONTACTS_EDIT)
@describes("Show a note", answer=NOTE)
def show(contact_id: int, note_id: int) -> ResponseReturnValue:
    contact = _contact(contact_id)
    return _one(note_of(contact, note_id), contact)


@bp.route("/<int:note_id>", methods=["PATCH", "PUT"])
@requires(Permission.CONTACTS_EDIT)
@describes("Change a note", body=NOTE_CONTENT, under=NAME, answer=NOTE)
def change(contact_id: int, note_id: int) -> ResponseReturnValue:
    contact = _contact(contact_id)
    note = note_of(contact, note_id)
    change_note(note, content=accepted(NOTE_CONTENT, under=NAME)["content"] or "")
    return _one(note, contact)


@bp.delete("/<int:note_id>")
@requires(Permission.CONTACTS_EDIT)
@describes("Delete a note")
def delete(contact_id: int, note_id: int) -> ResponseReturnValue:
    remove_note(note_of(_contact(contact_id), note_id))
    return empty()


def _contact(contact_id: int) -> Contact:
    return contact_of(current_account().id, contact_id)


def _members() -> dict[int | None, Membership]:
    return {membership.user_id: membership for membership in members_of(current_account().id)}


def _one(note: Note, contact: Contact) -> ResponseReturnValue:
    return jsonify(note_json(note, contact, _members().get(note.user_id)))
