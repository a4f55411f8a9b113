"""Settings → Inboxes: where conversations come from, and who works on them."""

from typing import Any

from babel.dates import get_day_names
from flask import Blueprint
from flask import Response
from flask import make_response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import members_of
from dashboard.bots.models import AgentBot
from dashboard.bots.queries import bots_of
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blaming
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part
from dashboard.http.pages import public_address
from dashboard.http.pages import typed_name_is
from dashboard.inboxes.forms import BotForm
from dashboard.inboxes.forms import ConversationsForm
from dashboard.inboxes.forms import HoursForm
from dashboard.inboxes.forms import IdentityForm
from dashboard.inboxes.forms import InboxForm
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import change_inbox
from dashboard.inboxes.operations import connect_bot
from dashboard.inboxes.operations import create_inbox
from dashboard.inboxes.operations import delete_inbox
from dashboard.inboxes.operations import replace_hmac_token
from dashboard.inboxes.operations import replace_secret
from dashboard.inboxes.operations import set_members
from dashboard.inboxes.queries import count_members
from dashboard.inboxes.queries import count_remaining
from dashboard.inboxes.queries import inboxes_being_deleted
from dashboard.inboxes.queries import inboxes_of
from dashboard.inboxes.queries import members_of_inbox
from dashboard.inboxes.queries import visible_inbox_of
from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib.addresses import is_blocked_on_https
from dashboard.webhooks.queries.deliveries import callback_id_of

bp = Blueprint("inboxes", __name__, url_prefix="/inboxes")


@bp.get("")
@requires(Permission.INBOXES_MANAGE)
def index() -> ResponseReturnValue:
    """Every inbox of the account."""
    inboxes = inboxes_of(current_membership())
    members = count_members(current_account().id)
    leaving, remaining = _leaving()
    return render_template(
        "inboxes/index.html", inboxes=inboxes, members=members, leaving=leaving, remaining=remaining
    )


@bp.get("/leaving")
@requires(Permission.INBOXES_MANAGE)
def leaving() -> ResponseReturnValue:
    """How far the worker is with those that were deleted; the list asks every other second."""
    found, remaining = _leaving()
    return page_or_part("inboxes/leaving.html", "inboxes/_leaving.html", leaving=found, remaining=remaining)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.INBOXES_MANAGE)
def new() -> ResponseReturnValue:
    """One more inbox for the API; its own page says how to write to it."""
    form = InboxForm(members=[current_user().id])
    form.offer(members_of(current_account().id))
    if form.validate_on_submit():
        with blaming(form):
            inbox = create_inbox(
                current_account(),
                name=form.name.data or "",
                webhook_url=form.webhook_url.data or "",
                actor=current_user(),
            )
            set_members(inbox, user_ids=form.members.data or [], actor=current_user())
            return back_to(_address(inbox), gettext("The inbox %(name)s is ready.", name=inbox.name))
    return form_page("inboxes/new.html", form)


@bp.route("/<int:inbox_id>", methods=["GET", "POST"])
@requires(Permission.INBOXES_MANAGE)
def edit(inbox_id: int) -> ResponseReturnValue:
    """Name, callback address and members; beside them how programs write to it."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    form = _form_of(inbox)
    if form.validate_on_submit():
        with blaming(form):
            change_inbox(
                inbox,
                name=form.name.data,
                webhook_url=form.webhook_url.data or "",
                actor=current_user(),
            )
            set_members(inbox, user_ids=form.members.data or [], actor=current_user())
            return back_to(_index(), gettext("The inbox %(name)s is saved.", name=inbox.name))
    return _edit_page(inbox, form=form), 422 if form.is_submitted() else 200


@bp.post("/<int:inbox_id>/conversations")
@requires(Permission.INBOXES_MANAGE)
def conversations(inbox_id: int) -> ResponseReturnValue:
    """One conversation or many, and the greeting."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    form = _conversations_form(inbox)
    if not form.validate():
        return _edit_page(inbox, conversations_form=form), 422
    change_inbox(
        inbox,
        lock_to_single_conversation=form.lock_to_single_conversation.data,
        settings={
            "greeting_enabled": form.greeting_enabled.data,
            "greeting_message": form.greeting_message.data or "",
        },
        actor=current_user(),
    )
    return _back_to(inbox)


@bp.post("/<int:inbox_id>/hours")
@requires(Permission.INBOXES_MANAGE)
def hours(inbox_id: int) -> ResponseReturnValue:
    """Business hours, and what is said outside of them."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    form = HoursForm(inbox.settings)
    if not form.validate():
        return _edit_page(inbox, hours_form=form), 422
    change_inbox(inbox, settings=form.settings, actor=current_user())
    return _back_to(inbox)


@bp.post("/<int:inbox_id>/bot")
@requires(Permission.INBOXES_MANAGE)
def bot(inbox_id: int) -> ResponseReturnValue:
    """Let a bot answer first, or none. Conversations that there are stay as they are."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    bots = {each.id: each for each in bots_of(current_account().id)}
    form = _bot_form(inbox, list(bots.values()))
    if not form.validate():
        return _edit_page(inbox, chosen=form), 422
    chosen = bots.get(form.bot.data or 0)
    connect_bot(inbox, bot=chosen, actor=current_user())
    if chosen is None:
        return back_to(_address(inbox), gettext("No bot answers in %(inbox)s any more.", inbox=inbox.name))
    name = chosen.name or gettext("Bot without a name")
    return back_to(
        _address(inbox), gettext("%(bot)s answers first in %(inbox)s now.", bot=name, inbox=inbox.name)
    )


