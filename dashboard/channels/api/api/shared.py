"""What the doors of the client API have in common: who comes through, and how often."""

from typing import Any

from flask import Blueprint
from flask import request

from dashboard.channels.api.operations import TooLate
from dashboard.channels.api.operations import check_proof
from dashboard.channels.api.operations import is_vouched_for
from dashboard.channels.api.operations import submit_values
from dashboard.channels.api.operations import verify_session
from dashboard.channels.api.queries import session_in
from dashboard.conversations.models import Message
from dashboard.extensions import limiter
from dashboard.extensions import settings
from dashboard.http.bodies import body
from dashboard.http.bodies import checked
from dashboard.http.bodies import fitted
from dashboard.http.callers import calling_network
from dashboard.http.errors import Refused
from dashboard.inboxes.models import ContactInbox

TOO_LATE = "You cannot update the CSAT survey after 14 days"
PREFIX = "/public/api/v1/inboxes/<string:identifier>"


def limited(blueprint: Blueprint) -> Blueprint:
    """Let nobody flood it: so many requests a minute from one address to one inbox."""
    limiter.shared_limit(
        lambda: f"{settings().client_rate_limit}/minute",
        scope="client-api",
        key_func=_flooding_key,
        exempt_when=lambda: settings().client_rate_limit == 0 or request.method == "OPTIONS",
    )(blueprint)
    return blueprint


def given(schema: dict[str, Any], *, files: str = "") -> dict[str, Any]:
    """What was sent of what the schema knows, in the body or, as Rails reads it, in the address."""
    return checked(fitted({**request.args.to_dict(), **body(files=files)}, schema), schema)


def proven_session(identifier: str, source_id: str, sent: dict[str, Any]) -> ContactInbox:
    """The session, verified by the proof that came with the request, if one came.

    Raises:
        NotFound: there is none.
        NotAllowed: the proof is wrong, or it is missing and the inbox asks for one.
    """
    session = session_in(identifier, source_id)
    claimed = sent.get("identifier")
    proof = {"identifier": claimed, "identifier_hash": sent.get("identifier_hash")}
    if check_proof(session.inbox, **proof) and is_vouched_for(session, claimed or ""):
        verify_session(session)
    return session


def take_answer(message: Message, values: Any) -> None:
    """Keep what the customer answered to what a message asks.

    Raises:
        Refused: it is a survey, and too old.
    """
    try:
        submit_values(message, values=values)
    except TooLate:
        raise Refused(TOO_LATE) from None


def _flooding_key() -> str:
    return f"{(request.view_args or {}).get('identifier', '')} {calling_network()}"
