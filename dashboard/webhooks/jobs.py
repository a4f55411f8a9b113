"""What the worker does for webhooks."""

from typing import Any

from dashboard.lib import clock
from dashboard.webhooks.operations import endpoints
from dashboard.webhooks.operations import following
from dashboard.webhooks.operations import tidying
from dashboard.webhooks.operations.claiming import addresses_of
from dashboard.webhooks.operations.keeping import found
from dashboard.webhooks.operations.telling import tell
from dashboard.webhooks.worker.fleeting import whispers


def follow_up(delivery_id: int) -> None:
    """Tell the message how its delivery went."""
    following.follow_up(delivery_id)


def tell_once(body: str, at: float, endpoint_ids: list[int]) -> None:
    """Hand what is worth nothing when it is old to the sender."""
    for address in addresses_of(endpoint_ids):
        whispers.put(address, body.encode(), age=clock.now().timestamp() - at)


def tell_later(event: str, told: dict[str, Any]) -> None:
    """Tell of what could not be told when it happened."""
    rows = found(told)
    if rows is not None:
        tell(event, rows)


def purge(endpoint_id: int) -> None:
    """Throw away a deleted webhook."""
    endpoints.purge_webhook(endpoint_id)


def tidy_up() -> None:
    """Throw away what was told long ago."""
    tidying.forget_old_notices()
    tidying.give_up_old_deliveries()


def sweep() -> None:
    """Throw away what has no receiver any more."""
    tidying.forget_lonely_notices()
