"""What follows from how a delivery went, for the message that it was about."""

from dashboard.conversations.models import Message
from dashboard.conversations.operations.delivery import set_message_status
from dashboard.conversations.operations.handing import open_after_failure
from dashboard.extensions import db
from dashboard.lib.outgoing import Answer
from dashboard.transactions import transaction
from dashboard.webhooks.models import BOT
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import DONE
from dashboard.webhooks.models import FAILED
from dashboard.webhooks.models import Delivery


def follow_up(delivery_id: int) -> None:
    """An agent's message has failed, or has arrived after all; what a bot did not hear is up to people."""
    with transaction():
        delivery = db.session.get(Delivery, delivery_id)
        message = db.session.get(Message, delivery.message_id) if delivery and delivery.message_id else None
        if delivery is None or message is None:
            return
        if delivery.endpoint.kind == CALLBACK:
            _set_status(message, delivery)
        elif delivery.endpoint.kind == BOT and delivery.state == FAILED:
            open_after_failure(message.conversation)


def _set_status(message: Message, delivery: Delivery) -> None:
    """What has been read meanwhile stays so; a success only lifts a failure."""
    if delivery.state != DONE:
        sentence = Answer(delivery.code or 0, error=delivery.error or "").sentence
        set_message_status(message, to="failed", external_error=sentence, performer=None)
    elif message.status == "failed":
        set_message_status(message, to="sent", performer=None)
