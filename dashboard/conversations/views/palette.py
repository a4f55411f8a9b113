"""What the command palette lists, and the page that tells every shortcut."""

from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.contacts.queries import search_contacts
from dashboard.conversations.queries.lists import list_page
from dashboard.conversations.queries.lists import scope_of
from dashboard.conversations.schemas import Wanted
from dashboard.conversations.views.listing import is_on_desk
from dashboard.conversations.views.opened import open_conversation
from dashboard.http import arguments
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.guards import requires
from dashboard.http.pages import page_or_part
from dashboard.lib.text import N_

FOUND = 5  # of each kind
SHORTCUTS = (
    (
        N_("The list"),
        (
            ("j", N_("Next conversation")),
            ("k", N_("Previous conversation")),
            ("Enter", N_("Open the conversation")),
            ("x", N_("Select the conversation")),
            ("/", N_("Search")),
        ),
    ),
    (
        N_("The conversation"),
        (
            ("r", N_("Reply")),
            ("n", N_("Write a private note")),
            ("e", N_("Resolve, or reopen")),
            ("Esc", N_("Leave the text field")),
        ),
    ),
    (
        N_("Writing"),
        (
            ("Ctrl Enter", N_("Send")),
            ("/", N_("Canned responses")),
            ("Ctrl B", N_("Bold")),
            ("Ctrl I", N_("Italic")),
            ("Ctrl E", N_("Code")),
            ("Ctrl U", N_("Link")),
        ),
    ),
    (N_("Everywhere"), (("Ctrl K", N_("Command palette")), ("?", N_("Keyboard shortcuts")))),
)

bp = Blueprint("palette", __name__, url_prefix="/accounts/<int:account_id>")


@bp.get("/palette")
@requires(Permission.CONVERSATIONS_WORK)
def index() -> ResponseReturnValue:
    """What can be done here; or the conversations and contacts that were meant."""
    q = arguments.word("q").strip()
    if "q" not in request.args:
        number = arguments.number("open")
        opened = open_conversation(number) if number else None
        return render_template(
            "conversations/_palette_commands.html", opened=opened, membership=current_membership()
        )
    membership = current_membership()
    found = list_page(scope_of(membership, Wanted(status="all", q=q)), limit=FOUND).lines if q else []
    contacts = search_contacts(current_account().id, q)[:FOUND] if q else []
    return render_template(
        "conversations/_palette_found.html",
        q=q,
        membership=membership,
        conversations=found,
        contacts=contacts,
        in_desk=is_on_desk(),
    )


@bp.get("/keyboard-shortcuts")
@requires(Permission.CONVERSATIONS_WORK)
def shortcuts() -> ResponseReturnValue:
    """Every key and what it does."""
    return page_or_part("conversations/shortcuts.html", "conversations/_shortcuts.html", shortcuts=SHORTCUTS)
