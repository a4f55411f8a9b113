"""Where an app tried to go."""

from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.violations import AppViolation
from dashboard.extensions import db


def violations_of(app: DashboardApp) -> list[AppViolation]:
    """The origins that it tried to open in its frame, the newest first."""
    query = select(AppViolation).where(AppViolation.app_id == app.id)
    return list(db.session.scalars(query.order_by(AppViolation.last_at.desc(), AppViolation.id)))
