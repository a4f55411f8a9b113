"""Measures each line of the table: product and floor by turns, so that both meet the same noise."""

import json
import random
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from sqlalchemy import event
from sqlalchemy import text

from bench import client
from bench.client import NOTHING
from bench.client import Timing
from bench.datasets import DataSet
from bench.processes import Server
from bench.seed import LONG_EVERY
from dashboard import create_app
from dashboard.accounts.models import AccessToken
from dashboard.accounts.models import User
from dashboard.accounts.operations import start_session
from dashboard.extensions import db
from dashboard.extensions import write_intent

ROUNDS = 6
CONCURRENCY = 16
AT_ONCE = 400  # requests of a run with sixteen at once
API = "/api/v1/accounts"


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
    most_p99: float | None = None  # with sixteen at once
    writes: bool = False
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

    @property
    def cpu_per_request(self) -> float:
        return self.cpu_ms / self.sent


@dataclass
class Result:
    line: Line
    product: Side = field(default_factory=Side)
    floor: Side = field(default_factory=Side)
    queries: int | None = None
    size: int | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return self.product.cpu_per_request / self.floor.cpu_per_request


class Desk:
    """The data set from inside: keys to it, how many rows there are, how many questions a page asks."""

    def __init__(self, data: DataSet) -> None:
        self.data = data
        self.app = create_app(data.config)

    def key_of(self, email: str) -> Key:
        """A new session and the access token of a person."""
        with self.app.app_context():
            user = db.session.query(User).filter_by(email=email).one()
            token = db.session.query(AccessToken).filter_by(user_id=user.id).one().token
            session = {"_user_id": start_session(user), "_fresh": True, "_permanent": True}
        signer = self.app.session_interface.get_signing_serializer(self.app)
        return Key(f"{self.app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}", token)

    def queries_of(self, request: tuple[str, dict[str, str]]) -> int:
        """How many questions the database is asked for this page, with everything warm."""
        path, headers = request
        asked: list[str] = []

        def note(_: object, __: object, statement: str, *___: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "ROLLBACK")):
                asked.append(statement)

        browser = self.app.test_client(use_cookies=False)
        with self.app.app_context():
            engine = db.engine
        browser.get(path, headers=headers)
        event.listen(engine, "before_cursor_execute", note)
        browser.get(path, headers=headers)
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    def one(self, question: str, **values: object) -> int:
        with self.app.app_context():
            return int(db.session.execute(text(question), values).scalar() or 0)

    def change(self, statement: str, **values: object) -> None:
        """Put something right between two runs, past the product."""
        with self.app.app_context():
            write_intent.set(True)
            db.session.execute(text(statement), values)
            db.session.commit()


def with_page_cookies(server: Server, key: Key, path: str) -> Key:
    """The key with the cookies that a browser would bring back after its first visit."""
    answer = client.ask(server.port, client.raw("GET", path, {"Cookie": key.cookie}))
    jar = dict(pair.split("=", 1) for pair in [key.cookie])
    for line in answer.header_lines("set-cookie"):
        name, _, value = line.partition(";")[0].partition("=")
        jar[name.strip()] = value
    return Key("; ".join(f"{name}={value}" for name, value in jar.items()), key.token)


def compare(line: Line, product: Server, floor: Server, *, after_run: Callable[[], None]) -> Result:
    """Product, floor, product, floor …: processor time with one at a time, then the clock with sixteen."""
    result = Result(line)
    sides = ((product, result.product), (floor, result.floor))
    for server, _ in sides:
        client.load(server.port, line.requests(line.count // 4, -1), concurrency=4)
        after_run()
    for turn in range(ROUNDS):
        for server, side in sides:
            requests = line.requests(line.count, turn)
            before = server.cpu_ms()
            side.one += client.load(server.port, requests, concurrency=1)
            side.cpu_ms += server.cpu_ms() - before
            side.sent += len(requests)
            after_run()
    for turn in range(2):
        for server, side in sides:
            side.many += client.load(
                server.port, line.requests(AT_ONCE, ROUNDS + turn), concurrency=CONCURRENCY
            )
            after_run()
    return result


def alone(line: Line, server: Server, *, rounds: int = ROUNDS, after_run: Callable[[], None]) -> float:
    """Processor time of a request, without the floor beside it: to see how a line grows with the data."""
    client.load(server.port, line.requests(line.count // 2, -1), concurrency=1)
    after_run()
    spent = sent = 0.0
    for turn in range(rounds):
        requests = line.requests(line.count, turn)
        before = server.cpu_ms()
        client.load(server.port, requests, concurrency=1)
        spent, sent = spent + server.cpu_ms() - before, sent + len(requests)
        after_run()
    return spent / sent


def long_conversations(desk: Desk, email: str, how_many: int) -> list[int]:
    """Display ids of conversations with a long thread, from everywhere in the data, that the person may see."""
    rng = random.Random(1)
    numbers = rng.sample(
        range(1, desk.data.conversations // LONG_EVERY), min(400, desk.data.conversations // LONG_EVERY - 1)
    )
    wanted = ", ".join(str(number * LONG_EVERY) for number in numbers)
    question = f"""
        SELECT display_id FROM conversations JOIN inbox_members USING (inbox_id)
        JOIN users ON users.id = inbox_members.user_id
        WHERE account_id = 1 AND email = :email AND display_id IN ({wanted})
    """
    with desk.app.app_context():
        return list(db.session.scalars(text(question), {"email": email}))[:how_many]


def cycle(paths: Sequence[str], key: Key, count: int, turn: int) -> list[bytes]:
    headers = {"Cookie": key.cookie}
    return [client.raw("GET", paths[(turn * count + each) % len(paths)], headers) for each in range(count)]


def app_body(number: int) -> bytes:
    frame = {"type": "frame", "url": f"https://app{number % 7}.example.com/orders?n={number}"}
    return json.dumps({"title": f"Orders {number}", "content": [frame]}).encode()


def message_body(number: int) -> bytes:
    return json.dumps(
        {"content": f"Your parcel {number} is on its way, it should be there tomorrow."}
    ).encode()
