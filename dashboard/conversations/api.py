"""JSON doors: conversations and their messages. In every path the id is the display id."""

from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.models import Membership
from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import member_of
from dashboard.accounts.schemas import AGENT
from dashboard.accounts.serializers import agent_json
from dashboard.contacts.queries import contact_of
from dashboard.contacts.schemas import FILTER
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.reading import mark_seen
from dashboard.conversations.operations.reading import mark_unread
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_priority
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import delete_conversation
from dashboard.conversations.operations.routing import mute
from dashboard.conversations.operations.routing import set_custom_attributes
from dashboard.conversations.operations.routing import set_labels
from dashboard.conversations.operations.routing import unmute
from dashboard.conversations.queries import Counts
from dashboard.conversations.queries import conversation_of
from dashboard.conversations.queries import conversations_page
from dashboard.conversations.queries import counts_of
from dashboard.conversations.queries import filter_of
from dashboard.conversations.queries import filtered_counts
from dashboard.conversations.queries import filtered_page
from dashboard.conversations.queries import message_of
from dashboard.conversations.queries import messages_of
from dashboard.conversations.queries import summary_of
from dashboard.conversations.schemas import ASSIGNEE_TYPES
from dashboard.conversations.schemas import ASSIGNMENT
from dashboard.conversations.schemas import ATTRIBUTES
from dashboard.conversations.schemas import CHANGES
from dashboard.conversations.schemas import CONVERSATION
from dashboard.conversations.schemas import COUNTS
from dashboard.conversations.schemas import CREATION
from dashboard.conversations.schemas import FILTERED
from dashboard.conversations.schemas import LABELLED
from dashboard.conversations.schemas import LABELS
from dashboard.conversations.schemas import LIST
from dashboard.conversations.schemas import MESSAGE
from dashboard.conversations.schemas import MESSAGE_CREATION
from dashboard.conversations.schemas import MESSAGES
from dashboard.conversations.schemas import SORTS
from dashboard.conversations.schemas import STATUS
from dashboard.conversations.schemas import STATUS_CHANGED
from dashboard.conversations.schemas import STATUSES
from dashboard.conversations.schemas import Wanted
from dashboard.conversations.serializers import conversation_json
from dashboard.conversations.serializers import message_json
from dashboard.conversations.serializers import messages_meta
from dashboard.http import arguments
from dashboard.http.answers import empty
from dashboard.http.bodies import NO_FILES
from dashboard.http.bodies import accepted
from dashboard.http.bodies import body
from dashboard.http.bodies import checked
from dashboard.http.bodies import fitted
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.errors import Refused
from dashboard.http.errors import refusal
from dashboard.http.guards import requires
from dashboard.http.openapi import ID
from dashboard.http.openapi import PAGE
from dashboard.http.openapi import TEXT
from dashboard.http.openapi import describes
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.operations import open_session
from dashboard.inboxes.queries import inbox_of
from dashboard.inboxes.queries import session_by_source_id
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.filters import BadFilter
from dashboard.transactions import transaction

AFTER_PAGE, RANGE_PAGE, THREAD_PAGE = 100, 1000, 20
NO_SESSION = "Specify source_id, or inbox_id and contact_id"
_NARROWED = {
    "assignee_type": {"enum": list(ASSIGNEE_TYPES)},
    "inbox_id": ID,
    "labels[]": {"type": "array", "items": TEXT},
    "q": TEXT,
}
_LISTED = {"status": {"enum": [*STATUSES, "all"]}, **_NARROWED}

bp = Blueprint("conversations", __name__, url_prefix="/accounts/<int:account_id>/conversations")
messages = Blueprint(
    "messages", __name__, url_prefix="/accounts/<int:account_id>/conversations/<int:conversation_id>/messages"
)


@bp.get("")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "List conversations, 25 on a page",
    query={**_LISTED, "sort_by": {"enum": list(SORTS)}, "page": PAGE},
    answer=LIST,
    details="Open ones, unless `status` or `q` says otherwise. The counts leave `assignee_type` aside.",
)
def index() -> ResponseReturnValue:
    wanted = _wanted()
    found = conversations_page(current_membership(), wanted, page=arguments.page_number())
    counts = counts_of(current_membership(), wanted)
    return jsonify(data={"meta": _meta(counts), "payload": [conversation_json(summary) for summary in found]})


@bp.get("/meta")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Count conversations", query=_LISTED, answer=COUNTS)
def meta() -> ResponseReturnValue:
    return jsonify(meta=_meta(counts_of(current_membership(), _wanted())))


