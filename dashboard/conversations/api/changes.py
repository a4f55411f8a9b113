"""JSON doors: what is changed about a conversation. In every path the id is the display id."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.models import User
from dashboard.accounts.permissions import Permission
from dashboard.accounts.schemas import AGENT
from dashboard.accounts.serializers import agent_json
from dashboard.bots.models import AgentBot
from dashboard.bots.schemas import SLIM_BOT
from dashboard.bots.serializers import slim_bot_json
from dashboard.conversations.api.shared import bot_if_any
from dashboard.conversations.api.shared import member_if_any
from dashboard.conversations.api.shared import shown
from dashboard.conversations.operations.handing import hand_off
from dashboard.conversations.operations.reading import mark_seen
from dashboard.conversations.operations.reading import mark_unread
from dashboard.conversations.operations.reading import tell_typing
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_priority
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import delete_conversation
from dashboard.conversations.operations.routing import mute
from dashboard.conversations.operations.routing import set_custom_attributes
from dashboard.conversations.operations.routing import set_labels
from dashboard.conversations.operations.routing import unmute
from dashboard.conversations.queries.summaries import conversation_of
from dashboard.conversations.schemas import ASSIGNMENT
from dashboard.conversations.schemas import ATTRIBUTES
from dashboard.conversations.schemas import CHANGES
from dashboard.conversations.schemas import CONVERSATION
from dashboard.conversations.schemas import LABELLED
from dashboard.conversations.schemas import LABELS
from dashboard.conversations.schemas import STATUS
from dashboard.conversations.schemas import STATUS_CHANGED
from dashboard.conversations.schemas import TYPING
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.current import current_actor
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.current import current_viewer
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.lib import clock
from dashboard.transactions import transaction

bp = Blueprint(
    "conversation", __name__, url_prefix="/accounts/<int:account_id>/conversations/<int:conversation_id>"
)


@bp.route("", methods=["PATCH", "PUT"])
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes("Set the priority, and show the conversation", body=CHANGES, answer=CONVERSATION)
def change(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    given = accepted(CHANGES)
    if "priority" in given:
        change_priority(conversation, to=given["priority"] or None, actor=current_actor())
    return shown(conversation_id)


@bp.delete("")
@requires(Permission.CONVERSATIONS_DELETE)
@describes("Delete a conversation with its messages")
def delete(conversation_id: int) -> ResponseReturnValue:
    delete_conversation(conversation_of(current_membership(), conversation_id), actor=current_user())
    return empty()


@bp.post("/toggle_status")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes(
    "Set the status, or turn open into resolved and anything else into open",
    body=STATUS,
    answer=STATUS_CHANGED,
    details="An agent, who is no administrator, takes over what it opens. A bot that opens what is pending "
    "hands it over: the contact waits for a person from then on.",
)
def toggle_status(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    given, actor = accepted(STATUS), current_actor()
    to = given.get("status") or ("resolved" if conversation.status == "open" else "open")
    until = given.get("snoozed_until")
    hands_over = isinstance(actor, AgentBot) and (conversation.status, to) == ("pending", "open")
    with transaction():
        if hands_over:
            hand_off(conversation, actor=actor)
        else:
            snoozed_until = clock.from_epoch(until) if until else None
            change_status(conversation, to=to, snoozed_until=snoozed_until, actor=actor)
        if to == "open" and isinstance(actor, User) and not current_membership().is_administrator:
            assign_conversation(conversation, to=actor, actor=actor)
    return jsonify(
        payload={
            "success": None if hands_over else True,
            "conversation_id": conversation.display_id,
            "current_status": conversation.status,
            "snoozed_until": clock.epoch(conversation.snoozed_until) or None,
        }
    )


@bp.post("/toggle_typing_status")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes(
    "Tell the others in the conversation that one types, or has stopped",
    body=TYPING,
    details="The contact is not told of what `is_private` says will be a note.",
)
def toggle_typing_status(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    given = accepted(TYPING)
    tell_typing(
        conversation,
        is_typing=given["typing_status"] == "on",
        is_private=given.get("is_private", False),
        user=current_actor(),
    )
    return empty()


@bp.post("/toggle_priority")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes("Set or remove the priority", body=CHANGES)
def toggle_priority(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    change_priority(conversation, to=accepted(CHANGES).get("priority") or None, actor=current_actor())
    return empty()


@bp.post("/assignments")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes(
    "Give the conversation to somebody, or to a bot; to nobody, if the number is no one's",
    body=ASSIGNMENT,
    answer={"anyOf": [AGENT, SLIM_BOT, {"type": "null"}]},
)
def assign(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    given = accepted(ASSIGNMENT)
    if "assignee_id" not in given:
        return jsonify(None)
    if given.get("assignee_type") == "AgentBot":
        bot = bot_if_any(given["assignee_id"])
        assign_conversation(conversation, to=bot, actor=current_actor())
        return jsonify(slim_bot_json(bot) if bot else None)
    assignee = member_if_any(given["assignee_id"])
    assign_conversation(conversation, to=assignee.user if assignee else None, actor=current_actor())
    return jsonify(agent_json(assignee) if assignee else None)


@bp.get("/labels")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes("List the labels", answer=LABELLED)
def labels(conversation_id: int) -> ResponseReturnValue:
    return jsonify(payload=conversation_of(current_viewer(), conversation_id).labels)


@bp.post("/labels")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes("Replace the labels", body=LABELS, answer=LABELLED)
def label(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    set_labels(conversation, labels=accepted(LABELS)["labels"], actor=current_actor())
    return jsonify(payload=conversation.labels)


@bp.post("/custom_attributes")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes("Replace the custom attributes", body=ATTRIBUTES, answer=ATTRIBUTES)
def change_custom_attributes(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_viewer(), conversation_id)
    attributes = accepted(ATTRIBUTES)["custom_attributes"]
    set_custom_attributes(conversation, attributes=attributes, actor=current_actor())
    return jsonify(custom_attributes=conversation.custom_attributes)


@bp.post("/mute")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Block the contact and resolve")
def mute_conversation(conversation_id: int) -> ResponseReturnValue:
    mute(conversation_of(current_membership(), conversation_id), actor=current_user())
    return empty()


@bp.post("/unmute")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Unblock the contact")
def unmute_conversation(conversation_id: int) -> ResponseReturnValue:
    unmute(conversation_of(current_membership(), conversation_id), actor=current_user())
    return empty()


@bp.post("/update_last_seen")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Note that one has seen what there is", answer=CONVERSATION)
def update_last_seen(conversation_id: int) -> ResponseReturnValue:
    mark_seen(conversation_of(current_membership(), conversation_id), actor=current_user())
    return shown(conversation_id)


@bp.post("/unread")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Make the last message of the contact unread again", answer=CONVERSATION)
def unread(conversation_id: int) -> ResponseReturnValue:
    mark_unread(conversation_of(current_membership(), conversation_id))
    return shown(conversation_id)
