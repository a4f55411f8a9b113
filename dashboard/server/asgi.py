"""The shell around Flask: what the server lets through, and what it answers without taking a thread."""

import asyncio
import json
import logging
import resource
import secrets
import sys
import time
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import MutableMapping
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

from dashboard.config import Config
from dashboard.http import logs
from dashboard.http.cors import OPEN_TO_EVERY_ORIGIN
from dashboard.http.sessions import session_token_in
from dashboard.lib.files import LARGEST_MESSAGE
from dashboard.lib.storage import NotStored
from dashboard.lib.storage import storage_of
from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.socket.cable import Cable
from dashboard.server import bodies
from dashboard.server import database
from dashboard.server import downloads
from dashboard.server.addresses import client_address
from dashboard.server.addresses import forwarded_scheme
from dashboard.server.addresses import is_our_host
from dashboard.server.files import StaticFiles

THREADS = 16
QUEUE = 128  # requests that may wait for a thread; the next one is told to come back
BODY_TIMEOUT = 30.0  # seconds for a whole body to arrive
OTHER_FILES = 256  # what the process has open beside its sockets, at the most
LINGER = 5.0  # seconds that a refused sender gets to notice

# Chatwoot's clients send these very names. Every other header with an underscore is dropped: WSGI spells
# `X-Forwarded-For` and `X_Forwarded_For` alike, so one could be smuggled in as the other.
UNDERSCORED = {b"api_access_token", b"http_api_access_token"}
DROPPED = {b"proxy", b"transfer-encoding", b"content-length"}

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

log = logging.getLogger(__name__)


@dataclass
class Answer:
    """A whole answer. It is collected before it is sent, so that a slow reader holds no thread."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    download: downloads.Download | None = None  # a file that follows, instead of pieces

    async def collect(self, message: Message) -> None:
        """Take what Flask sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.pieces.append(message.get("body", b""))


class Refused(Exception):
    """A request that does not reach Flask."""

    def __init__(self, status: int, error: str, *, headers: Headers | None = None) -> None:
        super().__init__(error)
        self.answer = _json(status, {"error": error}, headers)


