"""What endpoints are told, read where it waits to be sent."""

import json
from typing import Any

from sqlalchemy import select

from dashboard.bots.models import AgentBot
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.models import Notice


def told(to: Endpoint | Inbox | AgentBot) -> list[dict[str, Any]]:
    """The bodies for a webhook, an inbox's callback or a bot, in their order."""
    query = select(Notice.body).join(Delivery.notice).join(Delivery.endpoint).where(_whose(to))
    return [json.loads(body) for body in db.session.scalars(query.order_by(Delivery.id))]


def events(to: Endpoint | Inbox | AgentBot) -> list[str]:
    return [body["event"] for body in told(to)]


def forget_told() -> None:
    """What was told until now is of no interest."""
    db.session.query(Delivery).delete()
    db.session.query(Notice).delete()
    db.session.commit()


def _whose(to: Endpoint | Inbox | AgentBot) -> Any:
    if isinstance(to, Inbox):
        return (Endpoint.kind == CALLBACK) & (Endpoint.inbox_id == to.id)
    return Endpoint.bot_id == to.id if isinstance(to, AgentBot) else Endpoint.id == to.id
