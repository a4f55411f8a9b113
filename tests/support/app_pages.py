"""Apps of other people, on other origins: real pages that listen exactly as the five documents show."""

import json
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

# Every page keeps what reached its window (`received`), what its own listener made of it (`understood`), and
# how often its listener threw (`stumbled`). `ask()` is the documented request for the context.
RECORDER = """
window.received = []; window.understood = []; window.stumbled = 0;
window.addEventListener("message", (event) => {
  window.received.push({kind: typeof event.data, data: event.data, origin: event.origin});
});
window.addEventListener("error", () => { window.stumbled += 1; });
window.ask = () => window.parent.postMessage("chatwoot-dashboard-app:fetch-info", "*");
window.understand = (payload) => {
  window.understood.push(payload);
  const {conversation, contact} = payload.data;
  const person = contact?.name ?? conversation?.contact?.name ?? conversation?.meta?.sender?.name ?? "nobody";
  document.getElementById("customer").textContent = person;
};
"""

# Chatwoot's own guides and MessageHub's: a guarded JSON.parse.
CHATWOOT = """
function isJSONValid(text) { try { JSON.parse(text); return true; } catch { return false; } }
window.addEventListener("message", function (event) {
  if (!isJSONValid(event.data)) {
    return;
  }
  const eventData = JSON.parse(event.data);
  if (eventData.event === "appContext") understand(eventData);
});
"""

# Ndoto's guide: the data is an object and is read without a guard.
NDOTO = """
window.addEventListener("message", function (event) {
  if (event.data.event === "appContext") {
    const { conversation, currentAgent } = event.data.data;
    understand({ data: { conversation, currentAgent } });
  }
});
"""

# The third party's guide: looks at the origin and takes the data as it comes; it also sends a notification.
ORIGIN_CHECKING = """
const desk = new URLSearchParams(location.search).get("desk");
window.addEventListener("message", (event) => {
  if (event.origin === desk) {
    understood.push(event.data);
  }
});
window.notify = (message) => window.parent.postMessage({ type: "notification", message }, desk);
"""

# Found in the wild: takes a string or an object.
TOLERANT = """
window.addEventListener("message", (event) => {
  const payload = typeof event.data === "string" ? JSON.parse(event.data) : event.data;
  if (payload.event === "appContext") understand(payload);
});
"""

# Found in the wild: no guard at all.
BARE = """
window.addEventListener("message", (event) => {
  const payload = JSON.parse(event.data);
  if (payload.event === "appContext") understand(payload);
});
"""

LISTENERS = {
    "chatwoot": CHATWOOT,
    "ndoto": NDOTO,
    "origin-checking": ORIGIN_CHECKING,
    "tolerant": TOLERANT,
    "bare": BARE,
    "asks-early": CHATWOOT + "ask();",
    "silent": "",
}

# A desk that speaks Chatwoot's protocol and no other, with one app in it.
OTHER_DESK = """<!doctype html><title>Another desk</title><iframe src="%s"></iframe><script>
  const told = %s;
  addEventListener("message", ({data, source}) => {
    if (data !== "chatwoot-dashboard-app:fetch-info") return;
    source.postMessage(JSON.stringify({event: "appContext", data: told}), "*");
  });
</script>"""


def chatwoot_desk(app_url: str, told: dict[str, Any]) -> str:
    return OTHER_DESK % (app_url, json.dumps(told))


def listening_page(kind: str, *, extra: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{kind}</title>'
        f'<script>{RECORDER}</script><p id="customer">nobody</p><script>{LISTENERS[kind]}</script>{extra}'
    )


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.server.pages.visits.append(self.path)
        self.server.pages.answer(self, address.path.strip("/"), query)

    def send(self, body: str, *, status: int = 200, **headers: str) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """A quiet server: the tests say what went wrong."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: "AppPages"

    def handle_error(self, *_: object) -> None:
        """A browser that leaves in the middle of an answer is no error."""


class AppPages:
    """One origin with every kind of page. `release()` lets the answers go that were held back until then."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.pages = self
        self._released = threading.Event()
        self.visits: list[str] = []
        self.files: dict[str, str] = {}  # pages of a test's own, by their path
        self.origin = f"http://{host}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, path: str) -> str:
        return f"{self.origin}/{path}"

    def release(self) -> None:
        self._released.set()

    def stop(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: _Handler, path: str, query: dict[str, str]) -> None:
        if path in self.files:
            kind = {".js": "text/javascript", ".css": "text/css"}.get(Path(path).suffix, "text/html")
            request.send(self.files[path], Content_Type=f"{kind}; charset=utf-8")
        elif path in LISTENERS:
            request.send(listening_page(path))
        else:
            ODD_PAGES.get(path, _not_found)(self, request, query)

    def wait_for_release(self) -> None:
        self._released.wait(60)


def _redirect(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    request.send("", status=302, Location=query["to"])


def _held(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    """Answers when it is released: a server that hangs."""
    pages.wait_for_release()
    request.send(listening_page(query.get("then", "chatwoot")))


def _slow_to_load(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    """Its script runs at once, its `load` waits for a picture that hangs."""
    kind = query.get("then", "chatwoot")
    request.send(listening_page(kind, extra='<img src="/held-picture" alt="">'))


def _held_picture(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    pages.wait_for_release()
    request.send("<svg xmlns='http://www.w3.org/2000/svg'/>", Content_Type="image/svg+xml")


def _with_child(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    request.send(listening_page("chatwoot", extra=f'<iframe name="child" src="{query["child"]}"></iframe>'))


def _refreshes(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    request.send(f'<!doctype html><meta http-equiv="refresh" content="0;url={query["to"]}">')


def _refuses(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    request.send(listening_page("chatwoot"), X_Frame_Options="DENY")


def _attached(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    """Nothing to show: a file to be kept."""
    request.send("x", Content_Type="application/octet-stream", Content_Disposition="attachment; filename=x")


def _not_found(pages: AppPages, request: _Handler, query: dict[str, str]) -> None:
    request.send("<!doctype html><title>Nothing here</title>", status=404)


ODD_PAGES: dict[str, Callable[[AppPages, _Handler, dict[str, str]], None]] = {
    "redirect": _redirect,
    "held": _held,
    "slow-to-load": _slow_to_load,
    "held-picture": _held_picture,
    "with-child": _with_child,
    "refreshes": _refreshes,
    "refuses": _refuses,
    "attached": _attached,
}


@contextmanager
def app_pages(host: str = "127.0.0.1") -> Iterator[AppPages]:
    pages = AppPages(host)
    try:
        yield pages
    finally:
        pages.stop()
