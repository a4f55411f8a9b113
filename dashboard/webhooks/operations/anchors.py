"""The rows that stand for callbacks and bots among those who are told: made when first needed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from dashboard.bots.models import AgentBot
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.transactions import transaction
from dashboard.webhooks.models import BOT
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import Endpoint

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def callback_of(inbox: Inbox) -> Endpoint:
    """What stands for the callback of an inbox."""
    here = Endpoint.kind == CALLBACK, Endpoint.inbox_id == inbox.id
    return _found_or_made(*here, account_id=inbox.account_id, kind=CALLBACK, inbox_id=inbox.id)


def anchor_of(bot: AgentBot) -> Endpoint:
    """What stands for a bot."""
    return _found_or_made(Endpoint.bot_id == bot.id, account_id=bot.account_id, kind=BOT, bot_id=bot.id)


def _found_or_made(*here: Any, **values: Any) -> Endpoint:
    query = select(Endpoint).where(*here)
    found = db.session.scalar(query)
    if found is not None:
        return found
    insert = _INSERT[db.session.get_bind().dialect.name]
    with transaction():  # somebody else may just be making it
        db.session.execute(insert(Endpoint).values(secret="", **values).on_conflict_do_nothing())
        return db.session.scalars(query).one()
