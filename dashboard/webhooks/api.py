"""JSON doors: webhooks, under upstream's paths."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.webhooks.operations.endpoints import change_webhook
from dashboard.webhooks.operations.endpoints import create_webhook
from dashboard.webhooks.operations.endpoints import delete_webhook
from dashboard.webhooks.queries.endpoints import webhook_of
from dashboard.webhooks.queries.endpoints import webhooks_of
from dashboard.webhooks.schemas.webhooks import CHANGES
from dashboard.webhooks.schemas.webhooks import CREATION
from dashboard.webhooks.schemas.webhooks import ONE
from dashboard.webhooks.schemas.webhooks import SENT
from dashboard.webhooks.schemas.webhooks import SEVERAL
from dashboard.webhooks.serializers import webhook_json

NAME = "webhook"

bp = Blueprint("webhooks", __name__, url_prefix="/accounts/<int:account_id>/webhooks")


@bp.get("")
@requires(Permission.INTEGRATIONS_MANAGE)
@describes("List the webhooks", answer=SEVERAL)
def index() -> ResponseReturnValue:
    faces = [webhook_json(webhook) for webhook in webhooks_of(current_account().id)]
    return jsonify(payload={"webhooks": faces})


@bp.post("")
@requires(Permission.INTEGRATIONS_MANAGE)
@describes(
    "Add a webhook",
    body=CREATION,
    under=NAME,
    answer=ONE,
    details="Without `subscriptions` it is told of conversations, messages, contacts and the widget.",
)
def create() -> ResponseReturnValue:
    given = accepted(SENT, under=NAME)
    webhook = create_webhook(current_account(), given=given, actor=current_user())
    return jsonify(payload={"webhook": webhook_json(webhook)})


@bp.route("/<int:webhook_id>", methods=["PATCH", "PUT"])
@requires(Permission.INTEGRATIONS_MANAGE)
@describes("Change a webhook; what is not sent stays", body=CHANGES, under=NAME, answer=ONE)
def change(webhook_id: int) -> ResponseReturnValue:
    webhook = webhook_of(current_account().id, webhook_id)
    change_webhook(webhook, changes=accepted(SENT, under=NAME), actor=current_user())
    return jsonify(payload={"webhook": webhook_json(webhook)})


@bp.delete("/<int:webhook_id>")
@requires(Permission.INTEGRATIONS_MANAGE)
@describes("Delete a webhook, and what is on its way to it")
def delete(webhook_id: int) -> ResponseReturnValue:
    delete_webhook(webhook_of(current_account().id, webhook_id), actor=current_user())
    return empty()
