"""Who in an account is there to be told of events: asked once in a transaction, in one query."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import or_
from sqlalchemy import select

from dashboard.bots.models import AgentBot
from dashboard.extensions import db
from dashboard.transactions import recalled
from dashboard.webhooks.models import WEBHOOK
from dashboard.webhooks.models import Endpoint

Receiver = Row[Any]  # id, kind, events, inbox_id, bot_id, and the address where it is a bot's


def receivers_of(account_id: int) -> Sequence[Receiver]:
    """The webhooks of an account that are not paused, and whatever stands for its callbacks and bots."""

    def ask() -> Sequence[Receiver]:
        return db.session.connection().execute(_receivers(), {"account": account_id}).all()

    return recalled(("receivers", account_id), ask)


@cache  # making it costs more than asking it
def _receivers() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Endpoint.id,
            Endpoint.kind,
            Endpoint.events,
            Endpoint.inbox_id,
            Endpoint.bot_id,
            AgentBot.outgoing_url,
        )
        .outerjoin(AgentBot, AgentBot.id == Endpoint.bot_id)
        .where(Endpoint.account_id == bindparam("account"))
        .where(or_(Endpoint.kind != WEBHOOK, Endpoint.paused_by == ""))
        .order_by(Endpoint.id)
    )
