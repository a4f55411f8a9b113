"""What the worker does for apps."""

from dashboard.apps.operations import checks
from dashboard.apps.operations.events import forget_old_events


def check(app_id: int, desk: str) -> None:
    """Look at every endpoint of an app; it may be gone by now."""
    checks.check_app(app_id, desk=desk)


def check_all() -> None:
    """Once a day: what worked yesterday may forbid frames today."""
    checks.ask_for_all()


def tidy_up() -> None:
    """Throw away what the log says of long ago."""
    forget_old_events()
