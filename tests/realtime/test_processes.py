"""Several processes serve one desk: nobody misses anything, whatever restarts."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.claims import agent
from tests.support.databases import Databases
from tests.support.factories import make_conversation
from tests.support.postgres import Cluster
from tests.support.redis import RedisServer
from tests.support.servers import Desk
from tests.support.servers import Server
from tests.support.sockets import SOON
from tests.support.sockets import Socket
from tests.support.sockets import opened

SOCKETS = 16
MESSAGES = 40


class Story:
    """A desk with a conversation in which Ada writes while Bo listens."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.desk: Desk = server.make_desk()
        self.bo = agent(server, self.desk, self.desk.bo)
        with server.work():
            conversation = make_conversation(db.session.get_one(Inbox, self.desk.inbox_id))
            self.path = f"/api/v1/accounts/{self.desk.account_id}/conversations/{conversation.display_id}"

    def write(self, number: int) -> int:
        api = self.server.api(self.desk.ada.token)
        answer = api.post(f"{self.path}/messages", {"content": f"Message {number}"})
        assert answer.status == 200, answer
        return answer.body["id"]


@pytest.fixture(params=["unix", "redis", "postgresql"])
def story(
    request: pytest.FixtureRequest, databases: Databases, migrated: str, tmp_path: Path
) -> Iterator[Story]:
    """Two web processes, and each kind of bus between them."""
    with ExitStack() as stack:
        environ, url = {"WEB_PROCESSES": "2"}, databases.new(copy_of=migrated)
        if request.param == "redis":
            redis = RedisServer().start()
            stack.callback(redis.stop)
            environ["REDIS_URL"] = redis.url
        elif request.param == "postgresql" and url.startswith("sqlite"):
            cluster = Cluster()
            cluster.start()
            stack.callback(cluster.stop)
            url = cluster.url
        server = Server(tmp_path, url, **environ)
        server.start()
        stack.callback(server.stop)
        yield Story(server)


def put_to_sleep(process: int) -> None:
    os.kill(process, signal.SIGSTOP)
    while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        threading.Event().wait(0.01)


def test_everybody_hears_everything_once(story: Story):
    processes = story.server.web_processes()
    assert len(processes) == 2
    with ExitStack() as stack:
        sockets = []
        # Each is to have half of the sockets; a few at a time, for who sleeps takes in little.
        for asleep in processes * 2:
            put_to_sleep(asleep)
            sockets += [
                stack.enter_context(opened(story.server.url)).subscribe(**story.bo)
                for _ in range(SOCKETS // 4)
            ]
            os.kill(asleep, signal.SIGCONT)

        written = [story.write(number) for number in range(MESSAGES)]

        for socket in sockets:
            heard = [socket.hear("message.created")["id"] for _ in written]
            assert sorted(heard) == written  # what two processes tell may come in any order


class Listener(threading.Thread):
    """A client as it should be: comes back when it is sent away, and asks for what came after its last."""

    def __init__(self, story: Story, until: threading.Event) -> None:
        super().__init__(daemon=True)
        self.story = story
        self.until = until
        self.known: list[int] = []
        self.connections = 0
        self.hears = threading.Event()

    def run(self) -> None:
        while not self.until.is_set():
            try:
                with opened(self.story.server.url, open_timeout=20) as socket:
                    self.connections += 1
                    self._listen(socket.subscribe(**self.story.bo))
            except (WebSocketException, OSError, AssertionError):
                continue

    def _listen(self, socket: Socket) -> None:
        api = self.story.server.api(self.story.desk.bo.token)
        self.hears.set()
        after = max(self.known, default=0) - 20  # what two processes tell comes in any order
        for message in api.get(f"{self.story.path}/messages?after={max(after, 0)}").body["payload"]:
            self._note(message)
        while not self.until.is_set():
            try:
                frame = socket.take(seconds=0.2)
            except TimeoutError:
                continue
            if frame.get("message", {}).get("event") == "message.created":
                self._note(frame["message"]["data"])

    def _note(self, message: dict) -> None:
        if message["id"] not in self.known:
            self.known.append(message["id"])


def test_nothing_is_lost_while_all_processes_are_replaced(story: Story):
    end = threading.Event()
    listeners = [Listener(story, end) for _ in range(6)]
    for listener in listeners:
        listener.start()
    for listener in listeners:
        assert listener.hears.wait(SOON)
    old = set(story.server.web_processes())
    written = [story.write(number) for number in range(10)]

    story.server.process.send_signal(signal.SIGHUP)
    while set(story.server.web_processes()) & old:
        written.append(story.write(len(written)))
    written += [story.write(number) for number in range(10)]

    last = opened(story.server.url)
    with last as socket:  # whoever comes now hears of the very last one, and so has everybody else by then
        socket.subscribe(**story.bo)
        written.append(story.write(len(written)))
        socket.hear("message.created")
    for _ in range(300):
        if all(set(written) <= set(listener.known) for listener in listeners):
            break
        threading.Event().wait(0.1)
    end.set()
    for listener in listeners:
        listener.join()
    assert [sorted(listener.known) for listener in listeners] == [written] * len(listeners)
    assert all(listener.connections >= 2 for listener in listeners)
