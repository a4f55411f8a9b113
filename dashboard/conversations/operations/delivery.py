"""How a message stands on its way to the contact: sent, delivered, read, or failed."""

from dashboard.accounts.models import User
from dashboard.conversations.models import MESSAGE_STATUSES
from dashboard.conversations.models import Message
from dashboard.lib.checks import one_of
from dashboard.transactions import record
from dashboard.transactions import transaction

_STEPS = {"sent": 0, "delivered": 1, "read": 2}


def report_status(
    message: Message, *, status: str, external_error: str | None = None, actor: User | None
) -> None:
    """Note what the channel says of a message. It only goes forward; failing is always possible, and so is
    getting over it.

    Raises:
        Invalid: the status is none of the four.
    """
    one_of("status", status, MESSAGE_STATUSES)
    is_forward = "failed" in {status, message.status} or _STEPS[status] > _STEPS[message.status]
    if is_forward:
        set_message_status(message, to=status, external_error=external_error or "", performer=actor)


def set_message_status(
    message: Message, *, to: str, external_error: str = "", performer: User | None
) -> None:
    """Set the status, with the reason where it failed."""
    attributes = {key: value for key, value in message.content_attributes.items() if key != "external_error"}
    if to == "failed" and external_error:
        attributes["external_error"] = external_error
    after = {"status": to, "content_attributes": attributes}
    changes = {
        name: [getattr(message, name), value]
        for name, value in after.items()
        if getattr(message, name) != value
    }
    if not changes:
        return
    with transaction():
        message.status, message.content_attributes = to, attributes
        record(
            "message.updated",
            message=message,
            conversation=message.conversation,
            previous_changes=changes,
            performer=performer,
        )
