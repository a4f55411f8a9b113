"""Who is told of an event: webhooks that subscribe to it, the callback of the inbox, and its bots."""

from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.webhooks.models import BOT
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import WEBHOOK
from dashboard.webhooks.operations.anchors import anchor_of
from dashboard.webhooks.operations.anchors import callback_of
from dashboard.webhooks.operations.promising import Receiver
from dashboard.webhooks.queries.receivers import receivers_of
from dashboard.webhooks.schemas.names import OF_BOT
from dashboard.webhooks.schemas.names import OF_CALLBACK


def subscribers_of(event: str, *, account_id: int) -> list[Receiver]:
    """The webhooks of an account that asked for the event."""
    return [each for each in receivers_of(account_id) if each.kind == WEBHOOK and event in each.events]


def audience_of(event: str, *, inbox: Inbox, conversation: Conversation | None) -> list[Receiver]:
    """All who are told of an event in an inbox; a bot once, whether it has the inbox, the conversation or
    both, and not at all where it has no address."""
    told = subscribers_of(event, account_id=inbox.account_id)
    if event in OF_CALLBACK and inbox.webhook_url and inbox.deleted_at is None:
        told.append(_callback(inbox))
    if event in OF_BOT:
        assigned = conversation.assignee_bot_id if conversation else None
        ids = dict.fromkeys(number for number in (inbox.agent_bot_id, assigned) if number is not None)
        told += [bot for bot in (_bot(number, inbox.account_id) for number in ids) if bot is not None]
    return told


def _callback(inbox: Inbox) -> Receiver:
    known = (e for e in receivers_of(inbox.account_id) if e.kind == CALLBACK and e.inbox_id == inbox.id)
    return next(known, None) or callback_of(inbox)


def _bot(bot_id: int, account_id: int) -> Receiver | None:
    for each in receivers_of(account_id):
        if each.kind == BOT and each.bot_id == bot_id:
            return each if each.outgoing_url else None
    bot = db.session.get(AgentBot, bot_id)
    return anchor_of(bot) if bot and bot.outgoing_url else None
