"""Settings → Dashboard apps → Log: what was changed about the apps, and what they did."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.events import AppEvent
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.events import all_events
from dashboard.apps.queries.events import events_page
from dashboard.apps.schemas.events import COLUMNS
from dashboard.apps.schemas.events import DETAILS
from dashboard.apps.schemas.events import KINDS
from dashboard.extensions import settings
from dashboard.http import arguments
from dashboard.http.current import current_account
from dashboard.http.guards import requires
from dashboard.lib import clock
from dashboard.lib.tables import table_of

bp = Blueprint("log", __name__)


@bp.get("/log")
@requires(Permission.APPS_MANAGE)
def all_apps() -> ResponseReturnValue:
    """Of every app, also of those that are deleted."""
    return _page(None)


@bp.get("/<int:app_id>/log")
@requires(Permission.APPS_MANAGE)
def show(app_id: int) -> ResponseReturnValue:
    """Of one app."""
    return _page(app_of(current_account().id, app_id))


@bp.get("/log.csv")
@requires(Permission.APPS_MANAGE)
def all_as_table() -> ResponseReturnValue:
    """The log of every app, to keep."""
    return _table(None)


@bp.get("/<int:app_id>/log.csv")
@requires(Permission.APPS_MANAGE)
def as_table(app_id: int) -> ResponseReturnValue:
    """The log of one app, to keep."""
    return _table(app_of(current_account().id, app_id))


@bp.app_template_filter()
def event_detail(event: AppEvent) -> str:
    """What an entry says beyond its kind, in one line: `Action: labels.add · Labels: urgent`."""
    told = sorted(event.detail.items(), key=lambda each: (each[0] != "method", each[0]))
    return " · ".join(f"{gettext(DETAILS.get(name, name))}: {_said(value)}" for name, value in told)


def _page(app: DashboardApp | None) -> str:
    kind = arguments.word("kind") if arguments.word("kind") in KINDS else ""
    before = arguments.number("before")
    app_id = app.id if app else None
    found = events_page(current_account().id, app_id=app_id, kind=kind, before=before)
    days = settings().app_history_days
    return render_template(
        "apps/log.html", app=app, page=found, kind=kind, kinds=KINDS, before=before, kept_days=days
    )


def _table(app: DashboardApp | None) -> ResponseReturnValue:
    rows = _rows(all_events(current_account().id, app_id=app.id if app else None))
    table = table_of(COLUMNS, rows, folder=settings().incoming_dir)
    name = f"app-{app.id}-log.csv" if app else "apps-log.csv"
    return send_file(table, mimetype="text/csv", as_attachment=True, download_name=name)


def _rows(events: Iterator[AppEvent]) -> Iterator[tuple[Any, ...]]:
    for event in events:
        name = event.user.name if event.user else None
        what = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
        told = (event.kind, event.user_id, name, event.conversation, what)
        yield (clock.iso(event.created_at), event.app_id, event.app_title, *told)


def _said(value: Any) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
