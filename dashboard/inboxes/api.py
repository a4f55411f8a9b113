"""JSON doors: inboxes and who works in them."""

from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.accounts.schemas import AGENTS_PAYLOAD
from dashboard.accounts.serializers import agent_json
from dashboard.bots.queries import bot_of
from dashboard.bots.schemas import CONNECTION
from dashboard.bots.schemas import OF_INBOX
from dashboard.bots.serializers import bot_json
from dashboard.bots.serializers import bot_with_secrets_json
from dashboard.http import arguments
from dashboard.http.answers import empty
from dashboard.http.bodies import body
from dashboard.http.bodies import checked
from dashboard.http.bodies import fitted
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.errors import Refused
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import add_members
from dashboard.inboxes.operations import change_inbox
from dashboard.inboxes.operations import connect_bot
from dashboard.inboxes.operations import create_inbox
from dashboard.inboxes.operations import delete_inbox
from dashboard.inboxes.operations import remove_members
from dashboard.inboxes.operations import replace_hmac_token
from dashboard.inboxes.operations import replace_secret
from dashboard.inboxes.operations import set_members
from dashboard.inboxes.queries import assignable_in
from dashboard.inboxes.queries import inbox_of
from dashboard.inboxes.queries import inboxes_of
from dashboard.inboxes.queries import members_of_inbox
from dashboard.inboxes.schemas import CHANGES
from dashboard.inboxes.schemas import CREATION
from dashboard.inboxes.schemas import INBOX
from dashboard.inboxes.schemas import LIST
from dashboard.inboxes.schemas import MEMBERS
from dashboard.inboxes.schemas import SETTINGS
from dashboard.inboxes.serializers import inbox_json
from dashboard.inboxes.serializers import inbox_with_secrets_json
from dashboard.lib.numbers import row_number
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of

MOST_INBOXES = 100  # that are asked about at once
TOO_MANY = "Too many inboxes"
MESSAGE = envelope(message={"type": "string"})

bp = Blueprint("inboxes", __name__, url_prefix="/accounts/<int:account_id>/inboxes")
assignable = Blueprint(
    "assignable_agents", __name__, url_prefix="/accounts/<int:account_id>/assignable_agents"
)
members = Blueprint("inbox_members", __name__, url_prefix="/accounts/<int:account_id>/inbox_members")


@bp.get("")
@requires(Permission.INBOXES_SEE)
@describes("List the inboxes that one works in", answer=LIST)
def index() -> ResponseReturnValue:
    return jsonify(payload=[_face(inbox) for inbox in inboxes_of(current_membership())])


@bp.get("/<int:inbox_id>")
@requires(Permission.INBOXES_SEE)
@describes("Show an inbox", answer=INBOX)
def show(inbox_id: int) -> ResponseReturnValue:
    return jsonify(_face(inbox_of(current_membership(), inbox_id)))


@bp.post("")
@requires(Permission.INBOXES_MANAGE)
@describes("Open an inbox of the kind `api`", body=CREATION, answer=INBOX)
def create() -> ResponseReturnValue:
    given = _given(CREATION)
    channel = given.get("channel") or {}
    inbox = create_inbox(
        current_account(),
        name=given["name"] or "",
        kind=channel.get("type"),
        webhook_url=channel.get("webhook_url") or "",
        hmac_mandatory=bool(channel.get("hmac_mandatory")),
        lock_to_single_conversation=bool(given.get("lock_to_single_conversation")),
        settings=_settings(given),
        actor=current_user(),
    )
    return jsonify(_face(inbox))


@bp.route("/<int:inbox_id>", methods=["PATCH", "PUT"])
@requires(Permission.INBOXES_MANAGE)
@describes("Change an inbox", body=CHANGES, answer=INBOX)
def change(inbox_id: int) -> ResponseReturnValue:
    inbox = inbox_of(current_membership(), inbox_id)
    given = _given(CHANGES)
    channel = given.get("channel") or {}
    change_inbox(
        inbox,
        name=given.get("name"),
        webhook_url=(channel["webhook_url"] or "") if "webhook_url" in channel else None,
        hmac_mandatory=channel.get("hmac_mandatory"),
        lock_to_single_conversation=given.get("lock_to_single_conversation"),
        settings=_settings(given),
        actor=current_user(),
    )
    return jsonify(_face(inbox))


@bp.delete("/<int:inbox_id>")
@requires(Permission.INBOXES_MANAGE)
@describes("Delete an inbox with its conversations, in a while", answer=MESSAGE)
def delete(inbox_id: int) -> ResponseReturnValue:
    delete_inbox(inbox_of(current_membership(), inbox_id), actor=current_user())
    return jsonify(message="Your inbox deletion request will be processed in some time.")


@bp.post("/<int:inbox_id>/reset_secret")
@requires(Permission.INBOXES_MANAGE)
@describes("Sign what is sent to the callback with a new secret", answer=INBOX)
def reset_secret(inbox_id: int) -> ResponseReturnValue:
    inbox = inbox_of(current_membership(), inbox_id)
    replace_secret(inbox, actor=current_user())
    return jsonify(_face(inbox))


