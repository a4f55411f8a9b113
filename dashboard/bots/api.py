"""JSON doors: bots, under upstream's paths."""

from typing import IO
from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.accounts.permissions import may
from dashboard.bots.models import AgentBot
from dashboard.bots.operations import add_bot
from dashboard.bots.operations import ask_for_bot_picture
from dashboard.bots.operations import change_bot
from dashboard.bots.operations import replace_secret
from dashboard.bots.operations import replace_token
from dashboard.bots.operations import set_bot_picture
from dashboard.bots.queries import bot_of
from dashboard.bots.queries import bots_of
from dashboard.bots.schemas import BOT
from dashboard.bots.schemas import CHANGES
from dashboard.bots.schemas import SEVERAL
from dashboard.bots.serializers import bot_json
from dashboard.bots.serializers import bot_with_secrets_json
from dashboard.contacts.operations.pictures import drawn
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.bodies import files_under
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.transactions import transaction
from dashboard.webhooks.operations.endpoints import delete_bot

ABOUT_PICTURES = (
    "A picture comes in a multipart body as `avatar`; what is at `avatar_url` is fetched in a moment."
)

bp = Blueprint("agent_bots", __name__, url_prefix="/accounts/<int:account_id>/agent_bots")


@bp.get("")
@requires(Permission.BOTS_SEE)
@describes("List bots, by name", answer=SEVERAL)
def index() -> ResponseReturnValue:
    return jsonify([_face(bot) for bot in bots_of(current_account().id)])


@bp.get("/<int:bot_id>")
@requires(Permission.BOTS_SEE)
@describes("Show a bot", answer=BOT)
def show(bot_id: int) -> ResponseReturnValue:
    return jsonify(_face(bot_of(current_account().id, bot_id)))


@bp.post("")
@requires(Permission.BOTS_MANAGE)
@describes("Add a bot", body=CHANGES, answer=BOT, details=ABOUT_PICTURES)
def create() -> ResponseReturnValue:
    given = accepted(CHANGES, files="avatar")
    with drawn(_sent_picture()) as picture, transaction():
        bot = add_bot(current_account(), given=given, actor=current_user())
        _give_picture(bot, picture, given.get("avatar_url"))
    return jsonify(_face(bot))


@bp.route("/<int:bot_id>", methods=["PATCH", "PUT"])
@requires(Permission.BOTS_MANAGE)
@describes("Change a bot", body=CHANGES, answer=BOT, details=ABOUT_PICTURES)
def change(bot_id: int) -> ResponseReturnValue:
    bot = bot_of(current_account().id, bot_id)
    given = accepted(CHANGES, files="avatar")
    with drawn(_sent_picture()) as picture, transaction():
        change_bot(bot, changes=given, actor=current_user())
        _give_picture(bot, picture, given.get("avatar_url"))
    return jsonify(_face(bot))


@bp.delete("/<int:bot_id>")
@requires(Permission.BOTS_MANAGE)
@describes("Delete a bot; what it said stays")
def delete(bot_id: int) -> ResponseReturnValue:
    delete_bot(bot_of(current_account().id, bot_id), actor=current_user())
    return empty()


@bp.delete("/<int:bot_id>/avatar")
@requires(Permission.BOTS_MANAGE)
@describes("Take the picture of a bot away", answer=BOT)
def delete_picture(bot_id: int) -> ResponseReturnValue:
    bot = bot_of(current_account().id, bot_id)
    set_bot_picture(bot, key=None, actor=current_user())
    return jsonify(_face(bot))


@bp.post("/<int:bot_id>/reset_access_token")
@requires(Permission.BOTS_MANAGE)
@describes("Give the bot a new token", answer=BOT)
def reset_access_token(bot_id: int) -> ResponseReturnValue:
    bot = bot_of(current_account().id, bot_id)
    replace_token(bot, actor=current_user())
    return jsonify(_face(bot))


@bp.post("/<int:bot_id>/reset_secret")
@requires(Permission.BOTS_MANAGE)
@describes("Sign what is sent to the bot with a new secret", answer=BOT)
def reset_secret(bot_id: int) -> ResponseReturnValue:
    bot = bot_of(current_account().id, bot_id)
    replace_secret(bot, actor=current_user())
    return jsonify(_face(bot))


def _sent_picture() -> IO[bytes] | None:
    return next((file.stream for file in files_under("avatar")), None)


def _give_picture(bot: AgentBot, key: str | None, url: str | None) -> None:
    """What was sent; else what is at the address, in a moment."""
    if key:
        set_bot_picture(bot, key=key, actor=current_user())
    elif url:
        ask_for_bot_picture(bot, url=url)


def _face(bot: AgentBot) -> dict[str, Any]:
    if may(current_membership(), Permission.BOTS_MANAGE):
        return bot_with_secrets_json(bot)
    return bot_json(bot)
