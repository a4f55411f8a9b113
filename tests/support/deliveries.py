"""Receivers and what they were sent, as rows."""

import json
from typing import Any
from typing import TypeVar

from dashboard.accounts.models import Account
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.models import Notice
from dashboard.webhooks.schemas.samples import sample_of

Row = TypeVar("Row")


def make_webhook(
    account: Account, url: str | None = "https://hooks.example.com/desk", **fields: Any
) -> Endpoint:
    return _save(Endpoint(account_id=account.id, url=url, **{"name": "Warehouse", **fields}))


def make_delivery(
    endpoint: Endpoint,
    event: str = "message_created",
    *,
    conversation: Conversation | None = None,
    told: dict[str, Any] | None = None,
    **fields: Any,
) -> Delivery:
    """Waiting, unless `state` says otherwise; about a conversation, or about nobody in particular."""
    subject = f"c{conversation.id}" if conversation else "k1"
    body = json.dumps({**sample_of(event), **(told or {})}, ensure_ascii=False, separators=(",", ":"))
    notice = Notice(account_id=endpoint.account_id, event=event, body=body)
    lane = f"{endpoint.id}:{subject}"
    return _save(Delivery(endpoint_id=endpoint.id, notice=notice, lane=lane, **fields))


def _save(row: Row) -> Row:
    db.session.add(row)
    if db.session.info.get("together"):
        db.session.flush()
    else:
        db.session.commit()
    return row