@bp.post("/<int:inbox_id>/rotate_hmac_token")
@requires(Permission.INBOXES_MANAGE)
@describes("Give the inbox a new key for proofs of identity", answer=INBOX)
def rotate_hmac_token(inbox_id: int) -> ResponseReturnValue:
    inbox = inbox_of(current_membership(), inbox_id)
    replace_hmac_token(inbox, actor=current_user())
    return jsonify(_face(inbox))


@bp.post("/<int:inbox_id>/set_agent_bot")
@requires(Permission.INBOXES_MANAGE)
@describes("Let a bot answer first in an inbox, or none", body=CONNECTION)
def set_agent_bot(inbox_id: int) -> ResponseReturnValue:
    inbox = inbox_of(current_membership(), inbox_id)
    number = _given(CONNECTION).get("agent_bot")
    bot = bot_of(current_account().id, number) if number else None
    connect_bot(inbox, bot=bot, actor=current_user())
    return empty()


@bp.get("/<int:inbox_id>/agent_bot")
@requires(Permission.BOTS_SEE)
@describes("Show the bot that answers first in an inbox; nothing where there is none", answer=OF_INBOX)
def agent_bot(inbox_id: int) -> ResponseReturnValue:
    bot = inbox_of(current_membership(), inbox_id).agent_bot
    if bot is None:
        return jsonify({})
    face = bot_with_secrets_json if current_membership().is_administrator else bot_json
    return jsonify(agent_bot=face(bot))


@bp.get("/<int:inbox_id>/assignable_agents")
@requires(Permission.INBOXES_SEE)
@describes("List who can be put in charge of an inbox's conversations", answer=AGENTS_PAYLOAD)
def list_assignable_in(inbox_id: int) -> ResponseReturnValue:
    return _assignable([inbox_of(current_membership(), inbox_id)])


@assignable.get("")
@requires(Permission.INBOXES_SEE)
@describes(
    "List who can be put in charge in all of these inboxes",
    query={"inbox_ids[]": list_of(NUMBER)},
    answer=AGENTS_PAYLOAD,
)
def list_assignable() -> ResponseReturnValue:
    wanted = {row_number(word) or 0 for word in arguments.words("inbox_ids")}
    if len(wanted) > MOST_INBOXES:
        raise Refused(TOO_MANY)
    return _assignable([inbox_of(current_membership(), number) for number in sorted(wanted)])


@members.get("/<int:inbox_id>")
@requires(Permission.INBOXES_SEE)
@describes("List who works in an inbox", answer=AGENTS_PAYLOAD)
def list_members(inbox_id: int) -> ResponseReturnValue:
    return _members_of(inbox_of(current_membership(), inbox_id))


@members.post("")
@requires(Permission.INBOXES_MANAGE)
@describes("Let more people work in an inbox", body=MEMBERS, answer=AGENTS_PAYLOAD)
def add() -> ResponseReturnValue:
    given = _given(MEMBERS)
    inbox = inbox_of(current_membership(), given["inbox_id"])
    add_members(inbox, user_ids=given["user_ids"], actor=current_user())
    return _members_of(inbox)


@members.route("", methods=["PATCH", "PUT"])
@requires(Permission.INBOXES_MANAGE)
@describes("Say who works in an inbox, and nobody else", body=MEMBERS, answer=AGENTS_PAYLOAD)
def replace() -> ResponseReturnValue:
    given = _given(MEMBERS)
    inbox = inbox_of(current_membership(), given["inbox_id"])
    set_members(inbox, user_ids=given["user_ids"], actor=current_user())
    return _members_of(inbox)


@members.delete("")
@requires(Permission.INBOXES_MANAGE)
@describes("Let people no longer work in an inbox", body=MEMBERS)
def remove() -> ResponseReturnValue:
    given = _given(MEMBERS)
    inbox = inbox_of(current_membership(), given["inbox_id"])
    remove_members(inbox, user_ids=given["user_ids"], actor=current_user())
    return empty()


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """The body, in which the word "null" is no text: upstream's own page sends forms."""
    sent = _with_nulls(body())
    wrapped = sent.get("inbox")
    return checked(fitted(wrapped if isinstance(wrapped, dict) else sent, schema), schema)


def _with_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_nulls(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_nulls(inner) for inner in value]
    return None if value == "null" else value


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in given.items() if name in SETTINGS}
    channel = given.get("channel") or {}
    if "additional_attributes" in channel:
        found["additional_attributes"] = channel["additional_attributes"]
    return found


def _face(inbox: Inbox) -> dict[str, Any]:
    if current_membership().is_administrator:
        return inbox_with_secrets_json(inbox)
    return inbox_json(inbox)


def _assignable(inboxes: list[Inbox]) -> ResponseReturnValue:
    found = assignable_in(current_account().id, [inbox.id for inbox in inboxes])
    return jsonify(payload=[agent_json(membership) for membership in found])


def _members_of(inbox: Inbox) -> ResponseReturnValue:
    return jsonify(payload=[agent_json(membership) for membership in members_of_inbox(inbox)])
