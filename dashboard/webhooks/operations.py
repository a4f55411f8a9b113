"""Telling the servers of others: stored with the change, sent by a job, tried again; how it went is kept."""

import json
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.conversations.models import Message
from dashboard.conversations.operations.delivery import set_message_status
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.lib.errors import Invalid
from dashboard.lib.outgoing import Answer
from dashboard.lib.signatures import signature
from dashboard.lib.text import N_
from dashboard.queue.operations import enqueue
from dashboard.transactions import let_others_write
from dashboard.transactions import transaction
from dashboard.webhooks.models import DONE
from dashboard.webhooks.models import FAILED
from dashboard.webhooks.models import LATE
from dashboard.webhooks.models import WAITING
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Notice

IN_LINE = 3  # attempts, while the next ones of the lane wait
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200))
HOLD = timedelta(seconds=60)  # longer than any request takes
KEPT = timedelta(days=7)
FLEETING = {"conversation_typing_on", "conversation_typing_off"}  # worth one attempt, and nothing when old
STALE = timedelta(seconds=30)
MOST_AT_ONCE = 50  # of one lane in one go: other lanes want their turn
LONGEST_ERROR = 255


def tell_inbox(
    inbox: Inbox, *, account_id: int, lane: str, body: dict[str, Any], message: Message | None = None
) -> None:
    """Promise the inbox's callback an event. A message's own delivery decides how the message stands."""
    with transaction():
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        notice = Notice(account_id=account_id, event=body["event"], body=content)
        delivery = Delivery(notice=notice, inbox_id=inbox.id, lane=lane)
        if message is not None:
            delivery.message_id = message.id
        db.session.add(delivery)
        _send_soon(lane)


def send_lane(lane: str) -> None:
    """Send what waits in a lane, one after the other, until nothing is left or something has to wait."""
    for _ in range(MOST_AT_ONCE):
        delivery = _take_next(lane)
        if delivery is None:
            return
        _finish(delivery, _send(delivery))
    _send_soon(lane)


def send_late(delivery_id: int) -> None:
    """Try once more what was given up in line."""
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None or delivery.state != LATE:
        return
    with transaction():
        delivery.attempts += 1
    _finish(delivery, _send(delivery))


def retry_message(message: Message, *, actor: User) -> None:
    """Send a message that failed once more, from the beginning.

    Raises:
        Invalid: it has not failed.
    """
    if message.status != "failed":
        raise Invalid("base", N_("Only a message that failed can be sent again."))
    query = select(Delivery).where(Delivery.message_id == message.id).order_by(Delivery.id.desc()).limit(1)
    with transaction():
        delivery = db.session.scalar(query)
        set_message_status(message, to="sent", performer=actor)
        if delivery is not None:
            delivery.state, delivery.attempts = LATE, 0
            _send_again(delivery, at=clock.now())


def forget_old_notices() -> None:
    """Throw away what was told long ago."""
    with transaction():
        db.session.execute(
            delete(Notice).where(Notice.created_at < clock.now() - KEPT),
            execution_options={"synchronize_session": False},
        )


def _take_next(lane: str) -> Delivery | None:
    """The first of the lane, if its time has come; it is ours until the hold ends."""
    first = (
        select(Delivery)
        .where(Delivery.lane == lane, Delivery.state == WAITING)
        .order_by(Delivery.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    with transaction():
        delivery = db.session.scalar(first)
        if delivery is None:
            return None
        if delivery.due_at > clock.now():  # it waits, or somebody is at it
            _send_soon(lane, at=delivery.due_at)
            return None
        delivery.due_at = clock.now() + HOLD
        delivery.attempts += 1
    return delivery


def _send(delivery: Delivery) -> Answer:
    """Ask the receiver; nothing of the database is held meanwhile."""
    notice, inbox = delivery.notice, db.session.get(Inbox, delivery.inbox_id)
    if inbox is None or not inbox.webhook_url or inbox.deleted_at is not None:
        return Answer(error="address")
    url, secret, body = inbox.webhook_url, inbox.secret, notice.body.encode()
    is_stale = notice.event in FLEETING and clock.now() - notice.created_at > STALE
    headers = _headers(delivery.uuid, secret, body)
    let_others_write()
    return Answer(error="timeout") if is_stale else outgoing.post(url, body, headers)


def _headers(uuid: str, secret: str, body: bytes) -> dict[str, str]:
    now = clock.epoch(clock.now())
    return {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": "Deskframe",
        "X-Chatwoot-Delivery": uuid,
        "X-Chatwoot-Timestamp": str(now),
        "X-Chatwoot-Signature": signature(secret, now, body),
    }


def _finish(delivery: Delivery, answer: Answer) -> None:
    """Note how it went. After the third failure the message has failed, and others go first."""
    with transaction():
        if db.session.scalar(select(Delivery.id).where(Delivery.id == delivery.id)) is None:
            return  # its conversation or inbox was deleted meanwhile
        delivery.code, delivery.error = answer.status or None, None
        if answer.is_good:
            delivery.state = DONE
            _set_status(delivery, "sent")
            return
        delivery.error = answer.sentence[:LONGEST_ERROR]
        if delivery.notice.event in FLEETING:
            delivery.state = FAILED
        elif delivery.attempts < IN_LINE:
            _try_again(delivery)
        else:
            _give_up_in_line(delivery)


def _try_again(delivery: Delivery) -> None:
    at = clock.now() + BACK_OFF[delivery.attempts - 1]
    delivery.due_at = at
    if delivery.state == LATE:
        _send_again(delivery, at=at)


def _give_up_in_line(delivery: Delivery) -> None:
    """Only what an agent wrote is worth further attempts: anything else would come too late."""
    _set_status(delivery, "failed", delivery.error or "")
    if delivery.message_id is None or delivery.attempts > len(BACK_OFF):
        delivery.state = FAILED
    else:
        delivery.state = LATE
        _send_again(delivery, at=clock.now() + BACK_OFF[delivery.attempts - 1])


def _set_status(delivery: Delivery, status: str, error: str = "") -> None:
    """What has been read meanwhile stays so; a success only lifts a failure."""
    message = db.session.get(Message, delivery.message_id) if delivery.message_id else None
    if message is not None and (status == "failed" or message.status == "failed"):
        set_message_status(message, to=status, external_error=error, performer=None)


def _send_soon(lane: str, *, at: datetime | None = None) -> None:
    enqueue("webhooks.send_lane", key=f"webhooks.send_lane:{lane}", due_at=at, lane=lane)


def _send_again(delivery: Delivery, *, at: datetime) -> None:
    delivery.due_at = at
    key = f"webhooks.send_late:{delivery.id}"
    enqueue("webhooks.send_late", key=key, due_at=at, delivery_id=delivery.id)
