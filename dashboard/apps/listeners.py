"""What a change of an app brings with it, and what changes of contacts mean for the ledger."""

from dashboard.apps.operations.checks import ask_for_check
from dashboard.apps.operations.ledger import forget_contact
from dashboard.apps.operations.ledger import hand_over
from dashboard.apps.queries.checks import checks_of
from dashboard.transactions import Event


def check_new_app(event: Event) -> None:
    """Nobody can have looked at it yet."""
    ask_for_check(event.data["app"])


def check_new_addresses(event: Event) -> None:
    """An address that nobody has looked at yet is looked at; and one that led to where it may lead by now."""
    app = event.data["app"]
    if any(check is None or check.cause == "elsewhere" for check in checks_of(app)):
        ask_for_check(app)


def follow_merged_contact(event: Event) -> None:
    """Two contacts are one: what was told of either was told of it."""
    hand_over(mergee_id=event.data["mergee_id"], base=event.data["contact"])


def forget_deleted_contact(event: Event) -> None:
    """A contact is deleted, and so is what was told of it."""
    forget_contact(event.data["contact"].id)
