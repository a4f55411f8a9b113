"""A running desk, and sockets to it."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.databases import Databases
from tests.support.servers import Desk
from tests.support.servers import Server
from tests.support.sockets import Socket
from tests.support.sockets import opened


@pytest.fixture(scope="module")
def live(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The desk as `make run` starts it."""
    server = Server(tmp_path_factory.mktemp("live"), databases.new(copy_of=migrated))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(live: Server) -> Desk:
    """Two fresh accounts with the cast in them."""
    return live.make_desk()


@pytest.fixture
def connect(live: Server) -> Iterator[Callable[..., Socket]]:
    """`connect()`: a socket to the desk; `connect(server)`: to another one."""
    with ExitStack() as stack:

        def opens(server: Server = live, **options: object) -> Socket:
            return stack.enter_context(opened(server.url, **options))

        yield opens
