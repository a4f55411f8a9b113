"""When rows were changed the time before: it is told with what has changed, and the row itself forgets it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import event
from sqlalchemy.orm import Mapper

from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.inboxes.models import Inbox
from dashboard.transactions import memory


def listen() -> None:
    """From now on it is noted, in each transaction."""
    for model in (Contact, Conversation, Inbox):
        if not event.contains(model, "before_update", _note):
            event.listen(model, "before_update", _note)


def last_change_of(row: Any) -> datetime | None:
    """When it was changed before this transaction did; None where that is not known, or it did not."""
    before: datetime | None = memory().get((type(row), row.id))
    return before


def _note(_: Mapper[Any], __: Connection, row: Any) -> None:
    """What was never read is not asked for now."""
    before = row.__dict__.get("updated_at")
    if before is not None:
        memory().setdefault((type(row), row.id), before)
