"""What an agent's page found out about an app of the automatic format."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.apps import learn_chatwoot
from dashboard.apps.queries.apps import app_seen_by
from dashboard.http.current import current_membership
from dashboard.http.guards import requires

bp = Blueprint("apps", __name__, url_prefix="/accounts/<int:account_id>/apps")


@bp.post("/<int:app_id>/format")
@requires(Permission.APPS_SEE)
def learn(app_id: int) -> ResponseReturnValue:
    """The app asked in Chatwoot's words. Whatever the request says, nothing else can be learned here."""
    learn_chatwoot(app_seen_by(current_membership(), app_id))
    return "", 204
