"""What every server may know of this desk, at the addresses where servers look for it."""

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.apps.operations.keys import key_set
from dashboard.apps.schemas.tokens import ALGORITHM
from dashboard.apps.schemas.tokens import KINDS
from dashboard.extensions import desk_url
from dashboard.http.guards import public

PROTOCOL_VERSIONS = [1]

bp = Blueprint("well_known", __name__, url_prefix="/.well-known")


@bp.get("/jwks.json")
@public
def jwks() -> ResponseReturnValue:
    """The public halves of the keys that tokens for apps are signed with."""
    return jsonify(key_set())


@bp.get("/deskframe-configuration")
@public
def configuration() -> ResponseReturnValue:
    """Who signs, with what, and where to ask whether a token still holds."""
    desk = desk_url()
    return jsonify(
        issuer=desk,
        jwks_uri=f"{desk}/.well-known/jwks.json",
        introspection_endpoint=f"{desk}/api/apps/introspect",
        token_signing_alg_values_supported=[ALGORITHM],
        token_types={kind.name: kind.typ for kind in KINDS},
        token_lifetimes={kind.name: int(kind.lifetime.total_seconds()) for kind in KINDS},
        versions=PROTOCOL_VERSIONS,
    )


@bp.after_request
def _keep(response: Response) -> Response:
    """A key is published a day before it signs, so an hour is not too long."""
    if response.status_code == 200:
        response.cache_control.public = True
        response.cache_control.max_age = 3600
    return response
