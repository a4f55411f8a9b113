"""Runs due jobs in a few threads until told to stop; the tables of jobs are handed in by who starts it."""

import logging
import sqlite3
import time
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from contextlib import AbstractContextManager
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dashboard.extensions import db
from dashboard.queue.operations import LEASE
from dashboard.queue.operations import Claim
from dashboard.queue.operations import bury
from dashboard.queue.operations import claim
from dashboard.queue.operations import extend
from dashboard.queue.operations import finish
from dashboard.queue.operations import retry

THREADS = 4
UNHURRIED_THREADS = 2  # at the most: customers can ask for such jobs in any number
POLL = 1.0  # seconds between two looks at the table
CHECKPOINT = 5.0  # seconds between two checkpoints of SQLite's write-ahead log

Jobs = Mapping[str, Callable[..., Any]]
Context = Callable[[], AbstractContextManager[Any]]

log = logging.getLogger(__name__)


class Worker:
    """`context` gives each look at the table, and each job, a database session of its own. Jobs of the kinds
    in `unhurried` leave threads for the others, however many of them wait."""

    def __init__(
        self, jobs: Jobs, *, context: Context, lease: timedelta = LEASE, unhurried: Collection[str] = ()
    ) -> None:
        self.jobs = jobs
        self.unhurried = unhurried
        self.context = context
        self.lease = lease
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="job")
        self.running: dict[Future[None], Claim] = {}
        self.extended_at = time.monotonic()
        self.bell = Event()

    def wake(self) -> None:
        """Look at the table now, from any thread; nobody who wakes it for nothing does harm."""
        self.bell.set()

    def run(self, stop: Event, *, after_each_look: Callable[[], None] = lambda: None) -> None:
        """Look and run until `stop` is set, then let running jobs end; a kill leaves them to their lease."""
        while not stop.is_set():
            self.bell.clear()
            try:
                is_busy = self._look()
            except SQLAlchemyError as error:
                log.warning("the job table cannot be read: %s", type(error).__name__)
                is_busy = False
            after_each_look()
            if is_busy:
                wait(self.running, timeout=POLL, return_when=FIRST_COMPLETED)
            else:
                self.bell.wait(POLL)
        self.pool.shutdown()

    def _look(self) -> bool:
        """Start what is due; True where it is worth looking again as soon as a thread is free."""
        self.running = {future: claimed for future, claimed in self.running.items() if not future.done()}
        free = THREADS - len(self.running)
        with self.context():
            self._keep_leases()
            claims = self._claim(free) if free else []
        for claimed in claims:
            self.running[self.pool.submit(self._run_one, claimed)] = claimed
        return len(self.running) == THREADS or not self._room

    def _claim(self, free: int) -> list[Claim]:
        room = min(free, self._room)
        return claim(free, lease=self.lease, unhurried=self.unhurried, room=room)

    @property
    def _room(self) -> int:
        """For how many more unhurried jobs there is a thread."""
        return UNHURRIED_THREADS - sum(claimed.kind in self.unhurried for claimed in self.running.values())

    def _keep_leases(self) -> None:
        if time.monotonic() - self.extended_at < self.lease.total_seconds() / 3:
            return
        extend(self.running.values(), lease=self.lease)
        self.extended_at = time.monotonic()

    def _run_one(self, claimed: Claim) -> None:
        try:
            with self.context():
                run_claimed(claimed, self.jobs)
        except Exception:  # how it went could not be written: the lease ends, and it runs again
            log.exception("job %s (%s) could not be settled", claimed.id, claimed.kind)


class Checkpointer:
    """The one process that moves SQLite's write-ahead log into the file; several at once are not safe."""

    def __init__(self, path: Path) -> None:
        self.log_path = path.with_name(path.name + "-wal")
        self.connection = sqlite3.connect(path, timeout=0.2, isolation_level=None)
        self.connection.execute("PRAGMA wal_autocheckpoint=0")
        self.done_at = 0.0
        self.seen = 0

    def __call__(self) -> None:
        if time.monotonic() - self.done_at < CHECKPOINT:
            return
        self.done_at = time.monotonic()
        with suppress(OSError, sqlite3.OperationalError):  # locked just now: the next turn will do
            changed = self.log_path.stat().st_mtime_ns
            if changed != self.seen:
                # What can be moved while others write goes first; only the rest keeps them waiting.
                for kind in ("PASSIVE", "RESTART"):
                    self.connection.execute(f"PRAGMA wal_checkpoint({kind})").fetchall()
                self.seen = changed

    def close(self) -> None:
        self.connection.close()


def run_all(jobs: Jobs) -> list[Exception]:
    """Run what is due, here and now, until nothing is; the failures, for whoever wants to know."""
    failures = []
    while claims := claim(1):
        failure = run_claimed(claims[0], jobs)
        if failure is not None:
            failures.append(failure)
    return failures


def run_claimed(claimed: Claim, jobs: Jobs) -> Exception | None:
    """Do one job and write how it went."""
    if claimed.is_worn_out:
        bury(claimed, error="claimed again and again without an end")
        return None
    try:
        jobs[claimed.kind](**claimed.args)
    except Exception as error:  # a job may fail in any way: it is noted, and tried again
        db.session.rollback()  # what it wrote by half must not be kept with the note that it failed
        log.exception("job %s (%s) failed, attempt %s", claimed.id, claimed.kind, claimed.attempts)
        retry(claimed, error=f"{type(error).__name__}: {error}")
        return error
    finish(claimed)
    return None
