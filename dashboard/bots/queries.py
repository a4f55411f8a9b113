"""Finding bots, by their numbers and by the token that they show."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.bots.models import AgentBot
from dashboard.extensions import db
from dashboard.lib.errors import NotFound

Viewer = Membership | AgentBot  # who looks at conversations: somebody in an account, or a bot of it


@dataclass(frozen=True)
class BotCaller:
    """A bot that showed its token, and the account that the address names."""

    bot: AgentBot
    account: Account | None

    @property
    def is_at_home(self) -> bool:
        return self.account is not None and self.account.id == self.bot.account_id


def bot_caller_of(token: str, account_id: int | None) -> BotCaller | None:
    """Which bot's token that is; None where it is none's. One query."""
    query = select(AgentBot, Account).outerjoin(Account, Account.id == account_id)
    found = db.session.execute(query.where(AgentBot.token == token)).one_or_none()
    return BotCaller(*found) if found else None


def sees_every_inbox(viewer: Viewer) -> bool:
    """Whether it is an administrator, or a bot: of those each may answer in the whole account."""
    return isinstance(viewer, AgentBot) or viewer.is_administrator


def user_id_of(viewer: Viewer) -> int:
    """The person's number, by which they are a member of inboxes; a bot is of none."""
    return viewer.user_id if isinstance(viewer, Membership) else 0


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
