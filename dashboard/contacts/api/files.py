"""JSON doors: what was sent to and by a contact."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.contacts.queries import contact_of
from dashboard.conversations.queries.files import files_of_contact
from dashboard.conversations.queries.files import files_of_contact_count
from dashboard.conversations.schemas import ATTACHMENTS
from dashboard.conversations.serializers import listed_attachment_json
from dashboard.http import arguments
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.guards import requires
from dashboard.http.openapi import PAGE
from dashboard.http.openapi import describes

bp = Blueprint(
    "contact_attachments",
    __name__,
    url_prefix="/accounts/<int:account_id>/contacts/<int:contact_id>/attachments",
)


@bp.get("")
@requires(Permission.CONTACTS_EDIT)
@describes(
    "List the files in a contact's conversations, 100 on a page, the newest first",
    query={"page": PAGE},
    answer=ATTACHMENTS,
)
def index(contact_id: int) -> ResponseReturnValue:
    contact, membership = contact_of(current_account().id, contact_id), current_membership()
    payload = []
    for file in files_of_contact(membership, contact, page=arguments.page_number()):
        conversation = file.message.conversation
        face = listed_attachment_json(file, conversation)
        payload.append({**face, "conversation_id": conversation.display_id})
    return jsonify(meta={"total_count": files_of_contact_count(membership, contact)}, payload=payload)
