"""Which bots are not reached any more."""

from datetime import datetime

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.webhooks.models import BOT
from dashboard.webhooks.models import Endpoint

FEW = 3  # attempts that failed, after which it is said: as many as a bot gets for an event


def bots_not_reached(account_id: int) -> dict[int, datetime]:
    """Since when nothing arrives at these bots, by their numbers."""
    query = select(Endpoint.bot_id, Endpoint.failing_since).where(
        Endpoint.account_id == account_id,
        Endpoint.kind == BOT,
        Endpoint.failures >= FEW,
        Endpoint.failing_since.is_not(None),
    )
    return {row.bot_id: row.failing_since for row in db.session.execute(query)}
