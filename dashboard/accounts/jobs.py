"""What the worker does for accounts."""

from dashboard.accounts.operations.sessions import forget_the_old


def tidy_up() -> None:
    """Throw away sessions, links and failed sign-ins whose time is over."""
    forget_the_old()
