"""What the worker does for bots."""

from dashboard.bots.operations import fetch_bot_picture


def fetch_picture(bot_id: int, url: str) -> None:
    """Give a bot the picture that is at that address."""
    fetch_bot_picture(bot_id, url=url)
