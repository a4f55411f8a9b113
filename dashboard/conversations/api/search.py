"""JSON doors: search over messages, contacts and conversations."""

from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.contacts.queries import PAGE as CONTACTS
from dashboard.contacts.queries import search_contacts
from dashboard.contacts.serializers import contact_json
from dashboard.conversations.queries.lists import conversations_page
from dashboard.conversations.queries.lists import scope_of
from dashboard.conversations.queries.search import first_messages
from dashboard.conversations.queries.search import found_message_ids
from dashboard.conversations.queries.search import messages_with
from dashboard.conversations.schemas import Wanted
from dashboard.conversations.schemas import found_schema
from dashboard.conversations.serializers import conversation_found_json
from dashboard.conversations.serializers import message_found_json
from dashboard.http import arguments
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.errors import Refused
from dashboard.http.guards import requires
from dashboard.http.openapi import PAGE
from dashboard.http.openapi import describes
from dashboard.lib.words import sought_in

NO_SEARCH = "Specify search string with parameter q"
HITS = 15
LAST_PAGE = 100  # of messages: whoever looks further back asks for more words
_QUERY = {"q": {"type": "string", "minLength": 1}, "page": PAGE}

bp = Blueprint("search", __name__, url_prefix="/accounts/<int:account_id>/search")


@bp.get("")
@requires(Permission.CONVERSATIONS_WORK)
@describes(
    "Search everything, 15 of each kind on a page, the newest first",
    query=_QUERY,
    answer=found_schema("conversations", "contacts", "messages", "articles"),
    details="Every word must be there, in any case and without its accents; of the last a beginning will do.",
)
def everything() -> ResponseReturnValue:
    return jsonify(
        payload={
            "conversations": _conversations(),
            "contacts": _contacts(),
            "messages": _messages(),
            "articles": [],
        }
    )


@bp.get("/conversations")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Search conversations by number or contact", query=_QUERY, answer=found_schema("conversations"))
def conversations() -> ResponseReturnValue:
    return jsonify(payload={"conversations": _conversations()})


@bp.get("/contacts")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Search contacts", query=_QUERY, answer=found_schema("contacts"))
def contacts() -> ResponseReturnValue:
    return jsonify(payload={"contacts": _contacts()})


@bp.get("/messages")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Search messages by their words", query=_QUERY, answer=found_schema("messages"))
def messages() -> ResponseReturnValue:
    return jsonify(payload={"messages": _messages()})


@bp.get("/articles")
@requires(Permission.CONVERSATIONS_WORK)
@describes("Search articles: there are none", query=_QUERY, answer=found_schema("articles"))
def articles() -> ResponseReturnValue:
    _q()
    return jsonify(payload={"articles": []})


def _conversations() -> list[dict[str, Any]]:
    wanted = Wanted(status="all", q=_q(), sort_by="created_at_desc")
    scope = scope_of(current_membership(), wanted)
    found = conversations_page(scope, page=arguments.page_number(), size=HITS)
    firsts = first_messages([summary.conversation.id for summary in found])
    return [conversation_found_json(each, firsts.get(each.conversation.id)) for each in found]


def _contacts() -> list[dict[str, Any]]:
    found = search_contacts(current_account().id, _q(), page=arguments.page_number())
    return [contact_json(contact) for contact in found[:CONTACTS]]


def _messages() -> list[dict[str, Any]]:
    sought, page = sought_in(_q()), arguments.page_number()
    if page > LAST_PAGE:
        return []
    ids = found_message_ids(current_membership(), sought, limit=page * HITS)
    return [message_found_json(message) for message in messages_with(ids[(page - 1) * HITS :])]


def _q() -> str:
    q = arguments.word("q").strip()
    if not q:
        raise Refused(NO_SEARCH)
    return q
