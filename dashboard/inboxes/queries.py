"""Finding inboxes, and who may see which."""

from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from dashboard.accounts.models import Membership
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember


def visible_inbox_ids(membership: Membership) -> Select[int]:
    """The inboxes that somebody works in: an administrator in all, an agent where it is a member."""
    ids = select(Inbox.id).where(Inbox.account_id == membership.account_id, Inbox.deleted_at.is_(None))
    if membership.is_administrator:
        return ids
    return ids.join(InboxMember).where(InboxMember.user_id == membership.user_id)


def inboxes_of(membership: Membership) -> list[Inbox]:
    """Those inboxes, by name."""
    query = select(Inbox).where(Inbox.id.in_(visible_inbox_ids(membership)))
    return list(db.session.scalars(query.order_by(func.lower(Inbox.name), Inbox.id)))
