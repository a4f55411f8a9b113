"""What the worker does for webhooks."""

from dashboard.webhooks import operations


def send_lane(lane: str) -> None:
    """Send what waits for one receiver in one conversation, in order."""
    operations.send_lane(lane)


def send_late(delivery_id: int) -> None:
    """Try once more what was given up in line."""
    operations.send_late(delivery_id)


def tidy_up() -> None:
    """Throw away what was told long ago."""
    operations.forget_old_notices()
