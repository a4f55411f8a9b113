"""What the worker does for apps."""

from dashboard.apps.operations import checks
from dashboard.apps.operations.events import forget_old_events
from dashboard.apps.operations.ledger import forget_old_disclosures
from dashboard.apps.operations.usage import forget_old_usage
from dashboard.apps.operations.violations import forget_old_violations


def check(app_id: int, desk: str) -> None:
    """Look at every endpoint of an app; it may be gone by now."""
    checks.check_app(app_id, desk=desk)


def check_all() -> None:
    """Once a day: what worked yesterday may forbid frames today."""
    checks.ask_for_all()


def tidy_up() -> None:
    """Throw away what is kept of long ago: log, ledger, usage, and where apps tried to go."""
    forget_old_events()
    forget_old_disclosures()
    forget_old_violations()
    forget_old_usage()
