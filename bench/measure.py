"""Measures each line of the table: product and floor by turns, so that both meet the same noise."""

import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from dataclasses import field
from functools import partial

from sqlalchemy import event
from sqlalchemy import text

from bench import client
from bench.client import NOTHING
from bench.client import Timing
from bench.datasets import DataSet
from bench.processes import Server
from dashboard import create_app
from dashboard.accounts.models import User
from dashboard.accounts.operations.sessions import start_session
from dashboard.accounts.queries import access_token_of
from dashboard.extensions import db
from dashboard.lib import clock

ROUNDS = 6
CONCURRENCY = 16
PAUSE = 0.1  # seconds between two looks
AT_ONCE = 400  # requests of a run with sixteen at once


@dataclass(frozen=True)
class Key:
    """How somebody gets in: by the cookie of a browser, or by a token."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Line:
    """Something that is measured: its requests, and what is aimed at."""

    name: str
    count: int  # requests of one run with one at a time
    requests: Callable[[int, int], list[bytes]]  # how many, and a number that is another one in each run
    most_ratio: float
    most_p99: float | None = None  # milliseconds, with sixteen at once
    fills: str = ""  # the table that gets a row from each request
    page: str = ""  # whose bytes and queries are counted
    cookie: str = ""
    weighs: str = ""  # the floor's template that must weigh the same


@dataclass
class Side:
    """What one of the two has shown so far."""

    cpu_ms: float = 0.0
    sent: int = 0
    one: Timing = NOTHING
    many: Timing = NOTHING
    lost: int = 0  # rows that were promised and are not there

    @property
    def cpu_per_request(self) -> float:
        return self.cpu_ms / self.sent

    @property
    def errors(self) -> int:
        statuses = (self.one + self.many).statuses
        return sum(count for status, count in statuses.items() if status != 200)


@dataclass
class Result:
    line: Line
    product: Side = field(default_factory=Side)
    floor: Side = field(default_factory=Side)
    queries: int | None = None
    queries_of_longest: int | None = None
    size: int | None = None

    @property
    def ratio(self) -> float:
        return self.product.cpu_per_request / self.floor.cpu_per_request


class Desk:
    """The data set from inside: keys to it, how many rows there are, how many questions a page asks."""

    def __init__(self, data: DataSet) -> None:
        self.data = data
        self.app = create_app(data.config)
        self.last = {
            table: self.one(f"SELECT max(id) FROM {table}") for table in ("dashboard_apps", "messages")
        }

    def key_of(self, email: str) -> Key:
        """A new session and the access token of a person."""
        with self.app.app_context():
            user = db.session.query(User).filter_by(email=email).one()
            token = access_token_of(user)
            key = token.token if token else ""
            session = {"_user_id": start_session(user), "_fresh": True, "_permanent": True}
        signer = self.app.session_interface.get_signing_serializer(self.app)
        cookie = f"{self.app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}"
        return Key(cookie, key)

    def queries_of(self, path: str, cookie: str) -> int:
        """How many questions the database is asked for a page, with everything warm."""
        asked: list[str] = []

        def note(_: object, __: object, statement: str, *___: object) -> None:
            if not statement.startswith("BEGIN"):
                asked.append(statement)

        with self.app.app_context():
            engine = db.engine
        browser = self.app.test_client(use_cookies=False)
        # in a context of its own: that this request only reads must not hold for the writers after it
        visit = partial(copy_context().run, browser.get, path, headers={"Cookie": cookie})
        visit()
        event.listen(engine, "before_cursor_execute", note)
        visit()
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    def one(self, question: str, **values: object) -> int:
        with self.app.app_context():
            return int(db.session.execute(text(question), values).scalar() or 0)

    def change(self, statement: str, **values: object) -> None:
        """Put something right between two runs, past the product."""
        with self.app.app_context():
            db.session.execute(text(statement), values)
            db.session.commit()

    def added(self, table: str) -> int:
        """How many rows the data set did not have: of messages those that somebody wrote."""
        written = "message_type <> 'activity'" if table == "messages" else "true"
        return self.one(f"SELECT count(*) FROM {table} WHERE id > :last AND {written}", last=self.last[table])

    def wait_for_jobs(self) -> None:
        """Until the worker has done what an earlier line has left: its time is that line's."""
        while self.one("SELECT count(*) FROM jobs WHERE every IS NULL AND due_at <= :now", now=clock.now()):
            time.sleep(PAUSE)

    def clean(self) -> None:
        """Take away what a run has added, so that the next one meets the same desk."""
        for table, last in self.last.items():
            self.change(f"DELETE FROM {table} WHERE id > :last", last=last)


def with_page_cookies(server: Server, key: Key, path: str) -> Key:
    """The key with the cookies that a browser would bring back after its first visit."""
    answer = client.ask(server.port, client.raw("GET", path, {"Cookie": key.cookie}))
    jar = dict([key.cookie.split("=", 1)])
    for line in answer.header_lines("set-cookie"):
        name, _, value = line.partition(";")[0].partition("=")
        jar[name.strip()] = value
    return Key("; ".join(f"{name}={value}" for name, value in jar.items()), key.token)


def compare(desk: Desk, line: Line, product: Server, floor: Server) -> Result:
    """Product, floor, product, floor …: processor time with one at a time, then the clock with sixteen."""
    result = Result(line)
    sides = ((product, result.product), (floor, result.floor))
    for server, _ in sides:
        _run(desk, line, server, Side(), line.count // 4, turn=0, concurrency=4)
    for turn in range(ROUNDS):
        for server, side in sides:
            before = server.cpu_ms()
            side.one += _run(desk, line, server, side, line.count, turn=turn, concurrency=1)
            side.cpu_ms += server.cpu_ms() - before
            side.sent += line.count
    for turn in range(ROUNDS // 2):
        for server, side in sides:
            side.many += _run(desk, line, server, side, AT_ONCE, turn=turn, concurrency=CONCURRENCY)
    return result


def alone(desk: Desk, line: Line, server: Server) -> float:
    """Processor time of a request, without the floor beside it: to see how a line grows with the data."""
    spent = 0.0
    for turn in range(ROUNDS + 1):
        before = server.cpu_ms()
        _run(desk, line, server, Side(), line.count, turn=turn, concurrency=1)
        spent += (server.cpu_ms() - before) if turn else 0  # the first one only warms up
    return spent / (ROUNDS * line.count)


def _run(
    desk: Desk, line: Line, server: Server, side: Side, count: int, *, turn: int, concurrency: int
) -> Timing:
    timing = client.load(server.port, line.requests(count, turn), concurrency=concurrency)
    if line.fills:
        side.lost += count - desk.added(line.fills)
        desk.clean()
    return timing
