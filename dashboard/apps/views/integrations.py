"""Settings → Integrations: what the desk can be connected with."""

from flask import Blueprint
from flask import render_template
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.queries.apps import apps_of
from dashboard.http.current import current_account
from dashboard.http.guards import requires

bp = Blueprint("integrations", __name__, url_prefix="/integrations")


@bp.get("")
@requires(Permission.INTEGRATIONS_MANAGE)
def index() -> ResponseReturnValue:
    """One card for each."""
    return render_template("apps/integrations.html", apps=apps_of(current_account().id))
