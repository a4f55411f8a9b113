"""Telling the servers of others: how many deliveries a second, how soon, what the dead cost the living."""

import subprocess
import sys
import time
from dataclasses import dataclass
from dataclasses import field
from statistics import median

from bench import client
from bench.lines import AGENT
from bench.lines import API
from bench.lines import long_conversations
from bench.measure import Desk
from bench.outbox import Outbox
from bench.outbox import outbox
from bench.processes import Server
from bench.processes import product
from bench.receiver import Receiver
from bench.receiver import receiving
from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.webhooks.operations.claiming import claim
from dashboard.webhooks.operations.claiming import waiting_endpoints
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS

ROUNDS, DELIVERIES = 3, 2_000
GOOD, EACH, SLOW = (
    20,
    200,
    100,
)  # endpoints that answer, deliveries of each, and those of the one that does not
WAITING, CLAIMS = 100_000, 40
CLAIMED_OF, AT_ONCE = 4, 8  # endpoints of which one claim takes, and deliveries of each
QUIET = 3.0  # seconds that the product has with all that waits
SOON = 30  # messages with nothing else to do
WRITTEN, TURNS, WEBHOOKS = 80, 4, 3
MESSAGE = b'{"content": "Your parcel is on its way, it should be there tomorrow."}'
NOBODY = "http://127.0.0.1:9/hook"
TICK = 0.005


@dataclass
class Sending:
    """What one run has found out; rates are deliveries a second."""

    rates: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)  # of twenty endpoints that answer
    beside: list[float] = field(default_factory=list)  # of these, beside one that does not
    claims: list[float] = field(default_factory=list)  # milliseconds
    grown_mb: float = 0.0
    soon: list[float] = field(default_factory=list)  # milliseconds
    untold_ms: float = 0.0  # of the web process, for a message of which nobody is told
    told_ms: float = 0.0  # and for one of which three webhooks are told

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def of_bare(self) -> float:
        """Of each round by itself: both met the same noise."""
        return median(ours / theirs for ours, theirs in zip(self.rates, self.bare, strict=True))


def measure_sending(desk: Desk) -> Sending:
    """With receivers on this machine, which the product may reach for once."""
    found = Sending()
    with outbox(desk) as box:
        _claim_among_many(found, box)
    environ = {"OUTGOING_ALLOW": "127.0.0.0/8", "CLIENT_RATE_LIMIT": "1000000"}
    with receiving() as receiver, product(desk.data, **environ) as ours:
        for part in (_beside_the_bare_one, _as_messages_come, _beside_a_dead_one, _with_many_waiting):
            desk.wait_for_jobs()
            with outbox(desk) as box:
                part(found, box, receiver, ours)
    desk.clean()
    return found


def _claim_among_many(found: Sending, box: Outbox) -> None:
    """Most of them at one endpoint, some at twenty others; nothing else asks the database."""
    _fill_dead_one(box)
    others = box.add_endpoints([f"{NOBODY}/{number}" for number in range(GOOD)])
    box.fill(others, (CLAIMS + 1) * AT_ONCE, is_due=True)
    with box.desk.app.app_context():
        for turn in range(CLAIMS + 1):
            begun = time.perf_counter()
            rooms = [(address, AT_ONCE) for address in waiting_endpoints()[:CLAIMED_OF]]
            claims = claim(rooms)
            if turn:  # the first one is only to warm up
                found.claims.append((time.perf_counter() - begun) * 1000)
            db.session.remove()
            if len(claims) != CLAIMED_OF * AT_ONCE:
                raise SystemExit(f"Only {len(claims)} deliveries were claimed")


def _beside_the_bare_one(found: Sending, box: Outbox, receiver: Receiver, _: Server) -> None:
    """The same rows twice: the bare sender posts them, then they are due."""
    for turn in range(ROUNDS):
        name = f"turn{turn}"
        (endpoint,) = box.add_endpoints([receiver.url(name)])
        box.fill([endpoint], DELIVERIES)
        command = [sys.executable, "-m", "bench.bare", *map(str, box.numbers_of(endpoint))]
        subprocess.run(command, cwd=CHECKOUT, env=box.desk.data.environ, check=True)
        found.bare.append(_rate(receiver.until(name, DELIVERIES)))
        box.release([endpoint])
        came = receiver.until(name, 2 * DELIVERIES)[DELIVERIES:]
        while box.count("waiting", [endpoint]):
            time.sleep(TICK)
        found.rates.append(_rate([*came, time.monotonic()]))


def _beside_a_dead_one(found: Sending, box: Outbox, receiver: Receiver, _: Server) -> None:
    """By turns, all to the same twenty; the other one has its first request when it is first beside them."""
    good = box.add_endpoints([receiver.url(f"good/{number}") for number in range(GOOD)])
    dead = box.add_endpoints([receiver.url("never")])
    for turn in range(2 * ROUNDS + 1):
        is_beside = turn > ROUNDS
        box.fill(good, EACH)
        if turn == ROUNDS + 1:
            box.fill(dead, SLOW)
        box.release(good + dead if is_beside else good)
        came = receiver.until("good", (turn + 1) * GOOD * EACH)[turn * GOOD * EACH :]
        while box.count("waiting", good):
            time.sleep(TICK)
        if turn:  # the first one only warms up
            (found.beside if is_beside else found.alone).append(_rate(came))


def _with_many_waiting(found: Sending, box: Outbox, _: Receiver, ours: Server) -> None:
    """At an endpoint where nobody is: what the product holds more for that."""
    before = ours.pss_mb()
    _fill_dead_one(box)
    time.sleep(QUIET)
    found.grown_mb = ours.pss_mb() - before


def _fill_dead_one(box: Outbox) -> None:
    box.fill(box.add_endpoints([NOBODY]), WAITING, is_due=True)


def _as_messages_come(found: Sending, box: Outbox, receiver: Receiver, ours: Server) -> None:
    """First each by itself, then as fast as one client writes them, by turns with webhooks and without."""
    desk = box.desk
    key, conversations = desk.key_of(AGENT), long_conversations(desk, AGENT)

    def posts(name: int, how_many: int) -> list[bytes]:
        numbers = (conversations[(name * how_many + each) % len(conversations)] for each in range(how_many))
        token = {"api_access_token": key.token}
        return [
            client.raw("POST", f"{API}/1/conversations/{number}/messages", token, MESSAGE)
            for number in numbers
        ]

    box.add_endpoints([receiver.url("soon")], account=1, events=["message_created"])
    for number, request in enumerate(posts(0, SOON)):
        begun = time.monotonic()
        client.ask(ours.port, request)
        found.soon.append((receiver.until("soon", number + 1)[number] - begun) * 1000)
    spent = {0: 0.0, WEBHOOKS: 0.0}
    for turn in range(TURNS + 1):
        for webhooks in spent:
            box.clear()
            urls = [receiver.url(f"told/{number}") for number in range(webhooks)]
            box.add_endpoints(urls, account=1, events=SUBSCRIPTIONS)
            begun = ours.web_cpu_ms()
            client.load(ours.port, posts(turn, WRITTEN), concurrency=1)
            if turn:  # the first one only warms up
                spent[webhooks] += (ours.web_cpu_ms() - begun) / TURNS / WRITTEN
            receiver.until("told", (turn + bool(webhooks)) * WRITTEN * WEBHOOKS)
    found.untold_ms, found.told_ms = spent.values()


def _rate(moments: list[float]) -> float:
    """How many a second, from the first to the last of them."""
    return len(moments) / (max(moments) - min(moments))
