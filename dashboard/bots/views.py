"""Settings → Bots: programs that answer customers before people do."""

from flask import Blueprint
from flask import Response
from flask import make_response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from dashboard.accounts.permissions import Permission
from dashboard.bots.forms import bot_form
from dashboard.bots.models import AgentBot
from dashboard.bots.operations import add_bot
from dashboard.bots.operations import change_bot
from dashboard.bots.operations import replace_secret
from dashboard.bots.operations import replace_token
from dashboard.bots.operations import set_bot_picture
from dashboard.bots.queries import bot_of
from dashboard.bots.queries import bots_of
from dashboard.contacts.operations.pictures import drawn
from dashboard.conversations.queries.bots import count_pending_of
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blaming
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import inboxes_of
from dashboard.lib.addresses import is_blocked_on_https
from dashboard.transactions import transaction
from dashboard.webhooks.operations.endpoints import delete_bot
from dashboard.webhooks.queries.deliveries import receiver_id_of
from dashboard.webhooks.queries.failing import bots_not_reached

bp = Blueprint("bots", __name__, url_prefix="/bots")


@bp.get("")
@requires(Permission.BOTS_MANAGE)
def index() -> ResponseReturnValue:
    """Every bot of the account, and where each answers."""
    account_id = current_account().id
    return render_template(
        "bots/index.html",
        bots=bots_of(account_id),
        inboxes=_by_bot(inboxes_of(current_membership())),
        silent=bots_not_reached(account_id),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.BOTS_MANAGE)
def new() -> ResponseReturnValue:
    """One more bot; the next page shows what its program needs."""
    form = bot_form()
    if form.validate_on_submit():
        with blaming(form), drawn(form.picture) as key, transaction():
            bot = add_bot(current_account(), given=form.given, actor=current_user())
            if key:
                set_bot_picture(bot, key=key, actor=current_user())
            return back_to(_address(bot, ".ready"))
    return form_page("bots/new.html", form)


@bp.get("/<int:bot_id>/ready")
@requires(Permission.BOTS_MANAGE)
def ready(bot_id: int) -> ResponseReturnValue:
    """What a new bot's program has to know, and what is left to do."""
    bot = _bot(bot_id)
    return _unkept(render_template("bots/ready.html", bot=bot, inboxes=inboxes_of(current_membership())))


@bp.route("/<int:bot_id>", methods=["GET", "POST"])
@requires(Permission.BOTS_MANAGE)
def edit(bot_id: int) -> ResponseReturnValue:
    """What the bot is called and where it is; beside that its keys and its inboxes."""
    bot = _bot(bot_id)
    form = bot_form(bot)
    if form.validate_on_submit():
        with blaming(form), drawn(form.picture) as key, transaction():
            change_bot(bot, changes=form.given, actor=current_user())
            if key or form.without_picture.data:
                set_bot_picture(bot, key=key, actor=current_user())
            return back_to(_index(), gettext("The bot %(name)s is saved.", name=bot.name))
    return _edit_page(bot, form), 422 if form.is_submitted() else 200


@bp.route("/<int:bot_id>/secret", methods=["GET", "POST"])
@requires(Permission.BOTS_MANAGE)
def secret(bot_id: int) -> ResponseReturnValue:
    """What is sent to the bot from now on is signed with another one. Asks first."""
    bot = _bot(bot_id)
    if request.method != "POST":
        return _question("secret", bot)
    replace_secret(bot, actor=current_user())
    return back_to(_address(bot), gettext("The webhook secret is replaced."))


@bp.route("/<int:bot_id>/token", methods=["GET", "POST"])
@requires(Permission.BOTS_MANAGE)
def token(bot_id: int) -> ResponseReturnValue:
    """The old one opens nothing any more. Asks first."""
    bot = _bot(bot_id)
    if request.method != "POST":
        return _question("token", bot)
    replace_token(bot, actor=current_user())
    return back_to(_address(bot), gettext("The access token is replaced."))


@bp.route("/<int:bot_id>/removal", methods=["GET", "POST"])
@requires(Permission.BOTS_MANAGE)
def remove(bot_id: int) -> ResponseReturnValue:
    """Says first what becomes of inboxes and conversations."""
    bot = _bot(bot_id)
    if request.method != "POST":
        return _question("removal", bot)
    delete_bot(bot, actor=current_user())
    return back_to(_index(), gettext("The bot %(name)s is deleted.", name=bot.name))


def _bot(bot_id: int) -> AgentBot:
    return bot_of(current_account().id, bot_id)


def _index() -> str:
    return url_for(".index", account_id=current_account().id)


def _address(bot: AgentBot, endpoint: str = ".edit") -> str:
    return url_for(endpoint, account_id=bot.account_id, bot_id=bot.id)


def _by_bot(inboxes: list[Inbox]) -> dict[int, list[Inbox]]:
    found: dict[int, list[Inbox]] = {}
    for inbox in inboxes:
        if inbox.agent_bot_id is not None:
            found.setdefault(inbox.agent_bot_id, []).append(inbox)
    return found


def _edit_page(bot: AgentBot, form: FlaskForm) -> Response:
    known = {
        "is_plain": is_blocked_on_https(bot.outgoing_url),
        "inboxes": inboxes_of(current_membership()),
        "receiver_id": receiver_id_of(bot),
        "silent": bots_not_reached(bot.account_id).get(bot.id),
    }
    return _unkept(render_template("bots/edit.html", bot=bot, form=form, **known))


def _unkept(page: str) -> Response:
    """No browser may keep it: the bot's keys stand on it."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _question(about: str, bot: AgentBot) -> Response:
    """Are you sure? Each says what it means for this bot."""
    is_removal = about == "removal"
    inboxes = _by_bot(inboxes_of(current_membership())).get(bot.id, []) if is_removal else []
    pending = count_pending_of(bot) if is_removal else 0
    page, part = "bots/question.html", "bots/_question.html"
    name = bot.name or gettext("Bot without a name")
    return page_or_part(page, part, about=about, bot=bot, name=name, inboxes=inboxes, pending=pending)
