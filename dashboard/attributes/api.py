"""JSON doors: definitions of custom attributes, under upstream's paths."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.attributes.operations import add_definition
from dashboard.attributes.operations import change_definition
from dashboard.attributes.operations import remove_definition
from dashboard.attributes.queries import definition_of
from dashboard.attributes.queries import definitions_of
from dashboard.attributes.schemas import CHANGES
from dashboard.attributes.schemas import CREATION
from dashboard.attributes.schemas import DEFINITION
from dashboard.attributes.schemas import MODELS
from dashboard.attributes.serializers import definition_json
from dashboard.http import arguments
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import list_of

NAME = "custom_attribute_definition"

bp = Blueprint(
    "custom_attribute_definitions",
    __name__,
    url_prefix="/accounts/<int:account_id>/custom_attribute_definitions",
)


@bp.get("")
@requires(Permission.ATTRIBUTES_SEE)
@describes(
    "List the definitions of custom attributes",
    query={"attribute_model": TEXT},
    answer=list_of(DEFINITION),
)
def index() -> ResponseReturnValue:
    model = arguments.word("attribute_model")
    if model in {"0", "1", "2"}:
        model = MODELS[int(model)]
    return jsonify([definition_json(each) for each in definitions_of(current_account(), model)])


@bp.get("/<int:definition_id>")
@requires(Permission.ATTRIBUTES_SEE)
@describes("Show a definition", answer=DEFINITION)
def show(definition_id: int) -> ResponseReturnValue:
    return jsonify(definition_json(definition_of(current_account().id, definition_id)))


@bp.post("")
@requires(Permission.ATTRIBUTES_MANAGE)
@describes("Define a custom attribute", body=CREATION, under=NAME, answer=DEFINITION)
def create() -> ResponseReturnValue:
    definition = add_definition(current_account(), given=accepted(CREATION, under=NAME), actor=current_user())
    return jsonify(definition_json(definition))


@bp.route("/<int:definition_id>", methods=["PATCH", "PUT"])
@requires(Permission.ATTRIBUTES_MANAGE)
@describes("Change a definition; what is not sent stays", body=CHANGES, under=NAME, answer=DEFINITION)
def change(definition_id: int) -> ResponseReturnValue:
    definition = definition_of(current_account().id, definition_id)
    change_definition(definition, changes=accepted(CHANGES, under=NAME), actor=current_user())
    return jsonify(definition_json(definition))


@bp.delete("/<int:definition_id>")
@requires(Permission.ATTRIBUTES_MANAGE)
@describes("Forget a definition; values stay", status=204)
def remove(definition_id: int) -> ResponseReturnValue:
    remove_definition(definition_of(current_account().id, definition_id), actor=current_user())
    return empty(204)
