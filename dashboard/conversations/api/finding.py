"""JSON doors: finding, showing and opening conversations. In every path the id is the display id."""

from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.attributes.queries import CONVERSATION as CONVERSATION_ATTRIBUTE
from dashboard.attributes.queries import definitions_of
from dashboard.contacts.queries import contact_of
from dashboard.contacts.schemas import FILTER
from dashboard.conversations.api.shared import member_if_any
from dashboard.conversations.api.shared import shown
from dashboard.conversations.api.shared import written
from dashboard.conversations.models import STATUSES
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.queries.filters import filter_of
from dashboard.conversations.queries.filters import filtered_counts
from dashboard.conversations.queries.filters import filtered_page
from dashboard.conversations.queries.lists import Counts
from dashboard.conversations.queries.lists import conversations_page
from dashboard.conversations.queries.lists import counts_in
from dashboard.conversations.queries.lists import scope_of
from dashboard.conversations.schemas import API_SORTS
from dashboard.conversations.schemas import ASSIGNEE_TYPES
from dashboard.conversations.schemas import CONVERSATION
from dashboard.conversations.schemas import CONVERSATION_TYPES
from dashboard.conversations.schemas import COUNTS
from dashboard.conversations.schemas import CREATION
from dashboard.conversations.schemas import FILTERED
from dashboard.conversations.schemas import LIST
from dashboard.conversations.schemas import SORTS
from dashboard.conversations.schemas import Wanted
from dashboard.conversations.serializers import conversation_json
from dashboard.http import arguments
from dashboard.http.bodies import accepted
from dashboard.http.bodies import body
from dashboard.http.current import current_account
from dashboard.http.current import current_actor
from dashboard.http.current import current_membership
from dashboard.http.current import current_viewer
from dashboard.http.errors import Refused
from dashboard.http.guards import requires
from dashboard.http.openapi import PAGE
from dashboard.http.openapi import describes
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.operations import open_session
from dashboard.inboxes.queries import inbox_of
from dashboard.inboxes.queries import session_by_source_id
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.filters import BadFilter
from dashboard.lib.shapes import ID
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import list_of
from dashboard.transactions import transaction

NO_SESSION = "Specify source_id, or inbox_id and contact_id"
_NARROWED = {
    "status": {"enum": [*STATUSES, "all"]},
    "assignee_type": {"enum": list(ASSIGNEE_TYPES)},
    "inbox_id": ID,
    "labels[]": list_of(TEXT),
    "q": {**TEXT, "description": "The contact, the number, or words that were said"},
    "conversation_type": {"enum": list(CONVERSATION_TYPES)},
}

bp = Blueprint("conversations", __name__, url_prefix="/accounts/<int:account_id>/conversations")


@bp.get("")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "List conversations, 25 on a page",
    query={**_NARROWED, "sort_by": {"enum": list(API_SORTS)}, "page": PAGE},
    answer=LIST,
    details="Open ones, unless `status` or `q` says otherwise. The counts leave `assignee_type` aside.",
)
def index() -> ResponseReturnValue:
    scope = scope_of(current_membership(), _wanted())
    found = conversations_page(scope, page=arguments.page_number())
    counts = counts_in(scope)
    return jsonify(data={"meta": _meta(counts), "payload": [conversation_json(summary) for summary in found]})


@bp.get("/meta")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Count conversations", query=_NARROWED, answer=COUNTS)
def meta() -> ResponseReturnValue:
    return jsonify(meta=_meta(counts_in(scope_of(current_membership(), _wanted()))))


@bp.post("/filter")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Filter conversations", query={"page": PAGE}, body=FILTER, answer=FILTERED)
def filter_conversations() -> ResponseReturnValue:
    try:
        condition = filter_of(
            body().get("payload"), definitions_of(current_account(), CONVERSATION_ATTRIBUTE)
        )
    except BadFilter as error:
        raise Refused(str(error)) from None
    counts = _meta(filtered_counts(current_membership(), condition))
    del counts["assigned_count"]
    found = filtered_page(current_membership(), condition, page=arguments.page_number())
    return jsonify(meta=counts, payload=[conversation_json(summary) for summary in found])


@bp.get("/<int:conversation_id>")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes("Show a conversation", answer=CONVERSATION)
def show(conversation_id: int) -> ResponseReturnValue:
    return shown(conversation_id)


@bp.post("")
@requires(Permission.CONVERSATIONS_WORK, bots=True)
@describes(
    "Open a conversation, with a first message if there is one",
    body=CREATION,
    answer=CONVERSATION,
    details="In the session that `source_id` names, or in the one that `contact_id` has in `inbox_id`.",
)
def create() -> ResponseReturnValue:
    given = accepted(CREATION)
    assignee = member_if_any(given.get("assignee_id"))
    if given.get("assignee_id") and assignee is None:
        raise Invalid("assignee", "must exist")
    until = given.get("snoozed_until")
    with transaction():
        conversation = open_conversation(
            _session(given),
            status=given.get("status") or "open",
            snoozed_until=clock.from_epoch(until) if until else None,
            assignee=assignee.user if assignee else None,
            additional_attributes=given.get("additional_attributes"),
            custom_attributes=given.get("custom_attributes"),
            actor=current_actor(),
        )
        if given.get("message"):
            written(conversation, given["message"])
    return shown(conversation.display_id)


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
        conversation_type=arguments.word("conversation_type") or "all",
        looks_into="messages",
    )


def _meta(counts: Counts) -> dict[str, int]:
    return {
        "mine_count": counts.mine,
        "assigned_count": counts.assigned,
        "unassigned_count": counts.unassigned,
        "all_count": counts.all,
    }


def _session(given: dict[str, Any]) -> ContactInbox:
    """The session that a new conversation is to be in, found or opened."""
    inbox_id, contact_id, source_id = (given.get(name) for name in ("inbox_id", "contact_id", "source_id"))
    if source_id and not contact_id:
        session = session_by_source_id(current_account().id, source_id, inbox_id=inbox_id or None)
        inbox_of(current_viewer(), session.inbox_id)
        return session
    if not inbox_id or not contact_id:
        raise Refused(NO_SESSION)
    contact = contact_of(current_account().id, contact_id)
    inbox = inbox_of(current_viewer(), inbox_id)
    try:
        return open_session(contact, inbox, source_id=source_id, hmac_verified=given.get("hmac_verified"))
    except Invalid as error:
        raise Refused(error.problems[0].upstream) from None
