"""What has changed: a page hears over its socket that something has, and asks here for its share."""

from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.conversations.forms import name_of_page
from dashboard.conversations.operations.reading import mark_seen
from dashboard.conversations.operations.reading import tell_typing
from dashboard.conversations.queries.lines import Listed
from dashboard.conversations.queries.lists import lines_among
from dashboard.conversations.queries.lists import order_among
from dashboard.conversations.queries.messages import messages_again
from dashboard.conversations.queries.messages import sent_of
from dashboard.conversations.queries.summaries import display_ids_of_contacts
from dashboard.conversations.views.listing import ROWS_BESIDE
from dashboard.conversations.views.listing import Listing
from dashboard.conversations.views.listing import listing_on_page
from dashboard.conversations.views.opened import open_conversation
from dashboard.conversations.views.thread import stretch_after
from dashboard.conversations.views.thread import with_quotes
from dashboard.http.arguments import number
from dashboard.http.arguments import word
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.lib.numbers import row_number

MOST_ROWS = 300  # of a list that has been scrolled far; what is further down is read anew when it is chosen
MOST_CHANGED = 60

bp = Blueprint("news", __name__, url_prefix="/accounts/<int:account_id>/conversations")


@bp.get("/news")
@requires(Permission.CONVERSATIONS_WORK)
def index() -> ResponseReturnValue:
    """Rows that changed, in which order rows stand, and what is new in the conversation beside the list."""
    open_id = number("open")
    listing = listing_on_page(current_membership(), open_id=open_id)
    changed = [*_numbers("rows", MOST_CHANGED), *_of_contacts()]
    lines = {line.display_id: line for line in [*_first(listing), *lines_among(listing.scope, changed)]}
    opened = open_conversation(open_id) if open_id else None
    shown: dict[str, Any] = {}
    if opened is not None:
        after = number("after") or 0
        known = [each for each in _numbers("messages", MOST_CHANGED) if each <= after]
        shown = {
            "stretch": stretch_after(opened.conversation, after),
            "altered": with_quotes(messages_again(opened.conversation, ids=known)),
            "arrived": sent_of(opened.conversation, _names("sent")),
        }
    return render_template(
        "conversations/_news.html",
        opened=opened,
        listing=listing,
        lines=lines.values(),
        order=order_among(listing.scope, {*lines, *_numbers("shown", MOST_ROWS)}),
        **shown,
    )


@bp.post("/<int:display_id>/looked")
@requires(Permission.CONVERSATIONS_WORK)
def looked(display_id: int) -> ResponseReturnValue:
    """What just came is in front of somebody. The page is told like everybody else."""
    mark_seen(open_conversation(display_id).conversation, actor=current_user())
    return "", 204


@bp.post("/<int:display_id>/typing")
@requires(Permission.CONVERSATIONS_WORK)
def typing(display_id: int) -> ResponseReturnValue:
    """Somebody writes a reply or a note, or has stopped."""
    conversation = open_conversation(display_id).conversation
    is_typing, is_private = request.form.get("typing") == "on", request.form.get("kind") == "note"
    tell_typing(conversation, is_typing=is_typing, is_private=is_private, user=current_user())
    return "", 204


def _numbers(name: str, most: int) -> list[int]:
    found = (row_number(each) for each in word(name).split(",")[:most])
    return [each for each in found if each is not None]


def _names(argument: str) -> list[str]:
    given = word(argument).split(",")[:MOST_CHANGED]
    return [name for name in given if name_of_page(name)]


def _first(listing: Listing) -> list[Listed]:
    """The beginning of the list, for a page that did not hear anything for a while."""
    return replace(listing, limit=ROWS_BESIDE).lines if "first" in request.args else []


def _of_contacts() -> list[int]:
    contact_ids = _numbers("contacts", MOST_CHANGED)
    return (
        display_ids_of_contacts(current_account().id, contact_ids, limit=MOST_CHANGED) if contact_ids else []
    )