@bp.post("/filter")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Filter conversations", query={"page": PAGE}, body=FILTER, answer=FILTERED)
def filter_conversations() -> ResponseReturnValue:
    try:
        condition = filter_of(body().get("payload"))
    except BadFilter as error:
        raise Refused(str(error)) from None
    counts = _meta(filtered_counts(current_membership(), condition))
    del counts["assigned_count"]
    found = filtered_page(current_membership(), condition, page=arguments.page_number())
    return jsonify(meta=counts, payload=[conversation_json(summary) for summary in found])


@bp.post("")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "Open a conversation, with a first message if there is one",
    body=CREATION,
    answer=CONVERSATION,
    details="In the session that `source_id` names, or in the one that `contact_id` has in `inbox_id`.",
)
def create() -> ResponseReturnValue:
    given = accepted(CREATION)
    assignee = _member(given.get("assignee_id"))
    until = given.get("snoozed_until")
    with transaction():
        conversation = open_conversation(
            _session(given),
            status=given.get("status") or "open",
            snoozed_until=clock.from_epoch(until) if until else None,
            assignee=assignee.user if assignee else None,
            additional_attributes=given.get("additional_attributes"),
            custom_attributes=given.get("custom_attributes"),
            actor=current_user(),
        )
        if given.get("message"):
            _post(conversation, given["message"])
    return _shown(conversation.display_id)


@bp.get("/<int:conversation_id>")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Show a conversation", answer=CONVERSATION)
def show(conversation_id: int) -> ResponseReturnValue:
    return _shown(conversation_id)


