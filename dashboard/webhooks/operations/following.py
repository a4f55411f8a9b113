"""What follows from how a delivery went, for the message that it was about."""

from dashboard.conversations.models import Message
from dashboard.conversations.operations.delivery import set_message_status
from dashboard.extensions import db
from dashboard.lib.outgoing import Answer
from dashboard.transactions import transaction
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import DONE
from dashboard.webhooks.models import Delivery


def follow_up(delivery_id: int) -> None:
    """An agent's message has failed, or has arrived after all."""
    with transaction():
        delivery = db.session.get(Delivery, delivery_id)
        message = db.session.get(Message, delivery.message_id) if delivery and delivery.message_id else None
        if delivery is None or message is None:
            return
        if delivery.endpoint.kind == CALLBACK:
            _set_status(message, delivery)


def _set_status(message: Message, delivery: Delivery) -> None:
    """What has been read meanwhile stays so; a success only lifts a failure."""
    if delivery.state != DONE:
        sentence = Answer(delivery.code or 0, error=delivery.error or "").sentence
        set_message_status(message, to="failed", external_error=sentence, performer=None)
    elif message.status == "failed":
        set_message_status(message, to="sent", performer=None)
