"""What inboxes do when something happens elsewhere."""

from dashboard.inboxes.operations import leave_inboxes
from dashboard.transactions import Event


def remove_agent_from_inboxes(event: Event) -> None:
    """Nobody who left the account works in any inbox of it."""
    leave_inboxes(account_id=event.data["account_id"], user_id=event.data["user"].id)
