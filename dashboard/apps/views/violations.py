"""What an agent's page saw an app do: it tried to open something that is not its own."""

from flask import Blueprint
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.violations import note_violation
from dashboard.apps.queries.apps import app_seen_by
from dashboard.http.addresses import house_rules
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires

bp = Blueprint("app_violations", __name__, url_prefix="/accounts/<int:account_id>/apps")


@bp.post("/<int:app_id>/violations")
@requires(Permission.APPS_SEE)
def note(app_id: int) -> ResponseReturnValue:
    """Count it, and nothing else: whatever else the request says is not asked."""
    app = app_seen_by(current_membership(), app_id)
    told = request.form.get("origin")
    is_counted = note_violation(app, told, rules=house_rules(), actor=current_user())
    return "", 204 if is_counted else 429
