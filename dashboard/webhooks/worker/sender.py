"""Sends what is due: one thread speaks to the database, many speak to the endpoints."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from queue import Empty
from queue import SimpleQueue
from threading import Event
from threading import Thread
from typing import Any
from typing import TypeVar

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
LAST_WORDS = 5.0  # seconds for what is being sent when the process is told to end
JUMP = 5.0  # seconds by which the clock of the machine was set anew

Context = Callable[[], AbstractContextManager[Any]]
T = TypeVar("T")
Done = tuple[Claim | Whisper, Outcome | None]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Look:
    """What came of a look at the table: what was taken, what could not be written, and when to look again."""

    claims: list[Claim]
    left: Ledger
    wait: float = POLL
    at_least: float = 0.0  # seconds, also where there is something to write


class Sender:
    """`context` gives each look at the table a database session of its own.

    One thread deals out what waits in memory, one looks at the table and writes to it meanwhile, the others
    send.
    """

    def __init__(self, *, context: Context, lease: timedelta = LEASE, threads: int = THREADS) -> None:
        self.context = context
        self.lease = lease
        self.most_threads = threads
        self.threads: list[Thread] = []
        self.work: SimpleQueue[Claim | Whisper | None] = SimpleQueue()
        self.books: SimpleQueue[Ledger | None] = SimpleQueue()
        self.news: SimpleQueue[Done | Look | None] = SimpleQueue()
        self.paces: dict[int, Pace] = {}
        self.lined: dict[int, Pace] = {}  # those with something that waits for a thread
        self.in_hand: dict[int, Claim] = {}
        self.ledger = Ledger()
        self.going = 0
        self.unsteady: set[str] = set()  # of these, to endpoints that fail or are slow
        self.is_ending = False
        self.is_looking = False
        self.is_rung = True
        self.looked_at = 0.0
        self.look_again_at = 0.0
        self.not_before = 0.0
        self.extended_at = time.monotonic()
        self.ahead = _ahead()

    def wake(self) -> None:
        """Look at the table now, from any thread; nobody who wakes it for nothing does harm."""
        self.news.put(None)

    def run(self, stop: Event) -> None:
        """Send until `stop` is set, then let what is being sent end; a kill leaves it to its lease."""
        whispers.ring = self.wake
        clerk = Thread(target=self._keep_books, name="clerk", daemon=True)
        clerk.start()
        while not stop.is_set():
            if not self.is_looking and time.monotonic() >= self._time_to_look:
                self._ask_for_a_look()
            self._hear_news()
        self._end()
        clerk.join(LAST_WORDS)

    @property
    def _time_to_look(self) -> float:
        """At once where nothing is going on, else after a breath: many results are written together."""
        soonest = max(self.not_before, self.looked_at + BREATH if self.going else 0.0)
        return soonest if self.is_rung or self.ledger else max(soonest, self.look_again_at)

    def _ask_for_a_look(self) -> None:
        self.is_looking, self.is_rung = True, False
        ledger, self.ledger = self.ledger, Ledger()
        self.books.put(ledger)

    def _hear_news(self) -> None:
        """Wait for something to happen, and take in all that has."""
        timeout = POLL if self.is_looking else max(self._time_to_look - time.monotonic(), 0.0)
        with suppress(Empty):
            self._take_in(self.news.get(timeout=timeout))
            while True:
                self._take_in(self.news.get_nowait())
        self._hand_out()

    def _take_in(self, news: Done | Look | None) -> None:
        if news is None:
            self.is_rung = True
        elif isinstance(news, Look):
            self._take_over(news)
        else:
            self._note(*news)
            self._hand_out()

    def _take_over(self, look: Look) -> None:
        self.is_looking, self.looked_at = False, time.monotonic()
        self.look_again_at, self.not_before = self.looked_at + look.wait, self.looked_at + look.at_least
        self.ledger.add(look.left)
        for each in look.claims:
            pace = self._pace_of(each.address)
            self.in_hand[each.id] = each
            self.lined[each.address.id] = pace
            pace.line.append(each)

    def _keep_books(self) -> None:
        """What could not be written is kept, and written when the database is there again."""
        self._look(mend_times)
        while (ledger := self.books.get()) is not None:
            look = self._look(partial(self._turn, ledger))
            self.news.put(look or Look([], ledger, at_least=POLL))

    def _look(self, work: Callable[[], T]) -> T | None:
        try:
            with self.context():
                return work()
        except SQLAlchemyError as error:
            log.warning("the table of deliveries cannot be used: %s", type(error).__name__)
        except Exception:  # whatever it is, it must not be the last look
            log.exception("the table of deliveries was not understood")
        return None

    def _turn(self, ledger: Ledger) -> Look:
        """Write what is done, take what is due."""
        self._watch_the_clock()
        self._keep_leases()
        if not ledger:
            return self._claim_if_due()
        with transaction():
            left = record_outcomes(ledger)
            rooms, wait = self._rooms() if not self.is_ending else ([], POLL)
            claims = claim(rooms, besides=self.in_hand, lease=self.lease)
        blame_and_forgive(ledger.outcomes)
        return Look(claims, left, wait, at_least=BREATH if left else 0.0)

    def _claim_if_due(self) -> Look:
        """To look keeps nobody from writing."""
        intent = write_intent.set(False)
        try:
            rooms, wait = self._rooms()
        finally:
            write_intent.reset(intent)
        if not rooms:
            return Look([], Ledger(), wait)
        with writing():
            return Look(claim(rooms, besides=self.in_hand, lease=self.lease), Ledger(), wait)

    def _rooms(self) -> tuple[list[tuple[Address, int]], float]:
        """Who is due and may be given more; and after how many seconds it is worth looking again."""
        now, wait = clock.now(), POLL
        rooms = []
        for address in waiting_endpoints():
            pace = self._pace_of(address)
            pace.meet(address)
            assert address.due_at is not None
            room = pace.room
            if address.due_at > now:
                wait = min(wait, (address.due_at - now).total_seconds())
            elif room:
                rooms.append((address, room))
            elif pace.time_left:
                wait = min(wait, pace.time_left)
        return rooms, wait

    def _hand_out(self) -> None:
        """Give the threads what waits."""
        if self.is_ending:
            return
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
            self.news.put((item, _attempted(item)))

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

    def _give_back(self, pace: Pace) -> None:
        """What waits for one that fails waits in the table."""
        for each in pace.line:
            self.in_hand.pop(each.id, None)
        self.ledger.given_back.extend(pace.line)
        pace.line.clear()

    def _end(self) -> None:
        """What is being sent may end, what waits goes back, and how it went is written."""
        self.is_ending = True
        end = time.monotonic() + LAST_WORDS
        while (self.going or self.is_looking) and (left := end - time.monotonic()) > 0:
            with suppress(Empty):
                self._take_in(self.news.get(timeout=left))
        for _ in self.threads:
            self.work.put(None)
        for pace in self.paces.values():
            self._give_back(pace)
        self.books.put(self.ledger)
        self.books.put(None)

    def _keep_leases(self) -> None:
        if time.monotonic() - self.extended_at > self.lease.total_seconds() / 3:
            extend(list(self.in_hand.values()), lease=self.lease)
            self.extended_at = time.monotonic()

    def _watch_the_clock(self) -> None:
        """Where it was set anew, what was written with the old time is put right."""
        if abs(_ahead() - self.ahead) > JUMP:
            log.warning("the clock was set from one time to another: what is on its way goes by the new one")
            mend_times()
            fail_since_now()
            extend(list(self.in_hand.values()), lease=self.lease)
            self.ahead = _ahead()

    def _pace_of(self, address: Address) -> Pace:
        found = self.paces.get(address.id)
        return found or self.paces.setdefault(address.id, Pace(address))


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
