"""Doors of the client API: the customer's conversations."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.channels.api.api.shared import PREFIX
from dashboard.channels.api.api.shared import given
from dashboard.channels.api.api.shared import limited
from dashboard.channels.api.queries import conversation_of_session
from dashboard.channels.api.queries import conversations_of_session
from dashboard.channels.api.queries import said_in
from dashboard.channels.api.queries import session_in
from dashboard.channels.api.schemas import CONVERSATION
from dashboard.channels.api.schemas import CONVERSATION_CREATION
from dashboard.channels.api.schemas import CONVERSATIONS
from dashboard.channels.api.schemas import TYPING
from dashboard.channels.api.serializers import client_conversation
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.reading import mark_seen_by_contact
from dashboard.conversations.operations.reading import tell_typing
from dashboard.conversations.operations.routing import resolve_by_contact
from dashboard.http.answers import empty
from dashboard.http.guards import public
from dashboard.http.openapi import describes

bp = limited(
    Blueprint(
        "client_conversations", __name__, url_prefix=f"{PREFIX}/contacts/<string:source_id>/conversations"
    )
)


@bp.get("")
@public
@describes(
    "List the session's conversations with what was said",
    answer=CONVERSATIONS,
    details="A session that proved who it is sees all conversations of its contact.",
)
def index(identifier: str, source_id: str) -> ResponseReturnValue:
    conversations = conversations_of_session(session_in(identifier, source_id))
    said = said_in([conversation.id for conversation in conversations])
    return jsonify(
        [client_conversation(conversation, said[conversation.id]) for conversation in conversations]
    )


@bp.post("")
@public
@describes("Open a conversation", body=CONVERSATION_CREATION, answer=CONVERSATION)
def create(identifier: str, source_id: str) -> ResponseReturnValue:
    session = session_in(identifier, source_id)
    attributes = given(CONVERSATION_CREATION).get("custom_attributes")
    return _shown(open_conversation(session, custom_attributes=attributes, actor=None))


@bp.get("/<int:conversation_id>")
@public
@describes("Show a conversation with what was said", answer=CONVERSATION)
def show(identifier: str, source_id: str, conversation_id: int) -> ResponseReturnValue:
    return _shown(_conversation(identifier, source_id, conversation_id))


@bp.post("/<int:conversation_id>/toggle_status")
@public
@describes("Resolve the conversation; what is resolved stays so", answer=CONVERSATION)
def toggle_status(identifier: str, source_id: str, conversation_id: int) -> ResponseReturnValue:
    conversation = _conversation(identifier, source_id, conversation_id)
    resolve_by_contact(conversation)
    return _shown(conversation)


@bp.post("/<int:conversation_id>/toggle_typing")
@public
@describes("Tell whether the customer is typing: `on` or `off`", body=TYPING)
def toggle_typing(identifier: str, source_id: str, conversation_id: int) -> ResponseReturnValue:
    conversation = _conversation(identifier, source_id, conversation_id)
    status = given(TYPING).get("typing_status")
    if status in {"on", "off"}:
        tell_typing(conversation, is_typing=status == "on", user=None)
    return empty()


@bp.post("/<int:conversation_id>/update_last_seen")
@public
@describes("Note that the customer has seen what there is")
def update_last_seen(identifier: str, source_id: str, conversation_id: int) -> ResponseReturnValue:
    mark_seen_by_contact(_conversation(identifier, source_id, conversation_id))
    return empty()


def _conversation(identifier: str, source_id: str, conversation_id: int) -> Conversation:
    return conversation_of_session(session_in(identifier, source_id), conversation_id)


def _shown(conversation: Conversation) -> ResponseReturnValue:
    return jsonify(client_conversation(conversation, said_in([conversation.id])[conversation.id]))
