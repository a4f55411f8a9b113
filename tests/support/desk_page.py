"""A desk of one page around the real frame host: a test may hand it any apps, contexts and addresses."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from jinja2 import Environment
from jinja2 import FileSystemLoader

ROOT = Path(__file__).parents[2]
DESK = ROOT / "tests" / "fixtures" / "desk"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self.server.desk.get(self)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        told = (self.path, parse_qs(self.rfile.read(length).decode()), self.headers.get("X-CSRFToken"))
        if self.path.startswith("/learn/"):
            self.server.desk.learned.append(told)
        self.send("", status=204)

    def send(self, body: str | bytes, kind: str = "text/html; charset=utf-8", *, status: int = 200) -> None:
        content = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", self.server.desk.policy)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """A quiet server."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    desk: "DeskPage"

    def handle_error(self, *_: object) -> None:
        """A browser that leaves in the middle of an answer is no error."""


class DeskPage:
    """`apps` and `contexts` may be changed at any time; the next page or fragment tells them."""

    def __init__(self, apps: list[dict[str, Any]], contexts: dict[str, dict[str, Any]]) -> None:
        self.apps = apps
        self.contexts = contexts
        self.theme = ""
        self.frame_origins: list[str] | None = None
        self.learned: list[tuple[str, dict[str, list[str]], str | None]] = []
        self.held: dict[str, threading.Event] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.desk = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._templates = Environment(loader=FileSystemLoader([DESK, ROOT / "templates"]))
        self._templates.filters["inspected"] = lambda _: ""  # nobody may
        self._templates.globals.update(_=_say, once=_as_it_is, sprite="/static/icons.svg")
        self._templates.filters["inspected"] = lambda _: ""  # nobody here may look into an app
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def policy(self) -> str:
        origins = self.origins if self.frame_origins is None else self.frame_origins
        return (
            "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; "
            f"frame-src {' '.join(origins) or chr(39) + 'none' + chr(39)}; frame-ancestors 'none'"
        )

    @property
    def origins(self) -> list[str]:
        return sorted({frame["origin"] for app in self.apps for frame in app["frames"]})

    def get(self, request: _Handler) -> None:
        path = urlsplit(request.path).path
        if path.startswith("/static/"):
            file = ROOT / path.strip("/")
            request.send(file.read_bytes() if file.is_file() else b"", TYPES[file.suffix])
        elif path == "/desk.css":
            request.send((DESK / "desk.css").read_bytes(), TYPES[".css"])
        else:
            self._page(request, path.strip("/"))

    def context_of(self, key: str) -> dict[str, Any]:
        return {"key": key, "data": self.contexts[key]}

    def _page(self, request: _Handler, key: str) -> None:
        if key not in self.contexts:
            request.send("nothing here", status=404)
            return
        is_fragment = request.headers.get("HX-Request") == "true"
        if is_fragment and key in self.held:
            self.held[key].wait(30)
        context = json.dumps(self.context_of(key)).replace("<", "\\u003c")
        inside = self._render("inside.html", key=key, context=context)
        apps_block = self._render("apps.html", is_fragment=is_fragment)
        if is_fragment:
            request.send(inside + apps_block)
        else:
            request.send(self._render("page.html", key=key, inside=inside, apps_block=apps_block))

    def _render(self, template: str, **values: object) -> str:
        found = self._templates.get_template(template)
        return found.render(desk=self, g={"frame_origins": self.origins}, **values)


def _say(message: str, **values: object) -> str:
    return message % values if values else message


def _as_it_is(macro: object) -> object:
    """The product keeps what its small macros made; here each is asked again."""
    return macro


def make_context(name: str, **more: Any) -> dict[str, Any]:
    return {
        "conversation": {"id": 1, "status": "open", "contact": {"id": 9, "name": name}},
        "contact": {"id": 9, "name": name, "email": None},
        "currentAgent": {"id": 7, "name": "Bo", "email": "bo@acme.example"},
        "customAttributes": [],
        **more,
    }


def make_app(number: int, *urls: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"App {number}",
        "format": "chatwoot",
        "reload": False,
        "places": ["side"],
        "frames": [{"url": url, "origin": "/".join(url.split("/")[:3])} for url in urls],
        "learn_url": f"/learn/{number}",
        **more,
    }


@contextmanager
def desk_page(apps: list[dict[str, Any]], contexts: dict[str, dict[str, Any]]) -> Iterator[DeskPage]:
    desk = DeskPage(apps, contexts)
    try:
        yield desk
    finally:
        desk.stop()
