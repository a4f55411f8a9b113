"""Looking: the list, a conversation beside it, and the parts of both that come later."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from flask import make_response
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import members_of
from dashboard.accounts.queries import people_among
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.permissions import closed_among
from dashboard.apps.permissions import has_page
from dashboard.apps.queries.apps import apps_seen_by
from dashboard.apps.serializers import app_frames
from dashboard.apps.serializers import features_of
from dashboard.apps.serializers import form_origins_of
from dashboard.apps.serializers import origins_of
from dashboard.attributes.queries import CONVERSATION
from dashboard.attributes.queries import definitions_of
from dashboard.bots.queries import bots_of
from dashboard.canned.queries import find_canned
from dashboard.conversations.forms import snooze_ends
from dashboard.conversations.operations.filling import filled
from dashboard.conversations.queries.choices import assignable_members
from dashboard.conversations.queries.choices import labels_to_offer
from dashboard.conversations.queries.lines import line_of
from dashboard.conversations.queries.summaries import conversations_of_contact
from dashboard.conversations.views.blueprint import bp
from dashboard.conversations.views.emoji import GROUPS
from dashboard.conversations.views.listing import ROWS_BESIDE
from dashboard.conversations.views.listing import Listing
from dashboard.conversations.views.listing import listing_of
from dashboard.conversations.views.listing import open_on_page
from dashboard.conversations.views.opened import Opened
from dashboard.conversations.views.opened import is_outdated
from dashboard.conversations.views.opened import mark_of
from dashboard.conversations.views.opened import nothing_opened
from dashboard.conversations.views.opened import open_conversation
from dashboard.conversations.views.thread import stretch_of
from dashboard.http import arguments
from dashboard.http.addresses import reader_of
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.headers import allow_forms
from dashboard.http.headers import allow_frames
from dashboard.http.locale import time_zone_of_request
from dashboard.http.pages import is_htmx
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.numbers import row_number
from dashboard.lib.text import N_

_HOUR = 3600  # seconds
_LOOKERS = 50  # colleagues before one conversation who are named
_CANNED = 20  # responses that the composer's list shows: further ones are found by more letters


@bp.get("")
@requires(Permission.CONVERSATIONS_WORK)
def index() -> ResponseReturnValue:
    """The list, and nothing beside it."""
    if _asks_for("conversation-list"):
        return _list(listing_of(current_membership(), open_id=open_on_page()))
    listing = listing_of(current_membership())
    apps = apps_seen_by(current_membership(), inboxes=lambda: listing.inboxes)
    if _asks_for("conversation"):
        known = _frames(apps, None)
        return _part("conversations/_closed.html", listing=listing, context=nothing_opened(), **known)
    return _whole("conversations/index.html", listing=listing, apps=apps, context=nothing_opened())


@bp.get("/<int:display_id>")
@requires(Permission.CONVERSATIONS_WORK)
def show(display_id: int) -> ResponseReturnValue:
    """A conversation beside the list. Looking changes nothing: the page says by itself that it was seen."""
    if _asks_for("conversation-list"):
        return _list(listing_of(current_membership(), open_id=display_id))
    listing = listing_of(current_membership(), open_id=display_id, limit=ROWS_BESIDE)
    opened = open_conversation(display_id)
    apps = apps_seen_by(current_membership(), inboxes=lambda: listing.inboxes)
    wanted = arguments.number("message")
    shown = {"listing": listing, "opened": opened, "wanted": wanted, "stretch": opened.stretch_at(wanted)}
    if not _asks_for("conversation"):
        return _whole("conversations/show.html", apps=apps, **shown)
    if is_outdated(apps):
        return "", {"HX-Redirect": request.full_path}
    return _part("conversations/_opened.html", apps=apps, **shown, **_frames(apps, opened))


@bp.get("/rows")
@requires(Permission.CONVERSATIONS_WORK)
def rows() -> ResponseReturnValue:
    """The rows that follow a place in the list."""
    return _part("conversations/_rows.html", listing=listing_of(current_membership()))


@bp.get("/filters")
@requires(Permission.CONVERSATIONS_WORK)
def filters() -> ResponseReturnValue:
    """What the list can be narrowed to."""
    listing = listing_of(current_membership())
    return _choice(
        gettext("Filter"),
        "conversations/_filters.html",
        listing=listing,
        labels=labels_to_offer(current_account()),
        members=members_of(current_account().id),
        definitions=definitions_of(current_account(), CONVERSATION),
    )


@bp.get("/<int:display_id>/messages")
@requires(Permission.CONVERSATIONS_WORK)
def messages(display_id: int) -> ResponseReturnValue:
    """The page of the thread before a message."""
    opened = open_conversation(display_id)
    before = row_number(request.args.get("before"))
    if before is None:
        raise Invalid("before", N_("is invalid"))
    stretch = stretch_of(opened.conversation, before=before)
    if not is_htmx():
        return whole_page(display_id, stretch=stretch)
    return _part("conversations/_older.html", opened=opened, stretch=stretch)


@bp.get("/emoji")
@requires(Permission.CONVERSATIONS_WORK)
def emoji() -> ResponseReturnValue:
    """What the composer's box of emoji offers, in the reader's language."""
    groups = [(gettext(name), [(sign, gettext(word)) for sign, word in members]) for name, members in GROUPS]
    return _kept("conversations/_emoji.html", groups=groups)


@bp.get("/message-menu")
@requires(Permission.CONVERSATIONS_WORK)
def message_menu() -> ResponseReturnValue:
    """What can be done with a message, in the reader's language."""
    return _kept("conversations/_message_menu.html")


