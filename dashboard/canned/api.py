"""JSON doors: canned responses, under upstream's paths."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.canned.operations import add_canned
from dashboard.canned.operations import change_canned
from dashboard.canned.operations import remove_canned
from dashboard.canned.queries import canned_of
from dashboard.canned.queries import find_canned
from dashboard.canned.schemas import CANNED_RESPONSE
from dashboard.canned.schemas import CHANGES
from dashboard.canned.schemas import SEVERAL
from dashboard.canned.serializers import canned_json
from dashboard.http import arguments
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.lib.shapes import TEXT

NAME = "canned_response"

bp = Blueprint("canned_responses", __name__, url_prefix="/accounts/<int:account_id>/canned_responses")


@bp.get("")
@requires(Permission.CANNED_RESPONSES_EDIT)
@describes("List canned responses, by short code", query={"search": TEXT}, answer=SEVERAL)
def index() -> ResponseReturnValue:
    found = find_canned(current_account().id, arguments.word("search"))
    return jsonify([canned_json(response) for response in found])


@bp.post("")
@requires(Permission.CANNED_RESPONSES_EDIT)
@describes("Add a canned response", body=CHANGES, under=NAME, answer=CANNED_RESPONSE)
def create() -> ResponseReturnValue:
    given = accepted(CHANGES, under=NAME)
    return jsonify(canned_json(add_canned(current_account(), given=given, actor=current_user())))


@bp.route("/<int:canned_response_id>", methods=["PATCH", "PUT"])
@requires(Permission.CANNED_RESPONSES_EDIT)
@describes("Change a canned response", body=CHANGES, under=NAME, answer=CANNED_RESPONSE)
def change(canned_response_id: int) -> ResponseReturnValue:
    response = canned_of(current_account().id, canned_response_id)
    change_canned(response, changes=accepted(CHANGES, under=NAME), actor=current_user())
    return jsonify(canned_json(response))


@bp.delete("/<int:canned_response_id>")
@requires(Permission.CANNED_RESPONSES_EDIT)
@describes("Delete a canned response")
def remove(canned_response_id: int) -> ResponseReturnValue:
    remove_canned(canned_of(current_account().id, canned_response_id), actor=current_user())
    return empty()
