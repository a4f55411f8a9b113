"""What an app in a frame asks of the server, through the agent's page. Every answer is an envelope."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint
from flask import current_app
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.asking import Call
from dashboard.apps.operations.asking import CallRefused
from dashboard.apps.operations.calls import answer
from dashboard.apps.operations.usage import note_call
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.schemas.calls import CALL
from dashboard.apps.schemas.calls import LARGEST_CALL
from dashboard.apps.views.limits import app_and_agent
from dashboard.extensions import db
from dashboard.extensions import limiter
from dashboard.http.afterwards import afterwards
from dashboard.http.bodies import body
from dashboard.http.bodies import checked
from dashboard.http.current import caller
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.errors import NotAMember
from dashboard.http.errors import NotJson
from dashboard.http.errors import NotSignedIn
from dashboard.http.errors import Refused
from dashboard.http.guards import requires
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound

MOST_CALLS = 120  # a minute, of one app for one agent

bp = Blueprint("app_calls", __name__, url_prefix="/accounts/<int:account_id>/apps/<int:app_id>")


@bp.post("/calls")
@limiter.limit(f"{MOST_CALLS}/minute", key_func=app_and_agent)
@requires(Permission.APPS_SEE)
def call(app_id: int) -> ResponseReturnValue:
    """One call of one app, for the agent in whose page it is."""
    app = app_seen_by(current_membership(), app_id)
    sent = _sent()
    known = caller()
    asked = Call(
        app=app,
        account=current_account(),
        membership=current_membership(),
        agent=current_user(),
        method=sent["method"],
        params=sent.get("params", {}),
        key=sent.get("conversation"),
        session=sent.get("session") or "",
        login=known.session if known else None,
    )
    with _measured(app.id):
        result = answer(asked)
    return jsonify(ok=True, result=result)


@contextmanager
def _measured(app_id: int) -> Iterator[None]:
    """How long it takes, and whether it is done, is counted for the administrator."""
    start, is_refused = time.perf_counter(), True
    try:
        yield
        is_refused = False
    finally:
        seconds = time.perf_counter() - start
        afterwards(lambda: note_call(app_id, seconds=seconds, is_refused=is_refused))


def _sent() -> dict[str, Any]:
    if not request.is_json:
        raise CallRefused("invalid", "The body must be JSON")
    if len(request.get_data(cache=True)) > LARGEST_CALL:
        raise RequestEntityTooLarge
    return checked(body(), CALL)


def _refusal(code: str, message: str, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    return jsonify(ok=False, error={"code": code, "message": message, **more}), status


@bp.errorhandler(CallRefused)
def _refused(error: CallRefused) -> ResponseReturnValue:
    db.session.rollback()
    return _refusal(error.code, str(error))


@bp.errorhandler(Invalid)
def _invalid(error: Invalid) -> ResponseReturnValue:
    db.session.rollback()
    return _refusal("invalid", "; ".join(f"{each.field}: {each}" for each in error.problems))


@bp.errorhandler(NotJson)
@bp.errorhandler(Refused)
def _unreadable(_: Exception) -> ResponseReturnValue:
    return _refusal("invalid", "The body is not JSON that can be kept")


@bp.errorhandler(NotAllowed)
def _not_allowed(_: NotAllowed) -> ResponseReturnValue:
    return _refusal("denied_user", "The agent may not do that")


@bp.errorhandler(NotSignedIn)
def _signed_out(_: NotSignedIn) -> ResponseReturnValue:
    return _refusal("denied_user", "Nobody is signed in", status=401)


@bp.errorhandler(NotFound)
@bp.errorhandler(NotAMember)
def _not_found(_: Exception) -> ResponseReturnValue:
    return _refusal("denied_user", "There is no such app for this agent", status=404)


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(_: Exception) -> ResponseReturnValue:
    return _refusal("too_large", f"A call may have {LARGEST_CALL} bytes", status=413)


@bp.errorhandler(CSRFError)
def _forged(_: CSRFError) -> ResponseReturnValue:
    return _refusal("denied_user", "The page is from an older session", status=400)


@bp.errorhandler(RateLimitExceeded)
def _too_often(_: RateLimitExceeded) -> ResponseReturnValue:
    limit = limiter.current_limit
    wait = round(limit.reset_at - clock.now().timestamp()) if limit else 60
    return _refusal("rate_limited", f"At most {MOST_CALLS} calls a minute", retry_after=min(max(1, wait), 60))


@bp.errorhandler(OperationalError)
def _busy(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.error("%s %s: %s", request.method, request.path, error)
    return _refusal("busy", "The database is busy. Nothing was done: try again in a moment", retry_after=5)


@bp.errorhandler(Exception)
def _unexpected(error: Exception) -> ResponseReturnValue:
    """Anything nobody foresaw: logged with its trace, answered without it."""
    db.session.rollback()
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _refusal("internal", "Something went wrong. Nothing was done")
