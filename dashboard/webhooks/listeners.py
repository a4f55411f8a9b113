"""Events that others are told of become promises, in the transaction of the change."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from dashboard.queue.operations import enqueue
from dashboard.transactions import Event
from dashboard.webhooks.operations.endpoints import forget_inbox
from dashboard.webhooks.operations.keeping import kept
from dashboard.webhooks.operations.telling import tell
from dashboard.webhooks.schemas.names import TYPING

log = logging.getLogger(__name__)


def tell_others(event: Event) -> None:
    """Promise the event to those who are told of it.

    A mistake of ours in making its body must not undo the change itself: it is logged, and a job tells of it
    later. Where the database says no, the change cannot be written either, and whoever asked for it is told.
    """
    try:
        tell(event.name, event.data)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("nobody could be told of %s; a job will try again", event.name)
        if event.name.replace(".", "_") not in TYPING:  # nothing when it is old
            enqueue("webhooks.tell_later", event=event.name, told=kept(event.data))


def let_go_of_inbox(event: Event) -> None:
    """A webhook that is shown beside an inbox is told of all of them: it does not go with that one."""
    forget_inbox(event.data["inbox"])
