"""Settings → Agents: who is in the account."""

from flask import Blueprint
from flask import Response
from flask import make_response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.forms import AddAgentForm
from dashboard.accounts.forms import AgentForm
from dashboard.accounts.models import Membership
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.operations.agents import change_agent
from dashboard.accounts.operations.agents import check_removable
from dashboard.accounts.operations.agents import invite_agent
from dashboard.accounts.operations.agents import remove_agent
from dashboard.accounts.operations.joining import make_join_link
from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import member_of
from dashboard.accounts.queries import members_of
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blame
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part
from dashboard.http.pages import public_address
from dashboard.http.pages import typed_name_is
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.text import N_

bp = Blueprint("agents", __name__, url_prefix="/agents")


@bp.get("")
@requires(Permission.AGENTS_MANAGE)
def index() -> ResponseReturnValue:
    """Everybody in the account."""
    return render_template("accounts/agents/index.html", members=members_of(current_account().id))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.AGENTS_MANAGE)
def add() -> ResponseReturnValue:
    """Somebody new; whoever has no password yet gets a link to set one."""
    form = AddAgentForm()
    if form.validate_on_submit():
        try:
            membership = add_agent(
                current_account(),
                name=form.name.data or "",
                email=form.email.data or "",
                role=form.role.data or "",
                actor=current_user(),
            )
        except Invalid as error:
            blame(form, _taken(error))
        else:
            return _added(membership)
    return form_page("accounts/agents/new.html", form)


@bp.route("/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.AGENTS_MANAGE)
def edit(user_id: int) -> ResponseReturnValue:
    """Name, role and availability."""
    membership = member_of(current_account().id, user_id)
    form = _agent_form(membership)
    if form.validate_on_submit():
        try:
            change_agent(
                membership,
                name=form.name.data,
                role=form.role.data,
                availability=form.availability.data,
                actor=current_user(),
            )
        except Invalid as error:
            blame(form, error)
        except NotAllowed as error:
            form.role.errors = [gettext(error.sentence)]
        else:
            saved = gettext("%(name)s is saved.", name=membership.user.name)
            return back_to(_index(), saved)
    return form_page("accounts/agents/edit.html", form, agent=membership)


@bp.post("/<int:user_id>/password-link")
@requires(Permission.AGENTS_MANAGE)
def link(user_id: int) -> ResponseReturnValue:
    """A new link, for somebody who forgot their password or lost the first one."""
    membership = member_of(current_account().id, user_id)
    try:
        return _link_page(membership)
    except NotAllowed as error:
        form = _agent_form(membership)
        form.form_errors.append(gettext(error.sentence))
        return render_template("accounts/agents/edit.html", form=form, agent=membership), 422


@bp.route("/<int:user_id>/removal", methods=["GET", "POST"])
@requires(Permission.AGENTS_MANAGE)
def remove(user_id: int) -> ResponseReturnValue:
    """Asks for the name first; says why where it is impossible."""
    membership = member_of(current_account().id, user_id)
    name, status = membership.user.name, 422 if request.method == "POST" else 200
    try:
        check_removable(membership, actor=current_user())
        if request.method != "POST":
            return _removal_page(membership)
        if not typed_name_is(name):
            return _removal_page(membership, error=gettext("That is not the name of this agent.")), status
        remove_agent(membership, actor=current_user())
    except NotAllowed as error:
        return _removal_page(membership, refusal=gettext(error.sentence)), status
    return back_to(_index(), gettext("%(name)s is no longer in this account.", name=name))


def _index() -> str:
    return url_for(".index", account_id=current_account().id)


def _added(membership: Membership) -> ResponseReturnValue:
    user = membership.user
    if user.is_confirmed and not membership.is_waiting:
        known = gettext("%(name)s is added and signs in with the password they have.", name=user.name)
        return back_to(_index(), known)
    return _link_page(membership)


def _taken(error: Invalid) -> Invalid:
    """In the form a person is known by their e-mail."""
    if error.problems[0].field != "user_id":
        return error
    return Invalid("email", N_("This person is in the account already."))


def _agent_form(membership: Membership) -> AgentForm:
    return AgentForm(name=membership.user.name, role=membership.role, availability=membership.availability)


def _link_page(membership: Membership) -> Response:
    """The link stands on this one page and nowhere else; no browser may keep it."""
    if membership.is_waiting:
        link = public_address(url_for("auth.join", token=make_join_link(membership)))
    else:
        token = invite_agent(membership, actor=current_user())
        link = public_address(url_for("auth.set_password", token=token))
    page = make_response(render_template("accounts/agents/link.html", agent=membership, link=link))
    page.headers["Cache-Control"] = "no-store"
    return page


def _removal_page(membership: Membership, *, error: str = "", refusal: str = "") -> Response:
    return page_or_part(
        "accounts/agents/removal.html",
        "accounts/agents/_removal.html",
        agent=membership,
        error=error,
        refusal=refusal,
    )
