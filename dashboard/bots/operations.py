"""What happens to bots: they are added, changed, given other keys and pictures, and done away with."""

from typing import Any

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.bots.models import AgentBot
from dashboard.contacts.operations.pictures import draw_from
from dashboard.contacts.operations.pictures import forget_picture
from dashboard.extensions import db
from dashboard.lib.checks import short_text
from dashboard.lib.errors import NotFound
from dashboard.lib.sizes import check_size
from dashboard.lib.tokens import new_token
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 20_000
LONGEST_URL = 2048
FETCHING = "bots.fetch_picture"
_LIMITS = {"name": LONGEST_NAME, "description": LONGEST_DESCRIPTION, "outgoing_url": LONGEST_URL}


def add_bot(account: Account, *, given: dict[str, Any], actor: User | None) -> AgentBot:
    """Add a bot; as upstream has it, it may be without a name, and without an address until it has one.

    Raises:
        Invalid: a value is too long.
    """
    with transaction():
        bot = AgentBot(account_id=account.id, **_checked(given))
        db.session.add(bot)
        db.session.flush()
        record("agent_bot.created", bot=bot, performer=actor)
    return bot


def change_bot(bot: AgentBot, *, changes: dict[str, Any], actor: User | None) -> None:
    """Change what is given of `name`, `description`, `outgoing_url` and `bot_config`.

    Raises:
        Invalid: a value is too long.
    """
    with transaction():
        for name, value in _checked(changes).items():
            setattr(bot, name, value)
        record("agent_bot.updated", bot=bot, performer=actor)


def replace_token(bot: AgentBot, *, actor: User | None) -> None:
    """Give the bot a new token; the old one is nobody's from now on."""
    with transaction():
        bot.token = new_token()
        record("agent_bot.updated", bot=bot, performer=actor)


def replace_secret(bot: AgentBot, *, actor: User | None) -> None:
    """Sign what is sent to the bot with a new secret, from now on."""
    with transaction():
        bot.secret = new_token()
        record("agent_bot.updated", bot=bot, performer=actor)


def remove_bot(bot: AgentBot, *, actor: User | None) -> None:
    """Do away with a bot: inboxes, conversations and messages let go of it. What it said stays."""
    with transaction():
        forget_picture(bot.avatar_key)
        record("agent_bot.deleted", bot=bot, performer=actor)
        db.session.delete(bot)


def set_bot_picture(bot: AgentBot, *, key: str | None, actor: User | None) -> None:
    """Give the bot the picture that is kept under this key, in place of an older one; or none."""
    with transaction():
        db.session.refresh(bot, ["avatar_key"], with_for_update=True)  # two at once take turns
        if bot.avatar_key == key:
            return
        forget_picture(bot.avatar_key)
        bot.avatar_key = key
        record("agent_bot.updated", bot=bot, performer=actor)


def ask_for_bot_picture(bot: AgentBot, *, url: str) -> None:
    """Have a job fetch the bot's picture from there; of several addresses the last."""
    enqueue(FETCHING, key=f"{FETCHING}:{bot.id}", bot_id=bot.id, url=url)


def fetch_bot_picture(bot_id: int, *, url: str) -> None:
    """Give a bot the picture that is at that address, if one is."""

    def give(key: str) -> None:
        bot = db.session.get(AgentBot, bot_id)
        if bot is None:
            raise NotFound
        set_bot_picture(bot, key=key, actor=None)

    draw_from(url, give, whose=f"bot {bot_id}")


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """What is known of it, in the shape that is kept; a null is as good as nothing."""
    found: dict[str, Any] = {
        name: short_text(name, given[name], longest) for name, longest in _LIMITS.items() if name in given
    }
    if "bot_config" in given:
        found["bot_config"] = given["bot_config"] or {}
        check_size("bot_config", found["bot_config"])
    return found
