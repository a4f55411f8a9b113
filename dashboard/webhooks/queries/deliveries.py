"""Finding deliveries: of one receiver, the newest first, narrowed down; for no page is too much looked at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy import union_all
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import load_only

from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib.errors import NotFound
from dashboard.lib.numbers import LARGEST
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import FAILED
from dashboard.webhooks.models import WAITING
from dashboard.webhooks.models import WEBHOOK
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.models import Notice

PAGE = 50
LOOKED_AT = 5000  # deliveries, for one page: who asks for what is rare goes on from there
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(r"#?([0-9]{1,18})")


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed down to; an empty word for everything. `q` is a delivery's number or a
    conversation's."""

    state: str = ""
    event: str = ""
    q: str = ""

    @property
    def is_everything(self) -> bool:
        return not (self.state or self.event or self.q)


@dataclass(frozen=True)
class DeliveryPage:
    """Deliveries, the newest first; `before` is where older ones begin, if there are any. Where not all were
    looked at that could be meant, there may be none among them."""

    deliveries: list[Delivery]
    before: int | None = None
    is_cut: bool = False


def receiver_of(account_id: int, endpoint_id: int) -> Endpoint:
    """The webhook, callback or bot.

    Raises:
        NotFound: not in this account, or it is being deleted.
    """
    query = select(Endpoint).where(Endpoint.id == endpoint_id, Endpoint.account_id == account_id)
    found = db.session.scalar(query.options(joinedload(Endpoint.inbox), joinedload(Endpoint.bot)))
    if found is None or _is_going(found):
        raise NotFound
    return found


def _is_going(endpoint: Endpoint) -> bool:
    """Whether a job is deleting it, or the inbox that it belongs to."""
    if endpoint.kind == CALLBACK:
        return endpoint.inbox is None or endpoint.inbox.deleted_at is not None
    return endpoint.kind == WEBHOOK and endpoint.url is None


def callback_id_of(inbox: Inbox) -> int | None:
    """What the callback's deliveries are found by; nothing before the first one."""
    return db.session.scalar(
        select(Endpoint.id).where(Endpoint.inbox_id == inbox.id, Endpoint.kind == CALLBACK)
    )


def receiver_id_of(bot: AgentBot) -> int | None:
    """What a bot's deliveries are found by; nothing before the first one."""
    return db.session.scalar(select(Endpoint.id).where(Endpoint.bot_id == bot.id))


def delivery_of(endpoint: Endpoint, delivery_id: int) -> Delivery:
    """One of a receiver, with its body.

    Raises:
        NotFound: it is another one's, or forgotten.
    """
    query = select(Delivery).where(Delivery.id == delivery_id, Delivery.endpoint_id == endpoint.id)
    found = db.session.scalar(query.options(joinedload(Delivery.notice)))
    if found is None:
        raise NotFound
    return found


def deliveries_page(endpoint: Endpoint, wanted: Wanted, *, before: int | None = None) -> DeliveryPage:
    """The newest, or those before the one of that number."""
    window = _window(endpoint, wanted)
    if window is None:
        return DeliveryPage([])
    if before is not None:
        window = window.where(Delivery.id < before)
    found = list(db.session.scalars(_within(window, endpoint, wanted).limit(PAGE + 1)))
    if len(found) > PAGE:
        return DeliveryPage(found[:PAGE], found[PAGE - 1].id)
    last = _end_of(window)
    return DeliveryPage(found, last, is_cut=last is not None)


def deliveries_wanted(endpoint: Endpoint, wanted: Wanted, *, most: int) -> list[int]:
    """The numbers of the newest that are meant, in the order in which they came."""
    window = _window(endpoint, wanted)
    if window is None:
        return []
    found = db.session.scalars(_within(window, endpoint, wanted).with_only_columns(Delivery.id).limit(most))
    return sorted(found)


