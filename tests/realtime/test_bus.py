"""Events between processes: the same three words, whatever carries them."""

import os
import threading
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.realtime.bus.exchange import Bus
from dashboard.realtime.bus.exchange import Transport
from dashboard.realtime.bus.pieces import Collector
from dashboard.realtime.bus.pieces import cut
from dashboard.realtime.bus.postgresql import PostgresqlTransport
from dashboard.realtime.bus.redis import RedisTransport
from dashboard.realtime.bus.topics import JOBS
from dashboard.realtime.bus.topics import ROOMS
from dashboard.realtime.bus.unix import UnixTransport
from dashboard.realtime.bus.unix import folder_for
from tests.support.postgres import Cluster
from tests.support.redis import RedisServer

SOON = 40.0


class Ear:
    """Hears a topic, and remembers it."""

    def __init__(self, bus: Bus, topic: str = ROOMS) -> None:
        self.heard: list[dict] = []
        self.something = threading.Condition()
        bus.listen(topic, self)

    def __call__(self, message: dict) -> None:
        with self.something:
            self.heard.append(message)
            self.something.notify_all()

    def wait_for(self, message: dict) -> list[dict]:
        with self.something:
            assert self.something.wait_for(lambda: message in self.heard, SOON), "it was not heard"
        return self.heard


class Way:
    """One kind of transport: `join()` is another process, as far as the bus can tell."""

    def __init__(self, transport: Callable[[Bus], Transport], restart: Callable[[], None] | None) -> None:
        self.transport = transport
        self.restart = restart
        self.joined: list[Bus] = []

    def join(self) -> Bus:
        bus = Bus()
        bus.connect(self.transport(bus))
        self.joined.append(bus)
        return bus


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(params=["unix", "redis", "postgresql"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    if request.param == "unix":
        folder = folder_for(tmp_path)
        way = Way(lambda bus: UnixTransport(folder, bus.name), None)
    elif request.param == "redis":
        server = request.getfixturevalue("redis_server")
        mark = tmp_path.name
        way = Way(lambda _: RedisTransport(server.url, mark=mark), server.restart)
    else:
        cluster = request.getfixturevalue("cluster")
        way = Way(lambda _: PostgresqlTransport(cluster.url), cluster.restart)
    yield way
    for bus in way.joined:
        bus.close()


def test_everybody_hears_everything_once_and_in_order(way: Way):
    one, two, three = way.join(), way.join(), way.join()
    ears = [Ear(bus) for bus in (one, two, three)]

    for number in range(300):
        one.publish(ROOMS, {"number": number})

    for ear in ears:
        assert ear.wait_for({"number": 299}) == [{"number": number} for number in range(300)]


def test_who_listens_to_something_else_hears_nothing_of_it(way: Way):
    one, two = way.join(), way.join()
    jobs, rooms = Ear(two, JOBS), Ear(two, ROOMS)

    one.publish(JOBS, {"is": "due"})
    one.publish(ROOMS, {"is": "said"})

    assert rooms.wait_for({"is": "said"}) == [{"is": "said"}]
    assert jobs.wait_for({"is": "due"}) == [{"is": "due"}]


def test_a_message_may_be_large(way: Way):
    one, two = way.join(), way.join()
    ear = Ear(two)
    large = {"text": os.urandom(400_000).hex() + "ж" * 150_000}

    one.publish(ROOMS, {"text": "before"})
    one.publish(ROOMS, large)
    one.publish(ROOMS, {"text": "after"})

    assert ear.wait_for({"text": "after"}) == [{"text": "before"}, large, {"text": "after"}]


def test_a_server_that_was_away_is_found_again_and_those_who_may_have_missed_something_are_told(way: Way):
    if way.restart is None:
        return  # there is none
    one, two = way.join(), way.join()
    ear, gap = Ear(two), threading.Event()
    two.on_gap = gap.set
    one.publish(ROOMS, {"number": 1})
    ear.wait_for({"number": 1})

    way.restart()

    assert gap.wait(SOON)
    one.publish(ROOMS, {"number": 2})
    assert ear.wait_for({"number": 2}) == [{"number": 1}, {"number": 2}]


def test_who_has_left_is_not_waited_for_nor_missed(tmp_path: Path):
    folder = folder_for(tmp_path)
    one, two, gone = (Bus() for _ in range(3))
    for bus in (one, two, gone):
        bus.connect(UnixTransport(folder, bus.name))
    assert not one.is_heard(ROOMS)
    ear = Ear(two)
    (folder / f"{ROOMS}.{gone.name}").touch()  # as a process leaves it that was killed
    assert one.is_heard(ROOMS)

    one.publish(ROOMS, {"number": 1})
    one.publish(ROOMS, {"number": 2})

    ear.wait_for({"number": 2})
    two.hush(ROOMS)
    assert not one.is_heard(ROOMS)
    for bus in (one, two, gone):
        bus.close()


def test_a_long_path_has_its_sockets_in_a_short_place(tmp_path: Path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)

    folder = folder_for(deep)

    assert len(str(folder)) < 60
    assert folder == folder_for(deep) != folder_for(tmp_path)
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()


def test_pieces_come_together_in_any_order_and_from_several_senders():
    one, two = "one" * 5_000, "Größe" * 4_000
    collector = Collector()
    pieces = [("a", piece) for piece in cut(one + os.urandom(9_000).hex(), largest=7_900)]
    pieces += [("b", piece) for piece in cut(two + os.urandom(9_000).hex(), largest=7_900)]
    assert all(len(piece.encode()) <= 7_900 for _, piece in pieces)

    whole = [text for sender, piece in reversed(pieces) if (text := collector.add(sender, piece))]

    assert [text[:5] for text in whole] == ["Größe", "oneon"]
    assert collector.parts == {}


def test_what_fits_goes_as_it_is():
    assert cut("hello", largest=100) == ["=hello"]
