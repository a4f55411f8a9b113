"""JSON doors: who is who: two contacts that are one, and a session's contact."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.contacts.queries import contact_of
from dashboard.contacts.schemas import CONTACT
from dashboard.contacts.schemas import MERGE
from dashboard.contacts.serializers import contact_json
from dashboard.conversations.operations.merging import merge_people
from dashboard.http.bodies import accepted
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.inboxes.queries import inbox_of
from dashboard.inboxes.queries import session_by_source_id
from dashboard.inboxes.queries import sessions_of
from dashboard.inboxes.schemas import SESSION_NAME
from dashboard.inboxes.serializers import contact_with_sessions_json

bp = Blueprint("contact_identity", __name__, url_prefix="/accounts/<int:account_id>")


@bp.post("/actions/contact_merge")
@requires(Permission.CONTACTS_EDIT)
@describes(
    "Make two contacts one",
    body=MERGE,
    answer=CONTACT,
    details="What the base says wins, its gaps are filled from the mergee, which goes.",
)
def merge() -> ResponseReturnValue:
    given, account_id = accepted(MERGE), current_account().id
    base = contact_of(account_id, given["base_contact_id"])
    mergee = contact_of(account_id, given["mergee_contact_id"])
    return jsonify(contact_json(merge_people(base, mergee, actor=current_user())))


@bp.post("/contact_inboxes/filter")
@requires(Permission.CONTACTS_EDIT)
@describes("Find the contact of a session", body=SESSION_NAME, answer=CONTACT)
def find() -> ResponseReturnValue:
    given = accepted(SESSION_NAME)
    inbox = inbox_of(current_membership(), given["inbox_id"])
    session = session_by_source_id(current_account().id, given["source_id"], inbox_id=inbox.id)
    contact = contact_of(current_account().id, session.contact_id)
    sessions = sessions_of(current_membership(), [contact.id])[contact.id]
    return jsonify(contact_with_sessions_json(contact, sessions))
