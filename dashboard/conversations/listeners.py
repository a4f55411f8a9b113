"""What conversations do when something happens elsewhere."""

from dashboard.conversations.operations.routing import unassign_everywhere
from dashboard.queue.operations import enqueue
from dashboard.transactions import Event


def unassign_removed_agent(event: Event) -> None:
    """Nobody who left the account is left in charge of anything."""
    unassign_everywhere(account_id=event.data["account_id"], user_id=event.data["user"].id)


def queue_relabelling(event: Event) -> None:
    """A label that has another title, or is gone, is followed by what carries it."""
    label, before = event.data["label"], event.data["before"]
    if event.name == "label.deleted" or label.title != before:
        for kind in ("conversations.relabel", "contacts.relabel"):
            enqueue(kind, account_id=label.account_id, label_id=label.id, before=before)
