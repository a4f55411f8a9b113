"""Writing the log of an app."""

from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.events import AppEvent
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.lib import clock
from dashboard.transactions import transaction

_WRITE = insert(AppEvent.__table__)  # past the session: nobody reads the row now
BATCH = 1000  # entries that are forgotten in one transaction: nobody else waits long for the database


def note_app_event(
    app: DashboardApp,
    kind: str,
    *,
    actor: User | None,
    conversation: Conversation | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write down what was done to an app, or what it did. `detail` names things and says nothing that is
    kept of a customer: names of fields, never their values."""
    entry = {
        "account_id": app.account_id,
        "app_id": app.id,
        "app_title": app.title,
        "user_id": actor.id if actor else None,
        "conversation": conversation.display_id if conversation else None,
        "kind": kind,
        "detail": detail or {},
    }
    with transaction():
        db.session.execute(_WRITE, entry)


def kept_from() -> datetime:
    """Since when it is kept what happened to apps; what is older is forgotten."""
    return clock.now() - timedelta(days=settings().app_history_days)


def forget_old_events() -> None:
    """Throw away what nobody reads any more, a batch at a time."""
    while _forget_some():
        pass


def _forget_some() -> int:
    old = select(AppEvent.id).where(AppEvent.created_at < kept_from()).limit(BATCH)
    with transaction():
        ids = db.session.scalars(old).all()
        db.session.execute(
            delete(AppEvent).where(AppEvent.id.in_(ids)), execution_options={"synchronize_session": False}
        )
    return len(ids)
