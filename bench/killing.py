"""Messages posted while the worker is killed twice: `python -m bench.killing [MESSAGES]` says what arrived.

Each time it is killed when a request is at the receiver and unanswered: sent, and not yet noted.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.webhooks.models import Endpoint
from tests.support.factories import make_conversation
from tests.support.servers import Server

CONVERSATIONS = 100
AT_ONCE = 4  # who post
KILLS = 2
PATIENCE = 600.0  # seconds: what a killed worker had in hand is free again after a minute


@dataclass(frozen=True)
class Arrival:
    delivery: str
    conversation: int
    message: int


@dataclass(frozen=True)
class Figures:
    """What arrived of what was posted."""

    posted: int
    missing: int
    repeated: int
    out_of_order: int

    @property
    def is_good(self) -> bool:
        return self.missing == 0 and self.out_of_order == 0


class Receiver:
    """A server that keeps who came, and on demand lets everybody wait for an answer."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.came = threading.Condition()
        self.is_held = False
        self.known: set[int] = set()  # messages
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.take = self.take
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def take(self, arrival: Arrival) -> None:
        with self.came:
            self.arrivals.append(arrival)
            self.known.add(arrival.message)
            self.came.notify_all()
            self.came.wait_for(lambda: not self.is_held, PATIENCE)

    @contextmanager
    def holding_one(self) -> Iterator[None]:
        """Within, somebody has sent and waits for an answer."""
        with self.came:
            self.is_held, before = True, len(self.arrivals)
            assert self.came.wait_for(lambda: len(self.arrivals) > before, PATIENCE)
        yield
        with self.came:
            self.is_held = False
            self.came.notify_all()

    def wait_for_all(self, messages: int) -> None:
        with self.came:
            self.came.wait_for(lambda: len(self.known) >= messages, PATIENCE)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    take: Callable[[Arrival], None]

    def handle_error(self, *_: object) -> None:
        """Whoever is killed hangs up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        arrival = Arrival(self.headers["X-Chatwoot-Delivery"], told["conversation"]["id"], told["id"])
        self.server.take(arrival)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The figures say it."""


def post_and_kill(
    messages: int, *, post: Callable[[int], None], kill: Callable[[], None], receiver: Receiver
) -> Figures:
    """Post that many, `post(number)` each, and meanwhile kill who sends."""
    third = messages // (KILLS + 1)
    with ThreadPoolExecutor(AT_ONCE) as people:
        for part in range(KILLS + 1):
            posted = _start(
                people, post, range(part * third, messages if part == KILLS else part * third + third)
            )
            if part < KILLS:
                with receiver.holding_one():
                    kill()
            for each in posted:
                each.result()
    receiver.wait_for_all(messages)
    return judge(receiver.arrivals, posted=messages)


def _start(people: ThreadPoolExecutor, post: Callable[[int], None], numbers: range) -> list["Future[None]"]:
    """Each of them has conversations of its own: there, what is posted later has the greater number."""

    def post_all(some: list[int]) -> None:
        for number in some:
            post(number)

    shares = [[number for number in numbers if number % AT_ONCE == each] for each in range(AT_ONCE)]
    return [people.submit(post_all, share) for share in shares]


def judge(arrivals: list[Arrival], *, posted: int) -> Figures:
    """In which order they came for the first time is what counts: under the number of a delivery that is
    repeated, a receiver takes the first."""
    first: dict[int, Arrival] = {}
    for arrival in arrivals:
        first.setdefault(arrival.message, arrival)
    newest: dict[int, int] = {}
    late = 0
    for arrival in first.values():
        late += arrival.message < newest.get(arrival.conversation, 0)
        newest[arrival.conversation] = max(arrival.message, newest.get(arrival.conversation, 0))
    numbers = {(arrival.delivery, arrival.message) for arrival in arrivals}
    assert len(numbers) == len(first), "a message came under two numbers"
    return Figures(posted, posted - len(first), len(arrivals) - len(first), late)


def main(messages: int) -> int:
    """On a desk as `make run` starts it, over the API."""
    receiver = Receiver()
    with TemporaryDirectory() as folder:
        desk = Server(Path(folder) / "desk", os.environ.get("DATABASE_URL"), OUTGOING_ALLOW="127.0.0.0/8")
        desk.start()
        try:
            began = time.perf_counter()
            found = post_and_kill(
                messages, post=_poster(desk, receiver), kill=lambda: _kill_worker(desk), receiver=receiver
            )
            seconds = time.perf_counter() - began
        finally:
            desk.stop()
            receiver.stop()
    print(
        f"{found.posted} messages in {CONVERSATIONS} conversations, {KILLS} kills, {seconds:.0f} s: "
        f"{found.missing} missing, {found.repeated} repeated, {found.out_of_order} out of order."
    )
    return 0 if found.is_good else 1


def _poster(desk: Server, receiver: Receiver) -> Callable[[int], None]:
    here = desk.make_desk()
    account = f"/api/v1/accounts/{here.account_id}"
    with desk.work():
        db.session.add(Endpoint(account_id=here.account_id, url=receiver.url, events=["message_created"]))
        inbox = db.session.get_one(Inbox, here.inbox_id)
        numbers = [make_conversation(inbox).display_id for _ in range(CONVERSATIONS)]
    api = desk.api(here.bo.token)

    def post(number: int) -> None:
        path = f"{account}/conversations/{numbers[number % CONVERSATIONS]}/messages"
        assert api.post(path, {"content": f"Number {number}"}).status == 200

    return post


def _kill_worker(desk: Server) -> None:
    command = ["ps", "-o", "pid=,args=", "--ppid", str(desk.process.pid)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    (worker,) = (int(line.split()[0]) for line in lines if "dashboard.server.worker" in line)
    os.kill(worker, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
