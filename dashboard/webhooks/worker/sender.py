"""Sends what is due: one thread speaks to the database, many speak to the endpoints."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextlib import suppress
from datetime import timedelta
from queue import Empty
from queue import SimpleQueue
from threading import Event
from threading import Thread
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dashboard.extensions import write_intent
from dashboard.lib import clock
from dashboard.transactions import transaction
from dashboard.transactions import writing
from dashboard.webhooks.operations.claiming import LEASE
from dashboard.webhooks.operations.claiming import Address
from dashboard.webhooks.operations.claiming import Claim
from dashboard.webhooks.operations.claiming import claim
from dashboard.webhooks.operations.claiming import extend
from dashboard.webhooks.operations.claiming import fail_since_now
from dashboard.webhooks.operations.claiming import mend_times
from dashboard.webhooks.operations.claiming import waiting_endpoints
from dashboard.webhooks.operations.recording import Ledger
from dashboard.webhooks.operations.recording import Outcome
from dashboard.webhooks.operations.recording import blame_and_forgive
from dashboard.webhooks.operations.recording import record_outcomes
from dashboard.webhooks.worker.fleeting import Whisper
from dashboard.webhooks.worker.fleeting import whispers
from dashboard.webhooks.worker.pace import Pace
from dashboard.webhooks.worker.posting import attempt
from dashboard.webhooks.worker.posting import post

THREADS = 48
POLL = 1.0  # seconds between two looks at the table
BREATH = 0.015  # seconds between two looks while much is going on: so that many results are written at once
LAST_WORDS = 8.0  # seconds for what is being sent when the process is told to end
JUMP = 5.0  # seconds by which the clock of the machine was set anew

Context = Callable[[], AbstractContextManager[Any]]
Done = tuple[Claim | Whisper, Outcome | None]

log = logging.getLogger(__name__)


class Sender:
    """`context` gives each look at the table a database session of its own."""

    def __init__(self, *, context: Context, lease: timedelta = LEASE, threads: int = THREADS) -> None:
        self.context = context
        self.lease = lease
        self.most_threads = threads
        self.threads: list[Thread] = []
        self.work: SimpleQueue[Claim | Whisper | None] = SimpleQueue()
        self.done: SimpleQueue[Done | None] = SimpleQueue()
        self.paces: dict[int, Pace] = {}
        self.lined: dict[int, Pace] = {}  # those with something that waits for a thread
        self.in_hand: dict[int, Claim] = {}
        self.ledger = Ledger()
        self.going = 0
        self.unsteady: set[str] = set()  # of these, to endpoints that fail, are slow or not known
        self.looked_at = 0.0
        self.look_again_at = 0.0
        self.extended_at = time.monotonic()
        self.ahead = _ahead()

    def wake(self) -> None:
        """Look at the table now, from any thread; nobody who wakes it for nothing does harm."""
        self.done.put(None)

    def run(self, stop: Event) -> None:
        """Send until `stop` is set, then let what is being sent end; a kill leaves it to its lease."""
        whispers.ring = self.wake
        self._try(mend_times)
        while not stop.is_set():
            self._try(self._turn)
            self.looked_at = time.monotonic()
            self._hand_out()
            self._gather()
        self._end()

    def _try(self, work: Callable[[], object]) -> bool:
        """What could not be written is kept, and written when the database is there again."""
        try:
            with self.context():
                work()
        except SQLAlchemyError as error:
            log.warning("the table of deliveries cannot be used: %s", type(error).__name__)
            self.look_again_at = time.monotonic() + POLL
            return False
        return True

    def _turn(self) -> None:
        """Write what is done, take what is due."""
        self._watch_the_clock()
        self._keep_leases()
        written = self.ledger.outcomes
        if self.ledger:
            with transaction():
                left = record_outcomes(self.ledger)
                claims = claim(self._rooms(), besides=self.in_hand, lease=self.lease)
            self.ledger = left
        else:
            claims = self._claim_if_due()
        for each in claims:
            self.in_hand[each.id] = each
            self.paces[each.address.id].line.append(each)
            self.lined[each.address.id] = self.paces[each.address.id]
        blame_and_forgive(written)

    def _claim_if_due(self) -> list[Claim]:
        """To look keeps nobody from writing."""
        intent = write_intent.set(False)
        try:
            rooms = self._rooms()
        finally:
            write_intent.reset(intent)
        if not rooms:
            return []
        with writing():
            return claim(rooms, besides=self.in_hand, lease=self.lease)

    def _rooms(self) -> list[tuple[Address, int]]:
        """Who is due and may be given more; and when it is worth looking again."""
        now, wait = clock.now(), POLL
        rooms = []
        for address in waiting_endpoints():
            pace = self._pace_of(address)
            assert address.due_at is not None
            if address.due_at > now:
                wait = min(wait, (address.due_at - now).total_seconds())
            elif pace.room:
                rooms.append((address, pace.room))
            elif pace.time_left:
                wait = min(wait, pace.time_left)
        self.look_again_at = time.monotonic() + wait
        return rooms

    def _hand_out(self) -> None:
        """Give the threads what waits."""
        for whisper in whispers.take():
            self._pace_of(whisper.address).whisper(whisper)
            self.lined[whisper.address.id] = self._pace_of(whisper.address)
        for id, pace in list(self.lined.items()):
            self._serve(pace)
            if not pace.has_line:
                del self.lined[id]

    def _serve(self, pace: Pace) -> None:
        """Half of the threads are for those who answer soon, whatever the others do."""
        while self.going < self.most_threads:
            if not pace.is_steady and len(self.unsteady) >= self.most_threads // 2:
                return
            item = pace.next()
            if item is None:
                return
            self.going += 1
            if not pace.is_steady:
                self.unsteady.add(item.uuid)
            if len(self.threads) < self.going:
                self._start_thread()
            self.work.put(item)

    def _start_thread(self) -> None:
        thread = Thread(target=self._work, name="sending", daemon=True)
        self.threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (item := self.work.get()) is not None:
            self.done.put((item, _attempted(item)))

    def _gather(self) -> None:
        """Wait until it is worth looking at the table: soon after something is done, or was promised."""
        at = self.looked_at + BREATH if self.ledger else self.look_again_at
        while (left := at - time.monotonic()) > 0 or not self.done.empty():
            try:
                done = self.done.get(timeout=max(left, 0))
            except Empty:
                return
            if done is not None:
                self._note(*done)
            breath = self.looked_at + BREATH if self.going else 0.0
            at = min(at, breath)

    def _note(self, item: Claim | Whisper, outcome: Outcome | None) -> None:
        self.going -= 1
        self.unsteady.discard(item.uuid)
        pace = self._pace_of(item.address)
        pace.note(_lane(item), outcome)
        if outcome is not None:
            self.in_hand.pop(outcome.claim.id, None)
            self.ledger.outcomes.append(outcome)
        if pace.failures:
            self._give_back(pace)
        if pace.has_line:
            self.lined[item.address.id] = pace
        self._hand_out()

    def _give_back(self, pace: Pace) -> None:
        """What waits for one that fails waits in the table."""
        for each in pace.line:
            self.in_hand.pop(each.id, None)
        self.ledger.given_back.extend(pace.line)
        pace.line.clear()

    def _end(self) -> None:
        for pace in self.paces.values():
            self._give_back(pace)
        end = time.monotonic() + LAST_WORDS
        while self.going and (left := end - time.monotonic()) > 0:
            with suppress(Empty):
                done = self.done.get(timeout=left)
                if done is not None:
                    self._note(*done)
        self._try(self._write)
        for _ in self.threads:
            self.work.put(None)

    def _write(self) -> None:
        written = self.ledger.outcomes
        self.ledger = record_outcomes(self.ledger)
        blame_and_forgive(written)

    def _keep_leases(self) -> None:
        if time.monotonic() - self.extended_at > self.lease.total_seconds() / 3:
            extend(self.in_hand.values(), lease=self.lease)
            self.extended_at = time.monotonic()

    def _watch_the_clock(self) -> None:
        """Where it was set anew, what was written with the old time is put right."""
        if abs(_ahead() - self.ahead) > JUMP:
            log.warning("the clock was set from one time to another: what is on its way goes by the new one")
            mend_times()
            fail_since_now()
            extend(self.in_hand.values(), lease=self.lease)
            self.ahead = _ahead()

    def _pace_of(self, address: Address) -> Pace:
        pace = self.paces.get(address.id)
        if pace is None:
            pace = self.paces[address.id] = Pace(address)
        return pace


def send_all(*, lease: timedelta = LEASE) -> bool:
    """Send what is due, here and now, one after the other, until nothing is; whether anything was."""
    is_worked = False
    for whisper in whispers.take():
        _attempted(whisper)
        is_worked = True
    while claims := claim([(address, 1) for address in waiting_endpoints()], lease=lease):
        outcomes = [attempt(each) for each in claims]
        record_outcomes(Ledger(outcomes))
        blame_and_forgive(outcomes)
        is_worked = True
    return is_worked


def _attempted(item: Claim | Whisper) -> Outcome | None:
    if isinstance(item, Claim):
        return attempt(item)
    post(item.address, item.body, item.uuid, deadline=item.time_left)
    return None


def _lane(item: Claim | Whisper) -> str:
    return item.lane if isinstance(item, Claim) else item.uuid


def _ahead() -> float:
    """How far the machine's clock is ahead of this process's own: the same until somebody sets it."""
    return clock.now().timestamp() - time.monotonic()
