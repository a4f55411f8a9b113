"""The ledger: the page says to whom it handed its context, and administrators take the ledger along."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint
from flask import request
from flask import send_file
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.disclosures import AppDisclosure
from dashboard.apps.operations.ledger import is_noted
from dashboard.apps.operations.ledger import note_disclosure
from dashboard.apps.payloads import app_context
from dashboard.apps.permissions import is_for
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.queries.disclosures import all_disclosures
from dashboard.apps.schemas.disclosures import COLUMNS
from dashboard.apps.schemas.disclosures import fields_in
from dashboard.contacts.models import Contact
from dashboard.conversations.queries.summaries import head_of
from dashboard.extensions import settings
from dashboard.http.afterwards import afterwards
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.numbers import row_number
from dashboard.lib.tables import table_of

bp = Blueprint("app_disclosures", __name__, url_prefix="/accounts/<int:account_id>/apps")
settings_bp = Blueprint("ledger", __name__)


@bp.post("/<int:app_id>/disclosures")
@requires(Permission.APPS_SEE)
def tell(app_id: int) -> ResponseReturnValue:
    """The page has handed the context of a conversation to an app: what stands in it is known here."""
    app = app_seen_by(current_membership(), app_id)
    try:
        summary = head_of(current_membership(), row_number(request.form.get("conversation")) or 0)
    except NotAllowed:
        raise NotFound from None
    if not is_for(app, summary.conversation):
        raise NotFound
    data = app_context(summary, [], agent=current_user(), theme="", scopes=app.scopes)
    fields = fields_in(data) | ({"conversation.messages"} if "messages" in app.scopes else set())
    note_disclosure(app, contact=summary.conversation.contact, fields=fields)
    return "", 204


def note_afterwards(app: DashboardApp, contact: Contact, data: dict[str, Any]) -> None:
    """Write down what an answer tells, once it is made. What this process has written today costs nothing."""
    fields = fields_in(data)
    if is_noted(app, contact=contact, fields=fields):
        return
    afterwards(lambda: note_disclosure(app, contact=contact, fields=fields))


@settings_bp.get("/ledger.csv")
@requires(Permission.APPS_MANAGE)
def of_all() -> ResponseReturnValue:
    """What every app was told, also those that are deleted."""
    return _table(None)


@settings_bp.get("/<int:app_id>/ledger.csv")
@requires(Permission.APPS_MANAGE)
def of_app(app_id: int) -> ResponseReturnValue:
    """What one app was told."""
    return _table(app_of(current_account().id, app_id))


def _table(app: DashboardApp | None) -> ResponseReturnValue:
    rows = _rows(all_disclosures(current_account().id, app_id=app.id if app else None))
    table = table_of(COLUMNS, rows, folder=settings().incoming_dir)
    name = f"app-{app.id}-ledger.csv" if app else "apps-ledger.csv"
    return send_file(table, mimetype="text/csv", as_attachment=True, download_name=name)


def _rows(found: Iterator[AppDisclosure]) -> Iterator[tuple[Any, ...]]:
    for row in found:
        told = (row.app_id, row.app_title, row.origin, " ".join(row.fields))
        yield (row.day.isoformat(), row.contact_id, *told)
