"""Sending again what did not arrive."""

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
from dashboard.webhooks.models import WAITING
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint


def retry_message(message: Message, *, actor: User) -> None:
    """Send a message that failed once more, from the beginning.

    Raises:
        Invalid: it has not failed.
    """
    if message.status != "failed":
        raise Invalid("base", N_("Only a message that failed can be sent again."))
    of_callback = Delivery.message_id == message.id, Endpoint.kind == "inbox"
    query = select(Delivery).join(Delivery.endpoint).where(*of_callback).order_by(Delivery.id.desc()).limit(1)
    with transaction():
        delivery = db.session.scalar(query)
        set_message_status(message, to="sent", performer=actor)
        if delivery is not None:
            delivery.state, delivery.attempts, delivery.due_at = WAITING, 0, clock.now()
            delivery.lease = None  # whoever just sends it need not note how that went
            record("delivery.due")
