"""What conversations do when something happens elsewhere."""

from dashboard.conversations.operations.routing import unassign_everywhere
from dashboard.transactions import Event


def unassign_removed_agent(event: Event) -> None:
    """Nobody who left the account is left in charge of anything."""
    unassign_everywhere(account_id=event.data["account_id"], user_id=event.data["user"].id)
