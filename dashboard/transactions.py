"""One verb, one transaction: collect events, queue durable work with the data, then tell the living."""

import logging
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import TypeVar

from dashboard.extensions import db
from dashboard.extensions import write_intent

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """A fact in the past tense, such as `message.created`, with the rows it speaks of."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)


Reaction = Callable[[Event], None]
Found = TypeVar("Found")

DURABLE: dict[str, list[Reaction]] = {}  # before COMMIT, in the same transaction: they only add rows
LIVE: dict[str, list[Reaction]] = {}  # after COMMIT: a failure is logged, never raised


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block wrote, or nothing of it. A block inside another one joins it.

    Events recorded inside are told to `DURABLE` reactions before the commit and to `LIVE` ones after it.
    """
    info = db.session.info
    if "events" in info:
        yield
        return
    info["events"], info["memory"] = [], {}
    try:
        yield
        db.session.flush()
        events: list[Event] = info["events"]
        for event in events:  # which grow by what the reactions record
            for react in DURABLE.get(event.name, []):
                react(event)
        db.session.commit()
    except BaseException:  # also where the process is told to end: nothing by halves is kept
        db.session.rollback()
        info.pop("memory", None)
        raise
    finally:
        info.pop("events", None)
    if any(event.name in LIVE for event in events):
        _tell_the_living(events)
    info.pop("memory", None)


def let_others_write() -> None:
    """End the transaction that reading began, before something slow such as hashing a password.

    On SQLite a request that may write keeps all others from writing from its first look at the database on.
    Inside `transaction()` nothing ends: what it wrote belongs together.
    """
    if "events" not in db.session.info:
        db.session.commit()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction for somebody who has only read until now, and finds that there is something to write."""
    let_others_write()
    intent = write_intent.set(True)
    try:
        with transaction():
            yield
    finally:
        write_intent.reset(intent)


def record(name: str, **data: Any) -> None:
    """Note a fact inside the current `transaction()`."""
    db.session.info["events"].append(Event(name, data))


def recorded(name: str) -> list[Event]:
    """What was noted in the current `transaction()` under that name."""
    return [event for event in db.session.info.get("events", ()) if event.name == name]


def memory() -> dict[Any, Any]:
    """What was found out in this transaction, from its first change on until the living have been told."""
    found: dict[Any, Any] = db.session.info.get("memory", {})
    return found


def recalled(key: Any, ask: Callable[[], Found]) -> Found:
    """What `ask` answers, asked once for all reactions to a transaction: to each of them it is the same."""
    known = memory()
    if key not in known:
        known[key] = ask()
    answer: Found = known[key]
    return answer


def _tell_the_living(events: list[Event]) -> None:
    """What they read for it, they read without keeping anybody from writing."""
    intent = write_intent.set(False)
    try:
        for event in events:
            for react in LIVE.get(event.name, []):
                _tell(react, event)
        if db.session().in_transaction():
            db.session.commit()
    finally:
        write_intent.reset(intent)


def _tell(react: Reaction, event: Event) -> None:
    try:
        react(event)
    except Exception:  # the change is committed: whoever listens must not undo that
        log.exception("live reaction %s failed for %s", react, event.name)
