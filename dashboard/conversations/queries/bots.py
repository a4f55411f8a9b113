"""What bots have before them."""

from sqlalchemy import func
from sqlalchemy import select

from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.walks import COUNT_CAP
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox


def count_pending_of(bot: AgentBot) -> int:
    """How many conversations wait in the inboxes that the bot has, at most `COUNT_CAP`."""
    its = select(Inbox.id).where(Inbox.agent_bot_id == bot.id, Inbox.deleted_at.is_(None))
    some = select(Conversation.id).where(Conversation.inbox_id.in_(its), Conversation.status == "pending")
    return db.session.scalar(select(func.count()).select_from(some.limit(COUNT_CAP).subquery())) or 0
