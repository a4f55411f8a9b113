"""The switch to another conversation in Chromium: from the click to the app that has the new context."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import sync_playwright

from bench.measure import Desk
from bench.measure import Key
from bench.processes import Server
from dashboard.accounts.models import Account
from dashboard.apps.operations.apps import add_app
from dashboard.extensions import db

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SWITCHES = 60
WARM_UP = 6
LINES = 8  # of the list, clicked in turn
PATIENCE = 15.0

# An app as Chatwoot's guide shows it; it tells its own server when it was told of which conversation.
APP_PAGE = b"""<!doctype html><title>App</title><h1 id="who">Nobody</h1><script>
window.addEventListener("message", (event) => {
  if (typeof event.data !== "string") return;
  const { event: name, data } = JSON.parse(event.data);
  if (name !== "appContext" || !data.conversation.id) return;
  document.getElementById("who").textContent = data.contact.name;
  const at = performance.timeOrigin + performance.now();
  fetch(`/told/${data.conversation.id}/${at}`, { keepalive: true });
});
</script>"""
# When the click was, and when its request began and was answered, on the clock that all frames share.
CLICKS = """
window.clicked = 0;
document.addEventListener("click", () => {
  window.clicked = performance.timeOrigin + performance.now();
  performance.clearResourceTimings();
}, { capture: true });
"""
REQUEST = """(id) => {
  const asked = performance.getEntriesByType("resource")
    .find((entry) => new URL(entry.name).pathname.endsWith(`/conversations/${id}`));
  return asked && { clicked: window.clicked, request: asked.responseEnd - asked.startTime };
}"""


@dataclass(frozen=True)
class Switch:
    """One click, in milliseconds."""

    request: float
    total: float

    @property
    def host(self) -> float:
        """What the page and the frame host add to the request."""
        return self.total - self.request


def measure_switches(desk: Desk, server: Server, key: Key) -> dict[str, list[Switch]]:
    """Many switches, with a frame that stays and with one that loads again for each conversation."""
    with (
        app_pages() as pages,
        _apps(desk, pages.url) as (staying, reloading),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        try:
            let_in(context, server, key)
            return {
                "stays": _switches(context, server, pages, staying),
                "reloads": _switches(context, server, pages, reloading),
            }
        finally:
            browser.close()


def _switches(context: BrowserContext, server: Server, pages: "AppPages", app: int) -> list[Switch]:
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.add_init_script(CLICKS)
    page.goto(f"http://127.0.0.1:{server.port}/accounts/1/conversations")
    rows = page.locator("#conversation-list a[data-conversation]")
    numbers = [int(rows.nth(place).get_attribute("data-conversation") or 0) for place in range(LINES)]
    rows.last.click()
    page.locator(f'#side [data-app-tab="{app}"]').click()
    found = [_switch(page, pages, numbers[turn % LINES]) for turn in range(SWITCHES + WARM_UP)]
    page.close()
    return found[WARM_UP:]


def _switch(page: Page, pages: "AppPages", number: int) -> Switch:
    pages.told.pop(number, None)
    page.locator(f'#conversation-list a[data-conversation="{number}"]').click()
    told = pages.wait_for(number)
    times = page.evaluate(REQUEST, number)
    return Switch(times["request"], told - times["clicked"])


def let_in(context: BrowserContext, server: Server, key: Key) -> None:
    """The browser is signed in as whoever has the key."""
    pairs = [pair.split("=", 1) for pair in key.cookie.split("; ")]
    context.add_cookies(
        [{"name": name, "value": value, "url": f"http://127.0.0.1:{server.port}"} for name, value in pairs]
    )


@contextmanager
def _apps(desk: Desk, url: str) -> Iterator[tuple[int, int]]:
    """Two more apps in the first account, taken away afterwards."""
    with desk.app.app_context():
        account = db.session.get_one(Account, 1)
        content = [{"type": "frame", "url": url}]
        added = [
            add_app(account, title=title, content=content, reloads=reloads, actor=None).id
            for title, reloads in (("Stays", False), ("Reloads", True))
        ]
    try:
        yield added[0], added[1]
    finally:
        for number in added:
            desk.change("DELETE FROM dashboard_apps WHERE id = :number", number=number)


class AppPages(ThreadingHTTPServer):
    """The app's server, on an origin of its own; `told` is when it heard of which conversation."""

    def __init__(self, page: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.page = page
        self.told: dict[int, float] = {}
        self.news = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}/"

    def wait_for(self, number: int) -> float:
        with self.news:
            if not self.news.wait_for(lambda: number in self.told, PATIENCE):
                raise SystemExit(f"The app was not told of conversation {number}.")
            return self.told[number]


@contextmanager
def app_pages(page: bytes = APP_PAGE) -> Iterator[AppPages]:
    """That page of an app, on an origin of its own."""
    with AppPages(page) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        yield pages
        pages.shutdown()


class _Answers(BaseHTTPRequestHandler):
    server: AppPages

    def do_GET(self) -> None:
        _, _, rest = self.path.partition("/told/")
        if rest:
            number, _, at = rest.partition("/")
            with self.server.news:
                self.server.told[int(number)] = float(at)
                self.server.news.notify_all()
        body = b"" if rest else self.server.page
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody wants to know."""
