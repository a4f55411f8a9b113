"""What the worker does for apps."""

from dashboard.apps.operations.events import forget_old_events


def tidy_up() -> None:
    """Throw away what the log says of long ago."""
    forget_old_events()
