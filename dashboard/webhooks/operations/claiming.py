"""Taking what is due: endpoint by endpoint, so that what waits for one of them costs the others nothing."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row
from sqlalchemy import TextClause
from sqlalchemy import update

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.transactions import transaction
from dashboard.webhooks.models import BOT
from dashboard.webhooks.models import WEBHOOK
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.statements import DUE
from dashboard.webhooks.operations.statements import EXTEND
from dashboard.webhooks.operations.statements import GIVE_BACK
from dashboard.webhooks.operations.statements import MEND_DUE
from dashboard.webhooks.operations.statements import TAKE
from dashboard.webhooks.operations.statements import THESE_ENDPOINTS
from dashboard.webhooks.operations.statements import WAITING_ENDPOINTS

LEASE = timedelta(seconds=60)
LATEST = timedelta(hours=25)  # nothing is put off by more than a day
AHEAD = timedelta(seconds=30)  # what is written while one waits to write has not come from a clock set back
LONGEST_HISTORY = 30  # attempts


@dataclass(frozen=True)
class Address:
    """Where an endpoint is, and how it goes with it."""

    id: int
    kind: str
    account_id: int
    url: str
    secret: str
    old_secret: str | None  # of the two that sign, the one that is known longer
    failures: int
    due_at: datetime | None = None  # when the next of what waits for it may be sent

    @property
    def is_bot(self) -> bool:
        return self.kind == BOT

    @property
    def is_webhook(self) -> bool:
        return self.kind == WEBHOOK


@dataclass(frozen=True)
class Attempt:
    """How one went, as it is kept."""

    sent_at: datetime
    took: int
    code: int | None
    error: str | None

    def as_json(self) -> dict[str, Any]:
        return {"sent_at": clock.iso(self.sent_at), "took": self.took, "code": self.code, "error": self.error}


@dataclass(frozen=True)
class Claim:
    """A delivery in hand: whoever holds this lease, and nobody else, may say how it went."""

    id: int
    address: Address
    message_id: int | None
    lane: str
    uuid: str
    attempts: int
    created_at: datetime
    event: str
    body: bytes
    history: list[dict[str, Any]]  # how all earlier attempts went
    lease: str


def waiting_endpoints() -> list[Address]:
    """All for whom something waits and who are not paused. It only reads."""
    return [_address(row, due_at=row.due_at) for row in db.session.execute(WAITING_ENDPOINTS)]


def addresses_of(endpoint_ids: Collection[int]) -> list[Address]:
    """Where these endpoints are."""
    query = THESE_ENDPOINTS[_dialect()]
    return [_address(row) for row in db.session.execute(query, {"ids": json.dumps(list(endpoint_ids))})]


def claim(
    rooms: Collection[tuple[Address, int]], *, besides: Collection[int] = (), lease: timedelta = LEASE
) -> list[Claim]:
    """Take what is due for these endpoints, for each no more than there is room for; the longest due stands
    first. Nobody else gets it before the lease ends. `besides` those that are in hand already."""
    if not rooms:
        return []
    addresses = {address.id: address for address, _ in rooms}
    left = {address.id: room for address, room in rooms}
    now, mark = clock.now(), uuid4().hex
    with transaction():
        chosen = []
        for endpoint_id, delivery_id in _due(addresses, now, most=max(left.values())):
            if left[endpoint_id] and delivery_id not in besides:
                left[endpoint_id] -= 1
                chosen.append(delivery_id)
        rows = _take(chosen, until=now + lease, mark=mark) if chosen else []
    places = {id: place for place, id in enumerate(chosen)}
    return [
        _claim(row, addresses[row.endpoint_id], mark) for row in sorted(rows, key=lambda row: places[row.id])
    ]


def extend(claims: Collection[Claim], *, lease: timedelta = LEASE) -> None:
    """Hold on to what is in hand."""
    if claims:
        _set_due(claims, EXTEND, clock.now() + lease)


def give_back(claims: Collection[Claim]) -> None:
    """Let go of what was not tried after all."""
    if claims:
        _set_due(claims, GIVE_BACK, clock.now())


def mend_times() -> None:
    """A clock that was set back leaves times behind that are still to come: what waits for them goes now."""
    now = clock.now()
    ends = {"ahead": now + AHEAD, "lease_end": now + 2 * LEASE, "latest": now + LATEST}
    with transaction():
        db.session.execute(MEND_DUE, {"now": now, **ends})


def fail_since_now() -> None:
    """Whoever fails has not failed for as long as a clock says that was just set."""
    failing = update(Endpoint).where(Endpoint.failing_since.is_not(None)).values(failing_since=clock.now())
    with transaction():
        db.session.execute(failing, execution_options={"synchronize_session": False})


def _set_due(claims: Collection[Claim], statements: dict[str, TextClause], due_at: datetime) -> None:
    of_leases: dict[str, list[int]] = {}
    for each in claims:
        of_leases.setdefault(each.lease, []).append(each.id)
    with transaction():
        for mark, ids in of_leases.items():
            values = {"ids": json.dumps(ids), "mark": mark, "due_at": due_at}
            db.session.execute(statements[_dialect()], values)


def _due(endpoint_ids: Collection[int], now: datetime, *, most: int) -> list[Any]:
    values = {"ids": json.dumps(list(endpoint_ids)), "now": now, "most": most}
    return list(db.session.execute(DUE[_dialect()], values))


def _take(ids: list[int], *, until: datetime, mark: str) -> list[Any]:
    values = {"ids": json.dumps(ids), "until": until, "mark": mark}
    return list(db.session.execute(TAKE[_dialect()], values))


def _claim(row: Row[Any], address: Address, mark: str) -> Claim:
    history = row.history
    if row.sent_at is not None:
        history = [*history, Attempt(row.sent_at, row.took or 0, row.code, row.error).as_json()]
    return Claim(
        row.id,
        address,
        row.message_id,
        row.lane,
        row.uuid,
        row.attempts,
        row.created_at,
        row.event,
        row.body.encode(),
        history[-LONGEST_HISTORY:],
        mark,
    )


def _address(row: Row[Any], due_at: datetime | None = None) -> Address:
    has_two = row.old_secret and row.old_secret_until and row.old_secret_until > clock.now()
    old_secret = row.old_secret if has_two else None
    url, secret = row.url or "", row.secret or ""
    return Address(row.id, row.kind, row.account_id, url, secret, old_secret, row.failures, due_at)


def _dialect() -> str:
    return db.session.get_bind().dialect.name
