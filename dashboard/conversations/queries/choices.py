"""What a conversation can be given: somebody in charge, labels."""

from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.conversations.models import ConversationLabel
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember
from dashboard.labels.queries import labels_of


def assignable_members(inbox: Inbox) -> list[Membership]:
    """Who can be in charge of an inbox's conversations: its members and the administrators, by name."""
    member = exists().where(InboxMember.inbox_id == inbox.id, InboxMember.user_id == Membership.user_id)
    query = (
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(Membership.account_id == inbox.account_id, or_(Membership.role == "administrator", member))
    )
    return list(db.session.scalars(query.order_by(func.lower(User.name), User.id)))


def labels_to_offer(account: Account, *more: str) -> list[str]:
    """The labels that are defined, those that some conversation carries, and these."""
    defined = [label.title for label in labels_of(account)]
    return sorted({*defined, *labels_in_use(account.id), *more}, key=str.casefold)


def labels_in_use(account_id: int) -> list[str]:
    """Every label that some conversation of the account carries."""
    query = select(ConversationLabel.title).where(ConversationLabel.account_id == account_id).distinct()
    return list(db.session.scalars(query.order_by(ConversationLabel.title)))
