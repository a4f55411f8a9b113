"""What an app keeps for an agent: one value of its own, for itself alone."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from dashboard.apps.models.states import AppState
from dashboard.apps.operations.asking import Call
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.transactions import transaction

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_UNSYNCHRONISED = {"synchronize_session": False}


def kept_state(call: Call) -> dict[str, Any]:
    """What the app has kept for this agent; null where it has not."""
    found = db.session.get(AppState, (call.app.id, call.agent.id))
    return {"value": found.value if found else None}


def keep_state(call: Call) -> dict[str, Any]:
    """Keep a value, whole, instead of the one before; null is none."""
    value = call.params["value"]
    with transaction():
        if value is None:
            mine = (AppState.app_id == call.app.id, AppState.user_id == call.agent.id)
            db.session.execute(delete(AppState).where(*mine), execution_options=_UNSYNCHRONISED)
        else:
            _put(call, {"value": value, "updated_at": clock.now()})
    return {}


def _put(call: Call, row: dict[str, Any]) -> None:
    insert = _INSERT[db.session.get_bind().dialect.name]
    added = insert(AppState).values({"app_id": call.app.id, "user_id": call.agent.id, **row})
    keys = [AppState.app_id, AppState.user_id]
    db.session.execute(added.on_conflict_do_update(index_elements=keys, set_=row))
