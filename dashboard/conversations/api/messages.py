"""JSON doors: the messages of a conversation. In every path its id is the display id."""

from functools import partial
from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.bots.serializers import kind_of
from dashboard.conversations.api.shared import author_of
from dashboard.conversations.api.shared import written
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import taken_in
from dashboard.conversations.operations.delivery import report_status
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.operations.posting import name_for
from dashboard.conversations.operations.posting import post_once
from dashboard.conversations.queries.files import attachments_count
from dashboard.conversations.queries.files import attachments_of
from dashboard.conversations.queries.messages import message_of
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.summaries import conversation_of
from dashboard.conversations.queries.summaries import summary_of
from dashboard.conversations.schemas import ATTACHMENTS
from dashboard.conversations.schemas import MESSAGE
from dashboard.conversations.schemas import MESSAGE_CREATION
from dashboard.conversations.schemas import MESSAGE_STATUS
from dashboard.conversations.schemas import MESSAGES
from dashboard.conversations.serializers import listed_attachment_json
from dashboard.conversations.serializers import message_json
from dashboard.conversations.serializers import messages_meta
from dashboard.http import arguments
from dashboard.http.bodies import accepted
from dashboard.http.bodies import body
from dashboard.http.bodies import checked
from dashboard.http.bodies import files_under
from dashboard.http.bodies import fitted
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.current import current_viewer
from dashboard.http.errors import Refused
from dashboard.http.errors import envelope
from dashboard.http.errors import refusal
from dashboard.http.guards import requires
from dashboard.http.openapi import PAGE
from dashboard.http.openapi import describes
from dashboard.lib.errors import Invalid
from dashboard.lib.shapes import ID
from dashboard.lib.shapes import TEXT
from dashboard.transactions import transaction
from dashboard.webhooks.operations.resending import retry_message

NOT_AN_API_INBOX = "Message status update is only allowed for API inboxes"
AFTER_PAGE, RANGE_PAGE, THREAD_PAGE = 100, 1000, 20

_CONVERSATION = "/accounts/<int:account_id>/conversations/<int:conversation_id>"

bp = Blueprint("messages", __name__, url_prefix=f"{_CONVERSATION}/messages")
attachments = Blueprint("attachments", __name__, url_prefix=f"{_CONVERSATION}/attachments")


@bp.get("")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "List messages, the oldest first",
    query={"before": ID, "after": ID, "filter_internal_messages": TEXT},
    answer=MESSAGES,
    details="The last 20; the 20 before one; the 100 after one; or what lies between the two.",
)
def list_messages(conversation_id: int) -> ResponseReturnValue:
    summary = summary_of(current_membership(), conversation_id)
    before, after = arguments.number("before"), arguments.number("after")
    limit = THREAD_PAGE if after is None else AFTER_PAGE if before is None else RANGE_PAGE
    found = messages_of(
        summary.conversation,
        before=before,
        after=after,
        limit=limit,
        without_internal=bool(arguments.word("filter_internal_messages")),
    )
    return jsonify(
        meta=messages_meta(summary),
        payload=[message_json(message, summary.conversation) for message in found],
    )


@bp.post("")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes(
    "Write a message, a private note, or one that came in from the contact",
    body=MESSAGE_CREATION,
    under="message",
    answer=MESSAGE,
    details="What is sent again with the same content and the same `echo_id` of 16 characters or more is not "
    "posted again: the answer is the message that there is.",
)
def create_message(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    sent = body(files="attachments")
    wrapped = sent.get("message")
    try:
        given = checked(
            fitted(wrapped if isinstance(wrapped, dict) else sent, MESSAGE_CREATION), MESSAGE_CREATION
        )
        name = _name_for(given)
        message = post_once(conversation, name, partial(_write, conversation, given, name))
    except Invalid as error:
        return refusal("Validation failed: ", error.problems)
    message.echo_id = given.get("echo_id") or ""
    return jsonify(message_json(message, conversation))


@attachments.get("")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "List the files of a conversation, 100 on a page, the newest first",
    query={"page": PAGE},
    answer=ATTACHMENTS,
)
def list_attachments(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    found = attachments_of(conversation, page=arguments.page_number())
    payload = [listed_attachment_json(file, conversation) for file in found]
    return jsonify(meta={"total_count": attachments_count(conversation)}, payload=payload)


@bp.delete("/<int:message_id>")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Take the content of a message away", answer=MESSAGE)
def remove_message(conversation_id: int, message_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    message = message_of(conversation, message_id)
    delete_message(message, actor=current_user())
    return jsonify(message_json(message, conversation))


@bp.route("/<int:message_id>", methods=["PATCH", "PUT"])
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "Tell how a message fares on its way to the contact",
    body=MESSAGE_STATUS,
    answer=MESSAGE,
    details="It goes forward only: sent, delivered, read. Failing is always possible, with an "
    "`external_error`, and so is getting over it.",
)
def change_message(conversation_id: int, message_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    message = message_of(conversation, message_id)
    if conversation.inbox.kind != "api":
        return envelope(NOT_AN_API_INBOX, 403)
    given = accepted(MESSAGE_STATUS)
    report_status(
        message, status=given["status"], external_error=given.get("external_error"), actor=current_user()
    )
    return jsonify(message_json(message, conversation))


@bp.post("/<int:message_id>/retry")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Send a message that failed once more", answer=MESSAGE)
def retry(conversation_id: int, message_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    message = message_of(conversation, message_id)
    try:
        retry_message(message, actor=current_user())
    except Invalid as error:
        raise Refused(str(error.problems[0])) from None
    return jsonify(message_json(message, conversation))


def _name_for(given: dict[str, Any]) -> str | None:
    """The same words as a note, or as the contact's, are another message."""
    author = author_of(given)
    sender = f"{kind_of(author)} {author.id} {given.get('message_type')} {given.get('private')}"
    return name_for(given.get("echo_id"), content=given.get("content") or "", sender=sender)


def _write(conversation: Conversation, given: dict[str, Any], name: str | None) -> Message:
    files = [(file.stream, file.filename) for file in files_under("attachments")]
    tickets = given.get("attachments") or []
    with taken_in(files, tickets=tickets, account_id=conversation.account_id) as uploads, transaction():
        message = written(conversation, given, attachments=uploads, sent_as=name)
        message.echo_id = given.get("echo_id") or ""
    return message
