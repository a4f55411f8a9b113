"""Promises that others are told of an event: written with the change, as the very bytes that will be sent."""

import json
import uuid
from collections.abc import Collection
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Protocol

from sqlalchemy import Connection

from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction
from dashboard.webhooks.models import BOT
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import WAITING
from dashboard.webhooks.models import Notice
from dashboard.webhooks.operations.statements import ADD_DELIVERIES
from dashboard.webhooks.operations.statements import ADD_NOTICE
from dashboard.webhooks.operations.statements import LAST_OF_LANES

LONGEST_WAIT = timedelta(minutes=5)  # for what comes earlier in the same lane


class Receiver(Protocol):
    """An endpoint, or a row with as much of one."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...


def promise(
    body: dict[str, Any],
    *,
    account_id: int,
    to: Collection[Receiver],
    subject: str,
    message: Message | None = None,
) -> Notice:
    """Promise these endpoints an event. What has the same `subject`, such as `c7` for a conversation, each of
    them gets in order. `message` is the one that the event tells of."""
    now = clock.now()
    notice = {"account_id": account_id, "event": body["event"], "body": _frozen(body), "created_at": now}
    with transaction():
        connection = db.session.connection()
        notice["id"] = connection.execute(ADD_NOTICE, notice).inserted_primary_key.id  # type: ignore[union-attr]
        lanes = {receiver.id: f"{receiver.id}:{subject}" for receiver in to}
        last = _last_of(connection, lanes.values())
        rows = [_row(notice, receiver, lanes[receiver.id], last, message) for receiver in to]
        connection.execute(ADD_DELIVERIES, rows)
        record("delivery.due")
    return Notice(**notice)


def tell_once(body: dict[str, Any], *, to: Collection[Receiver]) -> None:
    """Tell them of something that is worth nothing when it is old: tried once, soon or not at all."""
    ids = [receiver.id for receiver in to]
    enqueue("webhooks.tell_once", body=_frozen(body), at=clock.now().timestamp(), endpoint_ids=ids)


def _row(
    notice: dict[str, Any],
    receiver: Receiver,
    lane: str,
    last: dict[str, datetime],
    message: Message | None,
) -> dict[str, Any]:
    now = notice["created_at"]
    is_awaited = message is not None and _hangs_on(receiver, notice["event"], message)
    return {
        "endpoint_id": receiver.id,
        "notice_id": notice["id"],
        "message_id": message.id if message is not None and is_awaited else None,
        "lane": lane,
        "uuid": str(uuid.uuid4()),
        "state": WAITING,
        "due_at": max(now, last[lane] + LONGEST_WAIT) if lane in last else now,
        "attempts": 0,
        "history": [],
        "created_at": now,
    }


def _frozen(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _last_of(connection: Connection, lanes: Collection[str]) -> dict[str, datetime]:
    query = LAST_OF_LANES[connection.dialect.name]
    rows = connection.execute(query, {"lanes": json.dumps(list(lanes))})
    return {row.lane: row.created_at for row in rows if row.created_at is not None}


def _hangs_on(receiver: Receiver, event: str, message: Message) -> bool:
    """Whether it matters to the message how this goes: of a callback where it brings an agent's answer to the
    customer, of a bot always."""
    if receiver.kind == CALLBACK:
        is_for_the_contact = not message.is_incoming and not message.private
        return event == "message_created" and is_for_the_contact
    return receiver.kind == BOT
