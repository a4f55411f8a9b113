"""Doors of the client API: how content the customer was, by the conversation's own long name."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.channels.api.api.shared import given
from dashboard.channels.api.api.shared import limited
from dashboard.channels.api.api.shared import take_answer
from dashboard.channels.api.queries import survey_in
from dashboard.channels.api.schemas import SURVEY
from dashboard.channels.api.schemas import SURVEY_ANSWER
from dashboard.channels.api.serializers import client_survey
from dashboard.http.guards import public
from dashboard.http.openapi import describes

bp = limited(Blueprint("client_surveys", __name__, url_prefix="/public/api/v1/csat_survey"))


@bp.get("/<string:conversation_uuid>")
@public
@describes(
    "Show the survey of a conversation",
    answer=SURVEY,
    details="It is the last message of the type `input_csat` that was sent in it.",
)
def show(conversation_uuid: str) -> ResponseReturnValue:
    return jsonify(client_survey(*survey_in(conversation_uuid)))


@bp.route("/<string:conversation_uuid>", methods=["PATCH", "PUT"])
@public
@describes("Answer the survey, for two weeks", body=SURVEY_ANSWER, answer=SURVEY)
def change(conversation_uuid: str) -> ResponseReturnValue:
    survey, locale = survey_in(conversation_uuid)
    take_answer(survey, given(SURVEY_ANSWER)["message"]["submitted_values"])
    return jsonify(client_survey(survey, locale))
