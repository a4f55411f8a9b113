"""Doors of the client API: the inbox, and the customer who comes to it."""

from flask import Blueprint
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.channels.api.api.shared import PREFIX
from dashboard.channels.api.api.shared import given
from dashboard.channels.api.api.shared import limited
from dashboard.channels.api.api.shared import proven_session
from dashboard.channels.api.operations import arrive
from dashboard.channels.api.operations import check_proof
from dashboard.channels.api.operations import identify
from dashboard.channels.api.operations import trigger_widget
from dashboard.channels.api.queries import inbox_by_identifier
from dashboard.channels.api.queries import newest_of_session
from dashboard.channels.api.queries import session_in
from dashboard.channels.api.schemas import CHANGES
from dashboard.channels.api.schemas import CONTACT_ROW
from dashboard.channels.api.schemas import CREATION
from dashboard.channels.api.schemas import EVENT
from dashboard.channels.api.schemas import INBOX
from dashboard.channels.api.schemas import PROOF
from dashboard.channels.api.schemas import SESSION
from dashboard.channels.api.serializers import client_contact
from dashboard.channels.api.serializers import client_inbox
from dashboard.channels.api.serializers import client_session
from dashboard.extensions import write_intent
from dashboard.http.answers import empty
from dashboard.http.guards import public
from dashboard.http.openapi import describes

bp = limited(Blueprint("client_contacts", __name__, url_prefix=PREFIX))
_ABOUT = ("email", "phone_number", "name", "custom_attributes", "avatar_url")


@bp.get("")
@public
@describes("Show the inbox", answer=INBOX)
def show_inbox(identifier: str) -> ResponseReturnValue:
    return jsonify(client_inbox(inbox_by_identifier(identifier)))


@bp.post("/contacts")
@public
@describes(
    "Begin a session as a new or a known contact",
    body=CREATION,
    answer=SESSION,
    details="A `source_id` that the inbox knows gets its session as it is. Otherwise the contact is the one "
    "of that identifier, e-mail or phone number, unchanged, or a new one. With an `identifier_hash` only "
    "the identifier counts.",
)
def create(identifier: str) -> ResponseReturnValue:
    inbox = inbox_by_identifier(identifier)
    sent = given(CREATION)
    proof = {name: sent.get(name) for name in PROOF}
    is_proven = check_proof(inbox, **proof)
    about = {name: sent.get(name) for name in (*_ABOUT, "source_id", "identifier")}
    return jsonify(client_session(arrive(inbox, is_proven=is_proven, **about)))


@bp.get("/contacts/<string:source_id>")
@public
@describes("Show the session", query=PROOF, answer=SESSION)
def show(identifier: str, source_id: str) -> ResponseReturnValue:
    write_intent.set("identifier_hash" in request.args)  # a proof is noted: this reader may write
    return jsonify(client_session(proven_session(identifier, source_id, given(CHANGES))))


@bp.route("/contacts/<string:source_id>", methods=["PATCH", "PUT"])
@public
@describes("Say who the customer is", body=CHANGES, answer=CONTACT_ROW)
def change(identifier: str, source_id: str) -> ResponseReturnValue:
    sent = given(CHANGES)
    session = proven_session(identifier, source_id, sent)
    identify(session, **{name: sent.get(name) for name in _ABOUT})
    return jsonify(client_contact(session.contact))


@bp.post("/contacts/<string:source_id>/events")
@public
@describes("Tell what happened in the customer's program, such as that its chat was opened", body=EVENT)
def trigger(identifier: str, source_id: str) -> ResponseReturnValue:
    session = session_in(identifier, source_id)
    sent = given(EVENT)
    trigger_widget(
        session,
        conversation=newest_of_session(session),
        name=sent["name"],
        event_info=sent.get("event_info") or {},
    )
    return empty()
