"""The SDK for apps, for pages on every origin: one module and its types, from addresses that stay."""

from pathlib import Path

from flask import Blueprint
from flask import current_app
from flask import send_from_directory
from flask.typing import ResponseReturnValue

from dashboard.http.guards import public

_AN_HOUR = 3600
_A_WEEK = 7 * 24 * _AN_HOUR

bp = Blueprint("sdk", __name__, url_prefix="/sdk")


@bp.get("/v1.js")
@public
def module() -> ResponseReturnValue:
    """The first version. It is mended in place; what would break an app gets another number."""
    return _sent("v1.js", "text/javascript")


@bp.get("/v1.d.ts")
@public
def types() -> ResponseReturnValue:
    return _sent("v1.d.ts", "text/plain")


def _sent(name: str, kind: str) -> ResponseReturnValue:
    """For an hour a browser asks nobody, for a week it shows what it has while it asks."""
    folder = Path(str(current_app.static_folder)) / "sdk"
    response = send_from_directory(folder, name, mimetype=kind, max_age=_AN_HOUR)
    response.headers["Cache-Control"] = f"public, max-age={_AN_HOUR}, stale-while-revalidate={_A_WEEK}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
