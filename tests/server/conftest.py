"""The shell on a real socket, around any small app."""

import threading
from collections.abc import Callable
from collections.abc import Iterator
from http.client import HTTPConnection
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from flask import Flask

from dashboard.config import Config
from dashboard.server.asgi import Shell
from dashboard.server.web import SETTINGS


class Served:
    """A shell that listens on a port of its own."""

    def __init__(self, shell: Shell) -> None:
        self.started = threading.Event()
        self.shell = shell
        outer = self

        class Server(uvicorn.Server):
            async def startup(self, sockets: Any = None) -> None:
                await super().startup(sockets)
                outer.port = self.servers[0].sockets[0].getsockname()[1]
                outer.started.set()

        self.port = 0
        self.server = Server(uvicorn.Config(shell, host="127.0.0.1", port=0, **SETTINGS))
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        assert self.started.wait(20)

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, path: str, *, method: str = "GET", **options: Any) -> HTTPResponse:
        connection = self.connect()
        connection.request(method, path, **options)
        return connection.getresponse()

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """`serve(flask_app, environ={"PUBLIC_URL": …}, threads=2)`."""
    running: list[Served] = []

    def start(app: Flask, *, environ: dict[str, str] | None = None, **limits: Any) -> Served:
        config = Config.from_environment({"DATA_DIR": str(tmp_path / "data"), **(environ or {})})
        running.append(Served(Shell(app, config, **limits)))
        return running[-1]

    yield start
    for served in running:
        served.stop()