@bp.route("/<int:conversation_id>", methods=["PATCH", "PUT"])
@requires(Permission.CONVERSATIONS_WORK)
@describes("Set the priority, and show the conversation", body=CHANGES, answer=CONVERSATION)
def change(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    given = accepted(CHANGES)
    if "priority" in given:
        change_priority(conversation, to=given["priority"] or None, actor=current_user())
    return _shown(conversation_id)


@bp.delete("/<int:conversation_id>")
@requires(Permission.CONVERSATIONS_DELETE)
@describes("Delete a conversation with its messages")
def delete(conversation_id: int) -> ResponseReturnValue:
    delete_conversation(conversation_of(current_membership(), conversation_id), actor=current_user())
    return empty()


@bp.post("/<int:conversation_id>/toggle_status")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "Set the status, or turn open into resolved and anything else into open",
    body=STATUS,
    answer=STATUS_CHANGED,
    details="An agent, who is no administrator, takes over what it opens.",
)
def toggle_status(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    given = accepted(STATUS)
    to = given.get("status") or ("resolved" if conversation.status == "open" else "open")
    until = given.get("snoozed_until")
    with transaction():
        change_status(
            conversation,
            to=to,
            snoozed_until=clock.from_epoch(until) if until else None,
            actor=current_user(),
        )
        if to == "open" and not current_membership().is_administrator:
            assign_conversation(conversation, to=current_user(), actor=current_user())
    return jsonify(
        payload={
            "success": True,
            "conversation_id": conversation.display_id,
            "current_status": conversation.status,
            "snoozed_until": clock.epoch(conversation.snoozed_until) or None,
        }
    )


@bp.post("/<int:conversation_id>/toggle_priority")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Set or remove the priority", body=CHANGES)
def toggle_priority(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    change_priority(conversation, to=accepted(CHANGES).get("priority") or None, actor=current_user())
    return empty()


@bp.post("/<int:conversation_id>/assignments")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "Give the conversation to somebody; to nobody, if the number is no one's",
    body=ASSIGNMENT,
    answer={"anyOf": [AGENT, {"type": "null"}]},
)
def assign(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    given = accepted(ASSIGNMENT)
    if "assignee_id" not in given:
        return jsonify(None)
    assignee = _member_if_any(given["assignee_id"])
    assign_conversation(conversation, to=assignee.user if assignee else None, actor=current_user())
    return jsonify(agent_json(assignee) if assignee else None)


@bp.get("/<int:conversation_id>/labels")
@requires(Permission.CONVERSATIONS_WORK)
@describes("List the labels", answer=LABELLED)
def labels(conversation_id: int) -> ResponseReturnValue:
    return jsonify(payload=conversation_of(current_membership(), conversation_id).labels)


@bp.post("/<int:conversation_id>/labels")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Replace the labels", body=LABELS, answer=LABELLED)
def label(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    set_labels(conversation, labels=accepted(LABELS)["labels"], actor=current_user())
    return jsonify(payload=conversation.labels)


@bp.post("/<int:conversation_id>/custom_attributes")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Replace the custom attributes", body=ATTRIBUTES, answer=ATTRIBUTES)
def change_custom_attributes(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    attributes = accepted(ATTRIBUTES)["custom_attributes"]
    set_custom_attributes(conversation, attributes=attributes, actor=current_user())
    return jsonify(custom_attributes=conversation.custom_attributes)


@bp.post("/<int:conversation_id>/mute")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Block the contact and resolve")
def mute_conversation(conversation_id: int) -> ResponseReturnValue:
    mute(conversation_of(current_membership(), conversation_id), actor=current_user())
    return empty()


@bp.post("/<int:conversation_id>/unmute")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Unblock the contact")
def unmute_conversation(conversation_id: int) -> ResponseReturnValue:
    unmute(conversation_of(current_membership(), conversation_id), actor=current_user())
    return empty()


@bp.post("/<int:conversation_id>/update_last_seen")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Note that one has seen what there is", answer=CONVERSATION)
def update_last_seen(conversation_id: int) -> ResponseReturnValue:
    mark_seen(conversation_of(current_membership(), conversation_id), actor=current_user())
    return _shown(conversation_id)


@bp.post("/<int:conversation_id>/unread")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Make the last message of the contact unread again", answer=CONVERSATION)
def unread(conversation_id: int) -> ResponseReturnValue:
    mark_unread(conversation_of(current_membership(), conversation_id))
    return _shown(conversation_id)


@messages.get("")
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


@messages.post("")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "Write a message, a private note, or one that came in from the contact",
    body=MESSAGE_CREATION,
    under="message",
    answer=MESSAGE,
)
def create_message(conversation_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    sent = body()
    if sent.get("attachments"):
        raise Refused(NO_FILES)
    wrapped = sent.get("message")
    try:
        given = checked(
            fitted(wrapped if isinstance(wrapped, dict) else sent, MESSAGE_CREATION), MESSAGE_CREATION
        )
        message = _post(conversation, given)
    except Invalid as error:
        return refusal("Validation failed: ", error.problems)
    return jsonify(message_json(message, conversation, given.get("echo_id")))


@messages.delete("/<int:message_id>")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Take the content of a message away", answer=MESSAGE)
def remove_message(conversation_id: int, message_id: int) -> ResponseReturnValue:
    conversation = conversation_of(current_membership(), conversation_id)
    message = message_of(conversation, message_id)
    delete_message(message, actor=current_user())
    return jsonify(message_json(message, conversation))


def _wanted() -> Wanted:
    """What the address asks for; a search looks at every status."""
    if arguments.number("team_id") is not None:
        raise NotFound  # there are no teams yet
    q = arguments.word("q").strip()
    return Wanted(
        status="all" if q else arguments.word("status") or "open",
        assignee_type=arguments.word("assignee_type") or "all",
        inbox_id=arguments.number("inbox_id"),
        labels=arguments.words("labels"),
        q=q,
        sort_by=arguments.word("sort_by") or SORTS[0],
    )


def _meta(counts: Counts) -> dict[str, int]:
    return {
        "mine_count": counts.mine,
        "assigned_count": counts.assigned,
        "unassigned_count": counts.unassigned,
        "all_count": counts.all,
    }


def _shown(display_id: int) -> ResponseReturnValue:
    return jsonify(conversation_json(summary_of(current_membership(), display_id)))


def _session(given: dict[str, Any]) -> ContactInbox:
    """The session that a new conversation is to be in, found or opened."""
    inbox_id, contact_id, source_id = (given.get(name) for name in ("inbox_id", "contact_id", "source_id"))
    if source_id and not contact_id:
        session = session_by_source_id(current_account().id, source_id, inbox_id=inbox_id or None)
        inbox_of(current_membership(), session.inbox_id)
        return session
    if not inbox_id or not contact_id:
        raise Refused(NO_SESSION)
    contact = contact_of(current_account().id, contact_id)
    inbox = inbox_of(current_membership(), inbox_id)
    try:
        return open_session(contact, inbox, source_id=source_id, hmac_verified=given.get("hmac_verified"))
    except Invalid as error:
        raise Refused(error.problems[0].upstream) from None


def _post(conversation: Conversation, given: dict[str, Any]) -> Message:
    fields = {
        "content": given.get("content") or "",
        "content_type": given.get("content_type") or "text",
        "content_attributes": given.get("content_attributes"),
        "source_id": given.get("source_id"),
    }
    if given.get("message_type") == "incoming":
        return receive_message(conversation, **fields)
    if given.get("private"):
        return post_note(conversation, author=current_user(), **fields)
    return post_message(conversation, author=current_user(), **fields)


def _member(user_id: int | None) -> Membership | None:
    try:
        return member_of(current_account().id, user_id) if user_id else None
    except NotFound:
        raise Invalid("assignee", "must exist") from None


def _member_if_any(user_id: int | None) -> Membership | None:
    try:
        return member_of(current_account().id, user_id) if user_id else None
    except NotFound:
        return None
