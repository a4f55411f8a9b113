"""Sending again what did not arrive, or what somebody lost: as it was, under the number that it had."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.conversations.models import Message
from dashboard.conversations.operations.delivery import set_message_status
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import WAITING
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.claiming import LONGEST_HISTORY
from dashboard.webhooks.operations.claiming import Attempt
from dashboard.webhooks.operations.promising import LONGEST_WAIT

MOST_AT_ONCE = 1000


def resend(delivery_ids: Sequence[int], *, actor: User | None) -> int:
    """Send these from the beginning, with all attempts before them, and say how many that are: what is on its
    way just now is left to whoever sends it. Those of one lane keep their order."""
    begun: set[str] = set()
    count, now = 0, clock.now()
    with transaction():
        for delivery in _held(delivery_ids):
            if delivery.is_in_hand(now):
                continue
            _begin_anew(delivery, at=now + LONGEST_WAIT if delivery.lane in begun else now)
            begun.add(delivery.lane)
            count += 1
        if count:
            record("delivery.due", performer=actor)
    return count


def retry_message(message: Message, *, actor: User) -> None:
    """Send a message that failed once more, from the beginning.

    Raises:
        Invalid: it has not failed.
    """
    if message.status != "failed":
        raise Invalid("base", N_("Only a message that failed can be sent again."))
    of_callback = Delivery.message_id == message.id, Endpoint.kind == CALLBACK
    query = select(Delivery.id).join(Delivery.endpoint).where(*of_callback).order_by(Delivery.id.desc())
    with transaction():
        set_message_status(message, to="sent", performer=actor)
        resend(list(db.session.scalars(query.limit(1))), actor=actor)


def _held(delivery_ids: Sequence[int]) -> list[Delivery]:
    query = select(Delivery).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.id).with_for_update()
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _begin_anew(delivery: Delivery, *, at: datetime) -> None:
    """The day that it is tried for begins now."""
    if delivery.sent_at is not None:
        last = Attempt(delivery.sent_at, delivery.took or 0, delivery.code, delivery.error)
        delivery.history = [*delivery.history, last.as_json()][-LONGEST_HISTORY:]
    delivery.state, delivery.attempts, delivery.due_at, delivery.lease = WAITING, 0, at, None
    delivery.sent_at = delivery.took = delivery.code = delivery.error = delivery.answer = None
    delivery.created_at = clock.now()
