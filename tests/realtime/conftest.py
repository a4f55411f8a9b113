"""Sockets to a running desk."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.servers import Server
from tests.support.sockets import Socket
from tests.support.sockets import opened


@pytest.fixture
def connect(live: Server) -> Iterator[Callable[..., Socket]]:
    """`connect()`: a socket to the desk; `connect(server)`: to another one."""
    with ExitStack() as stack:

        def opens(server: Server = live, **options: object) -> Socket:
            return stack.enter_context(opened(server.url, **options))

        yield opens
