"""A desk of flesh and blood: what `make run` starts, on a port of its own, with data of its own."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.sessions import SecureCookieSessionInterface

from dashboard import create_app
from dashboard.config import CHECKOUT
from dashboard.config import Config
from dashboard.extensions import db
from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.bus.exchange import connect
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.factories import PASSWORD

SYSTEMS_PORTS = 32_768  # from here on the system takes ports by itself, also those that were free just now
ADDRESS = re.compile(rb"http://\S+")


@dataclass(frozen=True)
class Person:
    """Somebody of the cast as the world outside knows them: no rows, no session."""

    id: int
    name: str
    email: str
    token: str
    password: str = PASSWORD


@dataclass(frozen=True)
class Desk:
    """A fresh account on a running server, with its cast."""

    account_id: int
    other_account_id: int
    inbox_id: int
    ada: Person
    bo: Person
    cy: Person
    eve: Person


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]


def free_port() -> int:
    """A port that stays free until somebody asks for it by its number, and so does the one after it."""
    while True:
        port = 20_000 + secrets.randbelow((SYSTEMS_PORTS - 20_000) // 2) * 2
        with suppress(OSError), ExitStack() as stack:
            for number in (port, port + 1):
                stack.enter_context(socket.create_server(("127.0.0.1", number)))
            return port


class Api:
    """A client of the JSON API over a real connection."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.headers = {"api_access_token": token} if token else {}

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, body: Any = None) -> Answer:
        return self.request("POST", path, body)

    def patch(self, path: str, body: Any = None) -> Answer:
        return self.request("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self.request("DELETE", path)

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Bytes are sent as they are, anything else as JSON."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {**self.headers, "Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.url + path, data=content, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return _answer(response)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error)


class Server:
    """`start()` returns when the desk answers. Its own words are in `log`."""

    def __init__(
        self, folder: Path, database_url: str | None = None, *, checkout: Path = CHECKOUT, **environ: str
    ) -> None:
        self.folder = folder
        self.checkout = checkout
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "server.log"
        settings = {"DATA_DIR": str(folder / "data"), "PORT": "0", **environ}
        if database_url is not None:
            settings["DATABASE_URL"] = database_url
        names = {"HOST", "DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "TRUSTED_PROXIES", "REQUIRE_HTTPS_APPS"}
        names |= {"REDIS_URL", "WEB_PROCESSES"}
        self.environ = {
            **{name: value for name, value in os.environ.items() if name not in names},
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> "Server":
        command = [sys.executable, "-m", "dashboard.server.supervisor"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.checkout, env=self.environ, stdout=subprocess.PIPE, stderr=log
            )
        self.lines = [self.process.stdout.readline()]
        while self.lines[-1] and not ADDRESS.search(self.lines[-1]):
            self.lines.append(self.process.stdout.readline())
        found = ADDRESS.search(self.lines[-1])
        assert found, f"the server did not start:\n{self.log.read_text()}"
        self.url = found[0].decode()
        return self

    def stop(self) -> int:
        """End it as Ctrl-C would, and say how it ended."""
        if self.process is None:
            return 0
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def web_processes(self) -> list[int]:
        """The processes that answer, as the supervisor has them just now."""
        command = ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)]
        lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
        return [int(line.split()[0]) for line in lines if "dashboard.server.web" in line]

    def api(self, token: str | None = None) -> Api:
        return Api(self.url, token)

    def run(self, *arguments: str, input: str | None = None) -> Any:
        """`flask --app wsgi …` beside the running server; what it prints, read as JSON where it is."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(
            command,
            cwd=self.checkout,
            env=self.environ,
            input=input,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    @contextmanager
    def work(self) -> Iterator[None]:
        """Use factories and verbs on the server's own database: all is written at the end of the block, and
        what verbs tell is heard by the server."""
        if not hasattr(self, "_app"):
            self._app = create_app(Config.from_environment(self.environ))
        connect(self._app.config["DESK"])
        try:
            with self._app.app_context():
                yield
                db.session.commit()
        finally:
            bus.close()

    def cookie(self, session_token: str) -> str:
        """The Cookie header of a browser with that session."""
        serializer = SecureCookieSessionInterface().get_signing_serializer(self._app)
        assert serializer is not None
        return f"deskframe={serializer.dumps({'_user_id': session_token})}"

    def make_desk(self) -> Desk:
        with self.work():
            return _desk_of(make_cast())


def _desk_of(cast: Cast) -> Desk:
    people = {
        name: Person(user.id, user.name, user.email, cast.token(user))
        for name, user in {"ada": cast.ada, "bo": cast.bo, "cy": cast.cy, "eve": cast.eve}.items()
    }
    return Desk(cast.acme.id, cast.other.id, cast.inbox.id, **people)


def _answer(response: Any) -> Answer:
    text = response.read().decode()
    is_json = "json" in response.headers.get("Content-Type", "")
    return Answer(response.status, json.loads(text) if is_json and text else text, response.headers)
