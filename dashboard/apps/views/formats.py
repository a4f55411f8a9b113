"""What an agent's page asks and tells when an app has spoken: which format it has, what is shown for it."""

from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.apps import learn_format
from dashboard.apps.queries.apps import app_seen_by
from dashboard.http.current import current_membership
from dashboard.http.guards import requires

bp = Blueprint("apps", __name__, url_prefix="/accounts/<int:account_id>/apps")


@bp.post("/<int:app_id>/format")
@requires(Permission.APPS_SEE)
def learn(app_id: int) -> ResponseReturnValue:
    """The app asked in Chatwoot's words, or greeted in the desk's own. Nothing else can be learned here."""
    learn_format(app_seen_by(current_membership(), app_id), shown=request.form.get("format", ""))
    return "", 204


@bp.get("/parts")
@requires(Permission.APPS_SEE)
def parts() -> ResponseReturnValue:
    """What the desk shows on behalf of apps. Pages fetch it when one speaks the desk's own protocol."""
    return render_template("apps/_parts.html")