@bp.post("/<int:inbox_id>/identity")
@requires(Permission.INBOXES_MANAGE)
def identity(inbox_id: int) -> ResponseReturnValue:
    """Whether customers must prove who they are."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    form = _identity_form(inbox)
    change_inbox(inbox, hmac_mandatory=form.hmac_mandatory.data, actor=current_user())
    return _back_to(inbox)


@bp.post("/<int:inbox_id>/hmac-token")
@requires(Permission.INBOXES_MANAGE)
def new_hmac_token(inbox_id: int) -> ResponseReturnValue:
    """The old one proves nothing any more."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    replace_hmac_token(inbox, actor=current_user())
    return back_to(_address(inbox), gettext("The HMAC token is replaced."))


@bp.post("/<int:inbox_id>/secret")
@requires(Permission.INBOXES_MANAGE)
def new_secret(inbox_id: int) -> ResponseReturnValue:
    """What is sent from now on is signed with it."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    replace_secret(inbox, actor=current_user())
    return back_to(_address(inbox), gettext("The webhook secret is replaced."))


@bp.route("/<int:inbox_id>/removal", methods=["GET", "POST"])
@requires(Permission.INBOXES_MANAGE)
def remove(inbox_id: int) -> ResponseReturnValue:
    """Asks for the name first: the conversations go with the inbox."""
    inbox = visible_inbox_of(current_membership(), inbox_id)
    if request.method != "POST":
        return _removal_page(inbox)
    if not typed_name_is(inbox.name):
        return _removal_page(inbox, error=gettext("That is not the name of this inbox.")), 422
    delete_inbox(inbox, actor=current_user())
    return back_to(_index(), gettext("The inbox %(name)s is deleted.", name=inbox.name))


def _index() -> str:
    return url_for(".index", account_id=current_account().id)


def _address(inbox: Inbox) -> str:
    return url_for(".edit", account_id=current_account().id, inbox_id=inbox.id)


def _form_of(inbox: Inbox, **how: Any) -> InboxForm:
    working = [membership.user_id for membership in members_of_inbox(inbox)]
    form = InboxForm(name=inbox.name, webhook_url=inbox.webhook_url, members=working, **how)
    form.offer(members_of(current_account().id))
    return form


def _conversations_form(inbox: Inbox, **how: Any) -> ConversationsForm:
    found = {**DEFAULTS, **inbox.settings}
    return ConversationsForm(
        lock_to_single_conversation=inbox.lock_to_single_conversation,
        greeting_enabled=found["greeting_enabled"],
        greeting_message=found["greeting_message"],
        **how,
    )


def _bot_form(inbox: Inbox, bots: list[AgentBot], **how: Any) -> BotForm:
    form = BotForm(bot=inbox.agent_bot_id or 0, **how)
    form.offer(bots)
    return form


def _identity_form(inbox: Inbox, **how: Any) -> IdentityForm:
    return IdentityForm(hmac_mandatory=inbox.hmac_mandatory, **how)


def _leaving() -> tuple[list[Inbox], dict[int, int]]:
    found = inboxes_being_deleted(current_account().id)
    return found, count_remaining(found)


def _back_to(inbox: Inbox) -> ResponseReturnValue:
    return back_to(_address(inbox), gettext("The inbox %(name)s is saved.", name=inbox.name))


def _edit_page(
    inbox: Inbox,
    *,
    form: InboxForm | None = None,
    conversations_form: ConversationsForm | None = None,
    hours_form: HoursForm | None = None,
    chosen: BotForm | None = None,
) -> Response:
    """No browser may keep it: the inbox's secrets stand on it. Only the form that was sent has complaints."""
    forms = {
        "form": form or _form_of(inbox, formdata=None),
        "conversations_form": conversations_form or _conversations_form(inbox, formdata=None),
        "identity_form": _identity_form(inbox, formdata=None),
        "hours_form": hours_form or HoursForm(inbox.settings, formdata=None),
        "bot_form": chosen or _bot_form(inbox, bots_of(inbox.account_id), formdata=None),
    }
    api = public_address(f"/api/v1/accounts/{inbox.account_id}")
    client = public_address(f"/public/api/v1/inboxes/{inbox.identifier}")
    is_plain = is_blocked_on_https(inbox.webhook_url)
    page = make_response(
        render_template(
            "inboxes/edit.html",
            inbox=inbox,
            api=api,
            client=client,
            is_plain=is_plain,
            weekdays=_weekdays(),
            receiver_id=callback_id_of(inbox),
            **forms,
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _weekdays() -> list[str]:
    """The names of the days from Sunday on, in the language of the page."""
    names = get_day_names("wide", context="stand-alone", locale=get_locale())
    return [names[(number - 1) % 7] for number in range(7)]


def _removal_page(inbox: Inbox, error: str = "") -> Response:
    return page_or_part("inboxes/removal.html", "inboxes/_removal.html", inbox=inbox, error=error)
