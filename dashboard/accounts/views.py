"""Coming in: set-up, sign-in, passwords, one's own profile; and the two questions that machines ask."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.queries import is_database_ready
from dashboard.http.guards import public

bp = Blueprint("auth", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process is up."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database can be reached and is migrated."""
    if is_database_ready():
        return jsonify(status="ok")
    return jsonify(status="unavailable"), 503