@bp.get("/lightbox")
@requires(Permission.CONVERSATIONS_WORK)
def lightbox() -> ResponseReturnValue:
    """The frame in which a thread's pictures are shown large, in the reader's language."""
    return _kept("conversations/_lightbox.html")


@bp.get("/<int:display_id>/canned-responses")
@requires(Permission.CONVERSATIONS_WORK)
def canned_responses(display_id: int) -> ResponseReturnValue:
    """What the composer's list offers for these letters."""
    conversation = open_conversation(display_id).conversation
    found = find_canned(current_account().id, arguments.word("q"))[:_CANNED]
    offered = [(each, filled(each.content, conversation, current_user())) for each in found]
    return _part("conversations/_canned.html", offered=offered)


@bp.get("/<int:display_id>/lookers")
@requires(Permission.CONVERSATIONS_WORK)
def lookers(display_id: int) -> ResponseReturnValue:
    """How the head of a conversation shows these colleagues, who have it before them too."""
    open_conversation(display_id)
    wanted = arguments.numbers("users", most=_LOOKERS)
    people = people_among(current_account().id, wanted)
    others = [person.name for person in people if person.id != current_user().id]
    return _part("conversations/_lookers.html", names=others)


@bp.get("/<int:display_id>/previous")
@requires(Permission.CONVERSATIONS_WORK)
def previous(display_id: int) -> ResponseReturnValue:
    """What else the contact has written about."""
    conversation = open_conversation(display_id).conversation
    found = conversations_of_contact(
        current_membership(), conversation.contact, but=conversation.id, limit=10
    )
    listing = listing_of(current_membership(), open_id=display_id)
    return _part("conversations/_previous.html", lines=[line_of(each) for each in found], listing=listing)


@bp.get("/<int:display_id>/assignee")
@requires(Permission.CONVERSATIONS_WORK)
def assignees(display_id: int) -> ResponseReturnValue:
    """Who can be put in charge."""
    opened = open_conversation(display_id)
    return _choice(
        gettext("Assignee"),
        "conversations/_assignees.html",
        opened=opened,
        members=assignable_members(opened.conversation.inbox),
        bots=bots_of(current_account().id),
    )