def deliveries_ticked(endpoint: Endpoint, ids: Sequence[int]) -> list[int]:
    """Those that are the receiver's, in the order in which they came."""
    query = select(Delivery.id).where(Delivery.id.in_(ids), Delivery.endpoint_id == endpoint.id)
    return list(db.session.scalars(query.order_by(Delivery.id)))


def conversation_numbers(endpoint: Endpoint, deliveries: Sequence[Delivery]) -> dict[int, int]:
    """Which conversation each is about, by the delivery's number, as people number conversations."""
    about = {each.id: _conversation_in(each.lane) for each in deliveries}
    ids = {number for number in about.values() if number is not None}
    if not ids:
        return {}
    query = select(Conversation.id, Conversation.display_id).where(
        Conversation.id.in_(ids), Conversation.account_id == endpoint.account_id
    )
    shown: dict[int | None, int] = {row.id: row.display_id for row in db.session.execute(query)}
    return {key: shown[number] for key, number in about.items() if number in shown}


def _window(endpoint: Endpoint, wanted: Wanted) -> Select[Any] | None:
    """The newest that an index finds without looking at others, or nothing if the words name nothing."""
    ours = select(Delivery.id).where(Delivery.endpoint_id == endpoint.id)
    if wanted.q:
        found = _found(wanted.q, endpoint)
        return None if found is None else _newest(select(Delivery.id).where(Delivery.id.in_(found)))
    if wanted.state == FAILED:
        ours = ours.where(Delivery.state == _written(FAILED))
    elif wanted.state == WAITING:  # whose index has another order: all of them are found first
        waiting = ours.where(Delivery.state == _written(WAITING))
        ours = select(Delivery.id).where(Delivery.id.in_(waiting))
    return _newest(ours)


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(Delivery.id.desc()).limit(LOOKED_AT)


def _found(words: str, endpoint: Endpoint) -> Select[Any] | None:
    """By a delivery's number or a conversation's: of those on their way, and of the others, each by an index
    of its own. The receiver is asked for where that helps, and not where it leads to another index."""
    waiting = ended = select(Delivery.id)
    if UUID.fullmatch(words.lower()):
        waiting = waiting.where(Delivery.endpoint_id == endpoint.id, Delivery.uuid == words.lower())
        ended = ended.where(Delivery.uuid == words.lower())
    elif number := NUMBER.fullmatch(words):
        lane = f"{endpoint.id}:c{_conversation_of(endpoint, int(number[1]))}"
        waiting = ended = waiting.where(Delivery.lane == lane)
    else:
        return None
    state = _written(WAITING)
    found = union_all(waiting.where(Delivery.state == state), ended.where(Delivery.state != state))
    return found.subquery().select()


def _conversation_of(endpoint: Endpoint, number: int) -> int:
    here = Conversation.account_id == endpoint.account_id, Conversation.display_id == min(number, LARGEST)
    return db.session.scalar(select(Conversation.id).where(*here)) or 0


def _written(state: str) -> ColumnElement[str]:
    """An index that has some of the rows is only found where their state is written out."""
    return literal(state, literal_execute=True)


def _within(window: Select[Any], endpoint: Endpoint, wanted: Wanted) -> Select[Any]:
    query = select(Delivery).join(Delivery.notice).where(Delivery.id.in_(window))
    query = query.where(Delivery.endpoint_id == endpoint.id)
    if wanted.state:
        query = query.where(Delivery.state == wanted.state)
    if wanted.event:
        query = query.where(Notice.event == wanted.event)
    told = contains_eager(Delivery.notice).options(load_only(Notice.event, Notice.created_at))
    return query.options(told).order_by(Delivery.id.desc())


def _end_of(window: Select[Any]) -> int | None:
    """Where the next look begins, if this one has come to its own end."""
    looked = window.subquery()
    count, last = db.session.execute(select(func.count(), func.min(looked.c.id))).one()
    return last if count == LOOKED_AT else None


def _conversation_in(lane: str) -> int | None:
    _, _, subject = lane.partition(":")
    return int(subject[1:]) if subject.startswith("c") and subject[1:].isdigit() else None
