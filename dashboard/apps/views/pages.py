"""An app in a page of its own, to which the main navigation leads."""

from flask import Blueprint
from flask import render_template
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.payloads import empty_context
from dashboard.apps.queries.apps import app_with_page_for
from dashboard.apps.queries.apps import pages_seen_by
from dashboard.apps.serializers import app_frames
from dashboard.apps.serializers import features_of
from dashboard.apps.serializers import form_origins_of
from dashboard.apps.serializers import origins_of
from dashboard.attributes.queries import definitions_of
from dashboard.http.addresses import reader_of
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.headers import allow_forms
from dashboard.http.headers import allow_frames

bp = Blueprint("app_pages", __name__, url_prefix="/accounts/<int:account_id>/apps")
bp.add_app_template_global(pages_seen_by, "app_pages_of")


@bp.get("/<int:app_id>")
@requires(Permission.APPS_SEE)
def show(app_id: int) -> ResponseReturnValue:
    """It fills the page. It is told who looks at it, and of no customer."""
    app = app_with_page_for(current_membership(), app_id)
    allow_frames(origins_of([app]), features_of([app]))
    allow_forms(form_origins_of([app]))
    context = empty_context(
        agent=current_user(),
        theme=current_user().theme,
        definitions=definitions_of(current_account()),
        scopes=app.scopes,
    )
    frames = app_frames([app], reader_of(None))
    return render_template("apps/page.html", app=app, apps=frames, context=context)