@bp.get("/<int:display_id>/priority")
@requires(Permission.CONVERSATIONS_WORK)
def priorities(display_id: int) -> ResponseReturnValue:
    """How much it can press."""
    opened = open_conversation(display_id)
    return _choice(gettext("Priority"), "conversations/_priorities.html", opened=opened)


@bp.get("/<int:display_id>/status")
@requires(Permission.CONVERSATIONS_WORK)
def snoozes(display_id: int) -> ResponseReturnValue:
    """Until when it can be put away."""
    ends = snooze_ends(clock.now(), ZoneInfo(time_zone_of_request()))
    opened = open_conversation(display_id)
    return _choice(gettext("Snooze"), "conversations/_snoozes.html", opened=opened, ends=ends)


@bp.get("/<int:display_id>/labels")
@requires(Permission.CONVERSATIONS_WORK)
def label_choices(display_id: int) -> ResponseReturnValue:
    """The labels of the conversation, and those it could have."""
    opened = open_conversation(display_id)
    labels = labels_to_offer(current_account(), *opened.conversation.labels)
    return _choice(gettext("Labels"), "conversations/_label_choices.html", opened=opened, labels=labels)


def whole_page(display_id: int, **more: Any) -> Response:
    """The page of a conversation for whoever came without htmx: with what was wrong, or an older part."""
    listing = listing_of(current_membership(), open_id=display_id, limit=ROWS_BESIDE)
    apps = apps_seen_by(current_membership(), inboxes=lambda: listing.inboxes)
    opened = open_conversation(display_id)
    return _whole("conversations/show.html", listing=listing, apps=apps, opened=opened, **more)


def _choice(heading: str, part: str, **values: Any) -> Response:
    """What a menu offers: put into it by htmx, and without scripts a page that its link leads to."""
    template = part if is_htmx() else "conversations/choice.html"
    return _part(template, heading=heading, part=part, **values)


def _asks_for(region: str) -> bool:
    """Whether htmx wants what belongs inside a region of the page that is there."""
    return is_htmx() and request.headers.get("HX-Target", "").endswith(f"#{region}")


def _list(listing: Listing) -> Response:
    """The list for the page that is there, and its address: only the server knows what a form need not name.
    Where the list asks for itself, the browser is already there: somebody went back or forward."""
    response = _part("conversations/_list.html", listing=listing)
    source = request.headers.get("HX-Source", "")
    if source != "section#conversation-list":
        step = "HX-Replace-Url" if source.startswith("form") else "HX-Push-Url"
        response.headers[step] = listing.address
    return response


def _whole(template: str, *, apps: list[DashboardApp], **values: Any) -> Response:
    beside = [app for app in apps if app.is_beside]
    allow_frames(origins_of(beside), features_of(beside))
    allow_forms(form_origins_of(beside))
    return _part(template, apps=beside, **_frames(apps, values.get("opened")), **values)


def _frames(apps: list[DashboardApp], opened: Opened | None) -> dict[str, Any]:
    conversation = opened.conversation if opened else None
    closed = closed_among(apps, conversation)
    beside = [app for app in apps if app.is_beside]
    return {
        "frames": app_frames(beside, reader_of(conversation), closed=closed),
        "closed": closed,
        "mark": mark_of(apps),
        "tabbed": [app for app in apps if "tab" in app.places],
        "sided": [app for app in apps if "side" in app.places],
        "rail_apps": [app for app in apps if has_page(current_membership(), app)],
    }


def _kept(template: str, **values: Any) -> Response:
    """A part that is the same for everybody of one language, for the browser to keep a while."""
    response = _part(template, **values)
    response.headers["Cache-Control"] = f"private, max-age={_HOUR}"
    return response


def _part(template: str, **values: Any) -> Response:
    response = make_response(render_template(template, **values))
    response.vary.update(("HX-Request", "HX-Target"))  # or Back would show a part as if it were the page
    return response
