"""JSON doors: labels, under upstream's paths."""

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
from dashboard.labels.operations import add_label
from dashboard.labels.operations import change_label
from dashboard.labels.operations import remove_label
from dashboard.labels.queries import label_of
from dashboard.labels.queries import labels_of
from dashboard.labels.schemas import CHANGES
from dashboard.labels.schemas import CREATION
from dashboard.labels.schemas import LABEL
from dashboard.labels.schemas import SEVERAL
from dashboard.labels.serializers import label_json

NAME = "label"

bp = Blueprint("labels", __name__, url_prefix="/accounts/<int:account_id>/labels")


@bp.get("")
@requires(Permission.LABELS_SEE)
@describes("List the labels, by title", answer=SEVERAL)
def index() -> ResponseReturnValue:
    return jsonify(payload=[label_json(label) for label in labels_of(current_account())])


@bp.get("/<int:label_id>")
@requires(Permission.LABELS_MANAGE)
@describes("Show a label", answer=LABEL)
def show(label_id: int) -> ResponseReturnValue:
    return jsonify(label_json(label_of(current_account().id, label_id)))


@bp.post("")
@requires(Permission.LABELS_MANAGE)
@describes("Define a label", body=CREATION, under=NAME, answer=LABEL)
def create() -> ResponseReturnValue:
    label = add_label(current_account(), given=accepted(CREATION, under=NAME), actor=current_user())
    return jsonify(label_json(label))


@bp.route("/<int:label_id>", methods=["PATCH", "PUT"])
@requires(Permission.LABELS_MANAGE)
@describes(
    "Change a label",
    body=CHANGES,
    under=NAME,
    answer=LABEL,
    details="Conversations and contacts that carry it get its new title, a moment later.",
)
def change(label_id: int) -> ResponseReturnValue:
    label = label_of(current_account().id, label_id)
    change_label(label, changes=accepted(CHANGES, under=NAME), actor=current_user())
    return jsonify(label_json(label))


@bp.delete("/<int:label_id>")
@requires(Permission.LABELS_MANAGE)
@describes("Delete a label; conversations and contacts lose it, a moment later")
def remove(label_id: int) -> ResponseReturnValue:
    remove_label(label_of(current_account().id, label_id), actor=current_user())
    return empty()
