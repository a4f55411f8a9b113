"""What the worker does for inboxes."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.attaching import files_in
from dashboard.conversations.operations.attaching import forget_files
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.transactions import transaction
from dashboard.webhooks.operations.tidying import forget_deliveries_to
from dashboard.webhooks.queries.deliveries import callback_id_of

BATCH = 500  # rows in one transaction: nobody else waits long for the database


def purge_inbox(inbox_id: int) -> None:
    """Remove a deleted inbox with its conversations, a batch at a time; done by half, it goes on later."""
    inbox = db.session.get(Inbox, inbox_id)
    if inbox is None or inbox.deleted_at is None:
        return
    receiver_id = callback_id_of(inbox)
    if receiver_id is not None:
        forget_deliveries_to(receiver_id)
    for rows in (Conversation, ContactInbox):
        while _delete_some(rows, inbox_id):
            pass
    with transaction():
        db.session.execute(delete(Inbox).where(Inbox.id == inbox_id))


def _delete_some(rows: Any, inbox_id: int) -> int:
    """How many were deleted; what hangs on them goes with them."""
    some = select(rows.id).where(rows.inbox_id == inbox_id).order_by(rows.id).limit(BATCH)
    with transaction():
        if rows is Conversation:
            forget_files(files_in(some))
        done: Any = db.session.execute(
            delete(rows).where(rows.id.in_(some)), execution_options={"synchronize_session": False}
        )
    return int(done.rowcount)
