"""A desk of one page around the real frame host: it lets a test hand the host any apps, contexts and addresses."""

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

ROOT = Path(__file__).parent.parent.parent
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

PAGE = """<!doctype html>
<html lang="en" data-theme="{{ desk.theme }}"><head><meta charset="utf-8"><title>{{ key }}</title>
<link rel="stylesheet" href="/static/css/app.css"><link rel="stylesheet" href="/static/css/features/apps.css">
<link rel="stylesheet" href="/static/css/components/button.css"><link rel="stylesheet" href="/static/css/components/skeleton.css">
<link rel="stylesheet" href="/static/css/components/icon.css"><link rel="stylesheet" href="/desk.css">
<script src="/static/vendor/htmx-4.0.1.min.js" defer></script><script src="/desk.js" type="module"></script></head>
<body hx-headers:inherited='{"X-CSRFToken": "crumb"}'>
<div class="desk">
<section class="list" id="conversation-list" aria-label="Conversations">
{% for other in desk.contexts %}<a data-conversation="{{ other }}" href="/{{ other }}" hx-get="/{{ other }}" hx-target="#conversation"
  hx-push-url="true" hx-sync="#conversation:replace">Conversation {{ other }}</a>{% endfor %}
</section>
<main class="conv" id="conversation" tabindex="-1" data-context-url="/context" hx-sync="replace">{{ inside }}</main>
<aside class="side" id="side" aria-label="Contact and apps">
<div role="tablist" aria-label="Contact and apps"><button role="tab" data-show="contact-panel">Contact</button>
{% for app in desk.apps if "side" in app.places %}<button role="tab" data-show="app-{{ app.id }}-side" aria-controls="app-{{ app.id }}-side">{{ app.title }}</button>{% endfor %}</div>
<div role="tabpanel" id="contact-panel" class="slot-panel">Contact</div>
{% for app in desk.apps if "side" in app.places %}<div role="tabpanel" class="slot-panel" id="app-{{ app.id }}-side" data-app-slot="{{ app.id }}" data-place="side" hidden></div>{% endfor %}
</aside>
{% include "apps/_shelf.html" %}
{{ blocks }}
</div></body></html>
"""

INSIDE = """<h1>Conversation {{ key }}</h1>
<div role="tablist" aria-label="Conversation"><button role="tab" data-show="messages-panel">Messages</button>
{% for app in desk.apps if "tab" in app.places %}<button role="tab" data-show="app-{{ app.id }}-tab" aria-controls="app-{{ app.id }}-tab">{{ app.title }}</button>{% endfor %}</div>
<div role="tabpanel" class="slot-panel" id="messages-panel">Thread of {{ key }}</div>
{% for app in desk.apps if "tab" in app.places %}<div role="tabpanel" class="slot-panel" id="app-{{ app.id }}-tab" data-app-slot="{{ app.id }}" data-place="tab" hidden></div>{% endfor %}
<button id="after">After the panel</button>
<script type="application/json" id="app-context">{{ context }}</script>
"""

APPS_BLOCK = '<script type="application/json" id="apps"{{ oob }}>{{ desk.apps_block | tojson }}</script>'

SCRIPT = """
import frameHost from "/static/js/modules/frame-host.js";
import history from "/static/js/modules/history.js";
window.toasts = [];
document.addEventListener("toast", (event) => window.toasts.push(event.detail));
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-show]");
  if (!tab) return;
  for (const panel of tab.closest("main, aside").querySelectorAll(".slot-panel")) panel.hidden = panel.id !== tab.dataset.show;
});
history(document.getElementById("conversation"));
frameHost(document.getElementById("frame-shelf"));
window.isReady = true;
"""

STYLE = """
.desk { display: grid; grid-template-columns: 12rem minmax(0, 1fr) 24rem; block-size: 100dvh; }
.conv, .side { display: flex; flex-direction: column; min-inline-size: 0; min-block-size: 0; }
.side { border-inline-start: 1px solid var(--line); }
.list { display: grid; align-content: start; }
.slot-panel { flex: 1; min-block-size: 0; }
"""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self.server.desk.get(self)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.desk.learned.append(
            (self.path, parse_qs(self.rfile.read(length).decode()), self.headers.get("X-CSRFToken"))
        )
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
        self.theme = "light"
        self.frame_origins: list[str] | None = None
        self.learned: list[tuple[str, dict[str, list[str]], str | None]] = []
        self.held: dict[str, threading.Event] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.desk = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._templates = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=False)  # noqa: S701
        self._templates.globals.update(_=_say, sprite="/static/icons/sprite.svg")
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def policy(self) -> str:
        origins = self.frame_origins
        if origins is None:
            origins = sorted({frame["origin"] for app in self.apps for frame in app["frames"]})
        return (
            "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; "
            f"frame-src {' '.join(origins) or chr(39) + 'none' + chr(39)}; frame-ancestors 'none'"
        )

    @property
    def apps_block(self) -> list[dict[str, Any]]:
        return self.apps

    def get(self, request: _Handler) -> None:
        path = urlsplit(request.path).path
        if path.startswith("/static/"):
            file = ROOT / path.strip("/")
            request.send(file.read_bytes(), TYPES[file.suffix])
        elif path == "/desk.js":
            request.send(SCRIPT, "text/javascript")
        elif path == "/desk.css":
            request.send(STYLE, "text/css")
        elif path == "/context":
            key = urlsplit(request.headers["Referer"]).path.strip("/")
            request.send(json.dumps(self.context_of(key)), "application/json")
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
        inside = self._render(
            INSIDE, key=key, context=json.dumps(self.context_of(key)).replace("<", "\\u003c")
        )
        if is_fragment:
            request.send(inside + self._render(APPS_BLOCK, oob=' hx-swap-oob="true"'))
        else:
            request.send(self._render(PAGE, key=key, inside=inside, blocks=self._render(APPS_BLOCK, oob="")))

    def _render(self, template: str, **values: object) -> str:
        return self._templates.from_string(template).render(desk=self, **values)


def _say(message: str, **values: object) -> str:
    return message % values if values else message


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
