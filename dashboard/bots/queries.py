"""Finding bots."""

from sqlalchemy import func
from sqlalchemy import select

from dashboard.bots.models import AgentBot
from dashboard.extensions import db
from dashboard.lib.errors import NotFound


def bots_of(account_id: int) -> list[AgentBot]:
    """The bots of an account, by name."""
    query = select(AgentBot).where(AgentBot.account_id == account_id)
    return list(db.session.scalars(query.order_by(func.lower(AgentBot.name), AgentBot.id)))


def bot_of(account_id: int, bot_id: int) -> AgentBot:
    """One bot of an account.

    Raises:
        NotFound: it has none of that number.
    """
    found = db.session.scalar(
        select(AgentBot).where(AgentBot.account_id == account_id, AgentBot.id == bot_id)
    )
    if found is None:
        raise NotFound
    return found
