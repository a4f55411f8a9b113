"""The inspector: what the page and an app say to each other, for administrators and for the app's author."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint
from flask import render_template
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.forms.access import SCOPES as WORDS
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.payloads import whole_context
from dashboard.apps.permissions import inspects
from dashboard.apps.permissions import is_for
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.schemas.explained import explained
from dashboard.apps.views.contexts import opened
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.lib.errors import NotFound

bp = Blueprint("app_inspector", __name__, url_prefix="/accounts/<int:account_id>/apps/<int:app_id>/inspector")


@bp.get("")
@requires(Permission.APPS_SEE)
def show(app_id: int) -> ResponseReturnValue:
    """The drawer, still empty: what it shows has been heard by the page alone."""
    return render_template("apps/_inspector.html", app=_inspected(app_id))


@bp.get("/context")
@requires(Permission.APPS_SEE)
def context(app_id: int) -> ResponseReturnValue:
    """The conversation that is named, as a tree: each part with the scope that lets it through. Nothing is
    told to the app by this, so it is not in the ledger."""
    app = _inspected(app_id)
    summary = opened()
    is_here = is_for(app, summary.conversation if summary else None)
    groups, number = [], None
    if summary and is_here:
        groups = explained(whole_context(summary, agent=current_user()), app.scopes)
        number = summary.conversation.display_id
    known = {"words": WORDS, "number": number, "is_here": is_here}
    return render_template("apps/_inspected.html", groups=groups, **known)


@bp.app_template_filter()
def inspected(apps: Iterable[Any]) -> str:
    """Which of a page's apps the person who asks may inspect: `all`, or their numbers."""
    membership = current_membership()
    if membership.is_administrator:
        return "all"
    return " ".join(str(app.id) for app in apps if inspects(membership, app))


def _inspected(app_id: int) -> DashboardApp:
    app = app_seen_by(current_membership(), app_id)
    if not inspects(current_membership(), app):
        raise NotFound
    return app
