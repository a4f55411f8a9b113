"""What a change of an app brings with it."""

from dashboard.apps.operations.checks import ask_for_check
from dashboard.apps.queries.checks import checks_of
from dashboard.transactions import Event


def check_new_addresses(event: Event) -> None:
    """An address that nobody has looked at yet is looked at; and one that led to where it may lead by now."""
    app = event.data["app"]
    if any(check is None or check.cause == "elsewhere" for check in checks_of(app)):
        ask_for_check(app)
