"""Doors of the client API: what is said in one of the customer's conversations."""

from functools import partial
from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.channels.api.api.shared import PREFIX
from dashboard.channels.api.api.shared import given
from dashboard.channels.api.api.shared import limited
from dashboard.channels.api.api.shared import take_answer
from dashboard.channels.api.queries import conversation_of_session
from dashboard.channels.api.queries import page_said_in
from dashboard.channels.api.queries import said_message_of
from dashboard.channels.api.queries import session_in
from dashboard.channels.api.schemas import MESSAGE
from dashboard.channels.api.schemas import MESSAGE_CHANGES
from dashboard.channels.api.schemas import MESSAGE_CREATION
from dashboard.channels.api.schemas import MESSAGES
from dashboard.channels.api.schemas import SUBMITTED
from dashboard.channels.api.serializers import client_message
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import taken_in
from dashboard.conversations.operations.posting import name_for
from dashboard.conversations.operations.posting import post_once
from dashboard.conversations.operations.posting import receive_message
from dashboard.http import arguments
from dashboard.http.bodies import files_under
from dashboard.http.bodies import fitted
from dashboard.http.errors import refusal
from dashboard.http.guards import public
from dashboard.http.openapi import describes
from dashboard.lib.errors import Invalid
from dashboard.lib.shapes import ID
from dashboard.transactions import transaction

bp = limited(
    Blueprint(
        "client_messages",
        __name__,
        url_prefix=f"{PREFIX}/contacts/<string:source_id>/conversations/<int:conversation_id>/messages",
    )
)


@bp.get("")
@public
@describes(
    "List the last 20 messages, or the 20 before one, the oldest first", query={"before": ID}, answer=MESSAGES
)
def index(identifier: str, source_id: str, conversation_id: int) -> ResponseReturnValue:
    conversation = _conversation(identifier, source_id, conversation_id)
    found = page_said_in(conversation, before=arguments.number("before"))
    return jsonify([client_message(message, conversation) for message in found])


@bp.post("")
@public
@describes(
    "Write as the customer",
    body=MESSAGE_CREATION,
    answer=MESSAGE,
    details="Files come in a multipart body as `attachments[]`: 15 at most, of 40 MB each. What is sent "
    "again with the same content and the same `echo_id` of 16 characters or more is not posted again.",
)
def create(identifier: str, source_id: str, conversation_id: int) -> ResponseReturnValue:
    conversation = _conversation(identifier, source_id, conversation_id)
    try:
        sent = given(MESSAGE_CREATION, files="attachments")
        content, echo_id = sent.get("content") or "", sent.get("echo_id") or ""
        name = name_for(echo_id, content=content, sender="contact")
        message = post_once(conversation, name, partial(_receive, conversation, content, echo_id, name))
    except Invalid as error:
        return refusal("Validation failed: ", error.problems)
    return jsonify(client_message(message, conversation))


@bp.route("/<int:message_id>", methods=["PATCH", "PUT"])
@public
@describes("Answer what a message asks: a choice, a form, a rating", body=MESSAGE_CHANGES, answer=MESSAGE)
def change(identifier: str, source_id: str, conversation_id: int, message_id: int) -> ResponseReturnValue:
    conversation = _conversation(identifier, source_id, conversation_id)
    message = said_message_of(conversation, message_id)
    take_answer(message, _submitted(given(MESSAGE_CHANGES)["submitted_values"]))
    return jsonify(client_message(message, conversation))


def _receive(conversation: Conversation, content: str, echo_id: str, name: str | None) -> Message:
    files = [(file.stream, file.filename) for file in files_under("attachments")]
    with taken_in(files, account_id=conversation.account_id) as uploads, transaction():
        message = receive_message(conversation, content=content, attachments=uploads, sent_as=name)
        message.echo_id = echo_id
    return message


def _submitted(values: Any) -> Any:
    """What is known of it, of one or of each."""
    if isinstance(values, list):
        return [fitted(value, SUBMITTED) for value in values]
    return fitted(values, SUBMITTED)


def _conversation(identifier: str, source_id: str, conversation_id: int) -> Conversation:
    return conversation_of_session(session_in(identifier, source_id), conversation_id)
