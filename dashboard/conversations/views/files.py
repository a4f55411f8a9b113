"""Files: those that wait for their message, and those of messages, for agents and by signed address."""

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.conversations.models import Attachment
from dashboard.conversations.operations.attaching import take_in
from dashboard.conversations.operations.attaching import ticket_for
from dashboard.conversations.queries.files import any_attachment
from dashboard.conversations.queries.files import attachment_of
from dashboard.conversations.views.blueprint import bp
from dashboard.conversations.views.opened import open_conversation
from dashboard.http.errors import say
from dashboard.http.guards import public
from dashboard.http.guards import requires
from dashboard.http.stored import stored_file
from dashboard.lib.checks import BLANK
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.file_addresses import file_in_address
from dashboard.lib.thumbnails import CONTENT_TYPE
from dashboard.transactions import let_others_write

KEPT = 24 * 3600  # seconds: a file never changes, but the right to see it may

public_bp = Blueprint("files", __name__, url_prefix="/files")


@bp.post("/<int:display_id>/uploads")
@requires(Permission.CONVERSATIONS_WORK)
def upload(display_id: int) -> ResponseReturnValue:
    """Take in one file ahead of its message, so that the composer can tell how far it is."""
    conversation = open_conversation(display_id).conversation
    account_id = conversation.account_id
    file = request.files.get("file")
    try:
        if file is None:
            raise Invalid("file", BLANK)
        let_others_write()
        taken = take_in(file.stream, name=file.filename)
    except Invalid as error:
        return jsonify(error=say(error.problems[0])), 422
    return jsonify(ticket=ticket_for(taken, account_id=account_id))


@bp.get("/<int:display_id>/attachments/<int:attachment_id>/<string:name>")
@requires(Permission.CONVERSATIONS_WORK)
def attachment(display_id: int, attachment_id: int, name: str) -> ResponseReturnValue:
    """A file of a conversation that the agent works in; the name is only for people."""
    return _sent(attachment_of(open_conversation(display_id).conversation, attachment_id))


@public_bp.get("/<string:ticket>/<string:name>")
@public
def show(ticket: str, name: str) -> ResponseReturnValue:
    """A file for whoever has its signed address: customers, and programs that were told of it."""
    attachment_id = file_in_address(ticket)
    if attachment_id is None:
        raise NotFound
    return _sent(any_attachment(attachment_id))


def _sent(file: Attachment) -> Response:
    wants_small = "thumb" in request.args
    if wants_small and file.has_thumbnail:
        return stored_file(file.thumbnail_key, name=file.name, content_type=CONTENT_TYPE, seconds=KEPT)
    seconds = 0 if wants_small else KEPT  # the small picture may be there in a moment
    return stored_file(file.key, name=file.name, content_type=file.content_type, seconds=seconds)
