"""Bots as the API shows them, in upstream's shapes."""

from typing import Any

from dashboard.accounts.serializers import user_push
from dashboard.bots.models import Actor
from dashboard.bots.models import AgentBot
from dashboard.bots.schemas import BOT_TYPE


def bot_json(bot: AgentBot) -> dict[str, Any]:
    """The bot for whoever works in the account."""
    return {
        **slim_bot_json(bot),
        "outgoing_url": bot.outgoing_url,
        "bot_config": bot.bot_config,
        "account_id": bot.account_id,
        "system_bot": False,
    }


def bot_with_secrets_json(bot: AgentBot) -> dict[str, Any]:
    """The bot for administrators."""
    return {**bot_json(bot), "access_token": bot.token, "secret": bot.secret}


def slim_bot_json(bot: AgentBot) -> dict[str, Any]:
    """The bot that a conversation is assigned to. Apps hear of it too: not where its events go."""
    return {
        "id": bot.id,
        "name": bot.name,
        "description": bot.description,
        "thumbnail": bot.thumbnail,
        "bot_type": BOT_TYPE,
    }


def bot_push(bot: AgentBot) -> dict[str, Any]:
    """The bot as the sender of a message."""
    return {"id": bot.id, "name": bot.name, "avatar_url": bot.thumbnail, "type": "agent_bot"}


def kind_of(actor: Actor) -> str:
    """What upstream calls it where a number alone would not say whose it is."""
    return "AgentBot" if isinstance(actor, AgentBot) else "User"


def actor_push(actor: Actor, account_id: int) -> dict[str, Any]:
    """Whoever did something, a person or a bot."""
    return bot_push(actor) if isinstance(actor, AgentBot) else user_push(actor, account_id)
