"""Settings → Inboxes: where conversations come from, and who works on them."""

from flask import Blueprint
from flask import Response
from flask import make_response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import members_of
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blame
from dashboard.http.pages import page_or_part
from dashboard.http.pages import public_address
from dashboard.http.pages import typed_name_is
from dashboard.inboxes.forms import InboxForm
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import change_inbox
from dashboard.inboxes.operations import create_inbox
from dashboard.inboxes.operations import delete_inbox
from dashboard.inboxes.operations import set_members
from dashboard.inboxes.queries import count_members
from dashboard.inboxes.queries import inboxes_of
from dashboard.inboxes.queries import members_of_inbox
from dashboard.inboxes.queries import visible_inbox_of
from dashboard.lib.errors import Invalid

bp = Blueprint("inboxes", __name__, url_prefix="/inboxes")


@bp.get("")
@requires(Permission.INBOXES_MANAGE)
def index() -> ResponseReturnValue:
    """Every inbox of the account."""
    inboxes = inboxes_of(current_membership())
    members = count_members(current_account().id)
    return render_template("inboxes/index.html", inboxes=inboxes, members=members)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.INBOXES_MANAGE)
def new() -> ResponseReturnValue:
    """One more inbox for the API; its own page says how to write to it."""
    form = InboxForm(members=[current_user().id])
    form.offer(members_of(current_account().id))
    if form.validate_on_submit():
        try:
            inbox = create_inbox(
                current_account(),
                name=form.name.data or "",
                webhook_url=form.webhook_url.data or "",
                actor=current_user(),
            )
            set_members(inbox, user_ids=form.members.data or [], actor=current_user())
        except Invalid as error:
            blame(form, error)
        else:
            return back_to(_address(inbox), gettext("The inbox %(name)s is ready.", name=inbox.name))
    return render_template("inboxes/new.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/<int:inbox_id>", methods=["GET", "POST"])
@requires(Permission.INBOXES_MANAGE)
def edit(inbox_id: int) -> ResponseReturnValue:
    """Name, callback address and members; beside them how programs write to it."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    form = _form_of(inbox)
    if form.validate_on_submit():
        try:
            change_inbox(
                inbox,
                name=form.name.data,
                webhook_url=form.webhook_url.data or "",
                actor=current_user(),
            )
            set_members(inbox, user_ids=form.members.data or [], actor=current_user())
        except Invalid as error:
            blame(form, error)
        else:
            return back_to(_index(), gettext("The inbox %(name)s is saved.", name=inbox.name))
    return _edit_page(form, inbox), 422 if form.is_submitted() else 200


@bp.route("/<int:inbox_id>/removal", methods=["GET", "POST"])
@requires(Permission.INBOXES_MANAGE)
def remove(inbox_id: int) -> ResponseReturnValue:
    """Asks for the name first: the conversations go with the inbox."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    if request.method == "GET":
        return _removal_page(inbox)
    if not typed_name_is(inbox.name):
        return _removal_page(inbox, error=gettext("That is not the name of this inbox.")), 422
    delete_inbox(inbox, actor=current_user())
    return back_to(_index(), gettext("The inbox %(name)s is deleted.", name=inbox.name))


def _index() -> str:
    return url_for(".index", account_id=current_account().id)


def _address(inbox: Inbox) -> str:
    return url_for(".edit", account_id=current_account().id, inbox_id=inbox.id)


def _form_of(inbox: Inbox) -> InboxForm:
    working = [membership.user_id for membership in members_of_inbox(inbox)]
    form = InboxForm(name=inbox.name, webhook_url=inbox.webhook_url, members=working)
    form.offer(members_of(current_account().id))
    return form


def _edit_page(form: InboxForm, inbox: Inbox) -> Response:
    """No browser may keep it: the inbox's secrets stand on it."""
    api = public_address(f"/api/v1/accounts/{inbox.account_id}")
    page = make_response(render_template("inboxes/edit.html", form=form, inbox=inbox, api=api))
    page.headers["Cache-Control"] = "no-store"
    return page


def _removal_page(inbox: Inbox, error: str = "") -> Response:
    return page_or_part("inboxes/removal.html", "inboxes/_removal.html", inbox=inbox, error=error)