class Shell:
    """The ASGI app that `make run` serves."""

    def __init__(
        self,
        app: Flask,
        config: Config,
        *,
        threads: int = THREADS,
        queue: int = QUEUE,
        body_timeout: float = BODY_TIMEOUT,
    ) -> None:
        self.config = config
        self.body_timeout = body_timeout
        self.flask = WSGIMiddleware(app, workers=threads)  # type: ignore[arg-type]
        self.static = StaticFiles(Path(str(app.static_folder)), str(app.static_url_path))
        self.cable = Cable(
            bus,
            context=app.app_context,
            read_cookie=partial(session_token_in, app),
            public_url=config.public_url,
            most_sockets=_most_sockets(),
        )
        self.limit = threads + queue
        self.in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)

    async def end(self) -> None:
        """Send the sockets away: they come back to whoever takes over."""
        await self.cable.end("server_restart")

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket: there is one kind, at one address."""
        is_ours = is_our_host(",".join(_header_lines(scope, b"host")), self.config.public_url)
        if scope["path"] == "/cable" and is_ours:
            await self.cable.serve(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        number = secrets.token_hex(8)
        logs.request_id.set(number)
        state: dict[str, Any] = {"user_id": None}
        is_refused = False
        try:
            answer = await self._answer(scope, receive, state)
        except bodies.Gone:
            return
        except Refused as refused:
            answer, is_refused = refused.answer, True
        except Exception:
            log.exception("%s failed outside Flask", scope["method"])
            answer = _json(500, {"error": "Internal Server Error"})
        if is_refused and scope["path"].startswith(OPEN_TO_EVERY_ORIGIN):
            answer.headers.append((b"access-control-allow-origin", b"*"))
        answer.headers.append((b"x-request-id", number.encode()))
        logs.log_request(
            scope["method"],
            scope["path"],
            status=answer.status,
            milliseconds=(time.perf_counter() - started) * 1000,
            user_id=state["user_id"],
        )
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if is_refused and _sends_body(scope):
            await send({"type": "http.response.body", "body": b"".join(answer.pieces), "more_body": True})
            await bodies.discard(receive, seconds=LINGER)
            await send({"type": "http.response.body", "body": b""})
        elif answer.download is not None:
            await _send_file(answer.download, send, with_content=scope["method"] != "HEAD")
        else:
            await send({"type": "http.response.body", "body": b"".join(answer.pieces)})

    async def _answer(self, scope: Scope, receive: Receive, state: dict[str, Any]) -> Answer:
        path = scope["path"]
        if path == "/healthz":
            return _json(200, {"status": "ok"})
        if path == "/readyz":
            return await self._readiness()
        if not is_our_host(",".join(_header_lines(scope, b"host")), self.config.public_url):
            raise Refused(400, "This desk has another address.")
        if self.static.owns(scope["method"], path):
            file = await asyncio.to_thread(self.static.read, path, _header(scope, b"if-none-match").encode())
            if file is not None:
                return Answer(file.status, file.headers, [file.body])
        answer = await self._ask_flask(scope, receive, state)
        key = downloads.key_in(answer.headers)
        return answer if key is None else await self._file(key, answer, scope)

    async def _file(self, key: str, answer: Answer, scope: Scope) -> Answer:
        """The file that Flask named: it sends none itself, a slow reader would hold its thread."""
        asked = {name: _header(scope, name.encode()) for name in ("range", "if-range", "if-none-match")}
        given = {name: value for name, value in asked.items() if value}
        try:
            storage = storage_of(self.config)
            download = await downloads.prepared(storage, key, answer.headers, given)
        except NotStored:
            return _json(404, {"error": "The file is gone."})
        return Answer(download.status, download.headers, download=download)

    async def _readiness(self) -> Answer:
        found = await asyncio.to_thread(database.state_of, self.config)
        if found is database.State.CURRENT:
            return _json(200, {"status": "ready"})
        return _json(503, {"status": "unavailable", "database": found.value})

    async def _ask_flask(self, scope: Scope, receive: Receive, state: dict[str, Any]) -> Answer:
        self._check_room()
        body = await self._body(scope, receive)
        try:
            self._check_room()  # others may have come while the body did
            self.in_flight += 1
            try:
                answer = Answer()
                inner = {
                    **scope,
                    **self._believed(scope),
                    "headers": _kept_headers(scope, body),
                    "state": state,
                }
                await self.flask(inner, body.receive, answer.collect)  # type: ignore[arg-type]
                return answer
            finally:
                self.in_flight -= 1
        finally:
            body.close()

    def _check_room(self) -> None:
        if self.in_flight >= self.limit:
            raise Refused(503, "The desk is busy, try again in a moment.", headers=[(b"retry-after", b"1")])

    async def _body(self, scope: Scope, receive: Receive) -> bodies.Body:
        body = bodies.Body(self.config.incoming_dir, largest=_largest(scope))
        if not _sends_body(scope):
            return body
        try:
            if int(_header(scope, b"content-length") or 0) > body.largest:
                raise bodies.TooLarge
            await body.read_from(receive, patience=self.body_timeout)
        except bodies.TooLarge:
            body.close()
            raise Refused(413, "The body is too large.", headers=[(b"connection", b"close")]) from None
        except TimeoutError:
            body.close()
            raise Refused(408, "The body did not arrive.", headers=[(b"connection", b"close")]) from None
        except bodies.NoRoom:
            body.close()
            log.error("no room on the disk for what is sent")
            raise Refused(507, "The disk of the desk is full.", headers=[(b"connection", b"close")]) from None
        return body

    def _believed(self, scope: Scope) -> Scope:
        """Where the request comes from, by TRUSTED_PROXIES and not by what it says of itself."""
        peer, port = scope.get("client") or ("", 0)
        trusted = self.config.trusted_proxies
        scheme = forwarded_scheme(peer, _header_lines(scope, b"x-forwarded-proto"), trusted)
        return {
            "client": (client_address(peer, _header_lines(scope, b"x-forwarded-for"), trusted), port),
            "scheme": scheme or scope["scheme"],
        }


def _most_sockets() -> int:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if files == resource.RLIM_INFINITY else files - OTHER_FILES


def _kept_headers(scope: Scope, body: bodies.Body) -> Headers:
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name not in DROPPED and (b"_" not in name or name in UNDERSCORED)
    ]
    return [*kept, (b"content-length", str(body.size).encode())] if _sends_body(scope) else kept


def _largest(scope: Scope) -> int:
    """Only a message may have many files."""
    is_form = _header(scope, b"content-type").startswith("multipart/form-data")
    is_message = is_form and scope["path"].rstrip("/").endswith("/messages")
    return LARGEST_MESSAGE if is_message else bodies.LARGEST


async def _send_file(download: downloads.Download, send: Send, *, with_content: bool) -> None:
    if with_content:
        async for piece in download.pieces():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    download.file.close()
    await send({"type": "http.response.body", "body": b""})


def _sends_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


def _header(scope: Scope, name: bytes) -> str:
    lines = _header_lines(scope, name)
    return lines[0] if lines else ""


def _header_lines(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _json(status: int, content: dict[str, str], headers: Headers | None = None) -> Answer:
    body = json.dumps(content).encode()
    usual = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    return Answer(status, [*usual, *(headers or [])], [body])
