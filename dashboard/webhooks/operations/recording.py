"""Writing how attempts went: many at once, and without waiting for anybody while rows are held."""

import json
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.outgoing import Answer
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction
from dashboard.webhooks.models import FAILED
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.claiming import Address
from dashboard.webhooks.operations.claiming import Claim
from dashboard.webhooks.operations.claiming import give_back
from dashboard.webhooks.operations.policy import DAY
from dashboard.webhooks.operations.policy import judge
from dashboard.webhooks.operations.statements import HELD
from dashboard.webhooks.operations.statements import NEXT_OF_LANES
from dashboard.webhooks.operations.statements import PULL
from dashboard.webhooks.operations.statements import STILL_THERE
from dashboard.webhooks.operations.statements import WRITE

KEPT_OF_ANSWERS = 1024  # bytes
ATTEMPTS_TO_SHOW = 3  # after so many an agent's message has failed, though it is tried on
ATTEMPTS_TO_PAUSE = 20


@dataclass(frozen=True)
class Outcome:
    """What came of a claim."""

    claim: Claim
    answer: Answer
    sent_at: datetime
    took: int  # milliseconds


@dataclass
class Ledger:
    """What is still to be written; for what somebody else holds just now, one comes back."""

    outcomes: list[Outcome] = field(default_factory=list)
    lanes: set[str] = field(default_factory=set)  # in which the next one may go
    given_back: list[Claim] = field(default_factory=list)

    def add(self, other: "Ledger") -> None:
        """What is left over of another one."""
        self.outcomes += other.outcomes
        self.lanes |= other.lanes
        self.given_back += other.given_back

    def __bool__(self) -> bool:
        return bool(self.outcomes or self.lanes or self.given_back)


def record_outcomes(ledger: Ledger) -> Ledger:
    """Write how it went, and let those go on who waited for it. What is left over is to be tried again."""
    with transaction():
        give_back(ledger.given_back)
        written, locked = _write(ledger.outcomes)
        left = _let_go_on(ledger.lanes | written)
    return Ledger(locked, left)


def blame_and_forgive(outcomes: Iterable[Outcome]) -> None:
    """Note whether anything arrives at the endpoints; webhooks where nothing does for long are paused."""
    of_each: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        of_each.setdefault(outcome.claim.address.id, []).append(outcome)
    for endpoint_id, some in of_each.items():
        if some[0].claim.address.failures or not all(outcome.answer.is_good for outcome in some):
            _note_health(endpoint_id, some)


def _write(outcomes: Sequence[Outcome]) -> tuple[set[str], list[Outcome]]:
    """The lanes in which something ended, and what could not be written because somebody held it."""
    if not outcomes:
        return set(), []
    ids = json.dumps([outcome.claim.id for outcome in outcomes])
    held = {row.id: row.lease for row in db.session.execute(HELD[_dialect()], {"ids": ids})}
    mine = [outcome for outcome in outcomes if held.get(outcome.claim.id) == outcome.claim.lease]
    rows = [_row(outcome) for outcome in mine]
    if rows:
        db.session.connection().execute(WRITE, rows)
    ended = set()
    for outcome, row in zip(mine, rows, strict=True):
        if row["state"] != "waiting":
            ended.add(outcome.claim.lane)
        if _matters(outcome, row["state"]):
            key = f"webhooks.follow_up:{outcome.claim.id}"
            enqueue("webhooks.follow_up", key=key, delivery_id=outcome.claim.id)
    return ended, _still_there([outcome for outcome in outcomes if outcome.claim.id not in held])


def _still_there(outcomes: list[Outcome]) -> list[Outcome]:
    """Without those whose conversation, inbox or webhook was deleted meanwhile."""
    if not outcomes:
        return []
    ids = json.dumps([outcome.claim.id for outcome in outcomes])
    known = set(db.session.scalars(STILL_THERE[_dialect()], {"ids": ids}))
    return [outcome for outcome in outcomes if outcome.claim.id in known]


def _row(outcome: Outcome) -> dict[str, Any]:
    claim, answer = outcome.claim, outcome.answer
    state, next_at = judge(
        answer, attempts=claim.attempts, created_at=claim.created_at, is_bot=claim.address.is_bot
    )
    return {
        "of": claim.id,
        "state": state,
        "next_at": next_at or outcome.sent_at,
        "sent_at": outcome.sent_at,
        "took": outcome.took,
        "code": answer.status or None,
        "error": answer.error or None,
        "answer": answer.body[:KEPT_OF_ANSWERS].decode(errors="replace").replace("\x00", "") or None,
        "history": claim.history,
    }


def _matters(outcome: Outcome, state: str) -> bool:
    """Whether somebody must be told how it went: that a message did not arrive, or did after all."""
    claim = outcome.claim
    return claim.message_id is not None and (claim.attempts >= ATTEMPTS_TO_SHOW or state == FAILED)


def _let_go_on(lanes: Collection[str]) -> set[str]:
    """The next of each lane is due now. Those lanes come back whose next one somebody holds."""
    if not lanes:
        return set()
    rows = db.session.execute(NEXT_OF_LANES[_dialect()], {"lanes": json.dumps(list(lanes))})
    lane_of = {row.id: row.lane for row in rows if row.id is not None}
    if not lane_of:
        return set()
    held = db.session.scalars(HELD[_dialect()], {"ids": json.dumps(list(lane_of))})
    free = set(held)
    db.session.execute(PULL[_dialect()], {"ids": json.dumps(list(free)), "now": clock.now()})
    return {lane for id, lane in lane_of.items() if id not in free}


def _note_health(endpoint_id: int, outcomes: Sequence[Outcome]) -> None:
    with transaction():
        endpoint = db.session.scalar(
            select(Endpoint)
            .where(Endpoint.id == endpoint_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if endpoint is None:
            return
        for outcome in outcomes:
            if outcome.answer.is_good:
                endpoint.failures, endpoint.failing_since = 0, None
            else:
                endpoint.failures += 1
                endpoint.failing_since = endpoint.failing_since or outcome.sent_at
        if _is_hopeless(endpoint, outcomes[0].claim.address):
            endpoint.paused_by, endpoint.paused_at, endpoint.seen_at = "failures", clock.now(), None
            record("webhook.paused", endpoint=endpoint)


def _is_hopeless(endpoint: Endpoint, address: Address) -> bool:
    """Messages say themselves that they did not reach a callback, conversations that their bot is silent."""
    if not address.is_webhook or endpoint.paused_by or endpoint.failing_since is None:
        return False
    return endpoint.failures >= ATTEMPTS_TO_PAUSE and clock.now() - endpoint.failing_since >= DAY


def _dialect() -> str:
    return db.session.get_bind().dialect.name
