"""Settings: where one is before one chose a page."""

from flask import Blueprint
from flask import redirect
from flask import url_for
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.http.current import current_account
from dashboard.http.guards import requires

bp = Blueprint("start", __name__)


@bp.get("")
@requires(Permission.AGENTS_MANAGE)
def index() -> ResponseReturnValue:
    """On to the first page of the menu."""
    return redirect(url_for("settings.agents.index", account_id=current_account().id))
