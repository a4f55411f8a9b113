"""The bridge to apps in frames: what the page loads for it, how soon an app is told, what a flood costs."""

import gzip
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from http.client import HTTPConnection

from playwright.sync_api import BrowserContext
from playwright.sync_api import Frame
from playwright.sync_api import Page
from playwright.sync_api import sync_playwright

from bench.browser import CHROMIUM
from bench.browser import FLAGS
from bench.browser import app_pages
from bench.browser import let_in
from bench.checking import measure_check
from bench.lines import API
from bench.measure import Desk
from bench.measure import Key
from bench.processes import Server
from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.tokens import context_token
from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.server.files import content_of

WARM = 5  # apps that are open at once
HELLOS = 5  # of each app: the desk hears no more of them in ten seconds
CHANGES = 15
SWITCHES = 20
TOKENS = 200
KEYS = 50
A_SECOND = 10_000  # messages of the flood
FLOOD_S = 5
APART = 1.3  # seconds between changes: an app is told once a second at most
STATIC = CHECKOUT / "static"
ANYWAY = ("js/lib/plain-text.js",)  # the page's notifications have it
# What comes when an app is shown: its figures, what the desk is told of it, the desk's own protocol.
LATER = ("js/frames/figures.js", "js/frames/telling.js", "js/frames/native/host.js")
_IMPORT = re.compile(r'^import .*?from "([^"]+)"', re.MULTILINE)

# An app that speaks the desk's own protocol by hand, so that the figures are the host's alone.
APP_PAGE = b"""<!doctype html><title>App</title><script>
const now = () => performance.timeOrigin + performance.now();
window.heard = [];
addEventListener("load", () => {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const begun = now();
  addEventListener("message", ({ data, ports }) => {
    if (data?.nonce !== nonce) return;
    window.welcomed = now() - begun;
    window.port = ports[0];
    ports[0].onmessage = ({ data }) => {
      const messages = data.data?.conversation?.messages?.map(({ id }) => id);
      if (data.ev === "context.changed" && messages) window.heard.push({ at: now(), messages });
      if (data.ping !== undefined) ports[0].postMessage({ pong: data.ping });
    };
  });
  parent.postMessage({ deskframe: 1, type: "hello", nonce, versions: [1] }, "*");
});
window.flood = (each, seconds) => {
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  const turn = setInterval(() => {
    const due = Math.min(seconds, seconds - (end - performance.now()) / 1000) * each;
    while (sent < due) window.port.postMessage({ id: (sent += 1), m: "context.get", p: {} });
    if (performance.now() > end) clearInterval(turn);
  }, 10);
};
</script>"""
# From a key to the picture that shows it.
TYPING = """() => {
  window.typed = [];
  const painted = (then) => requestAnimationFrame(() => setTimeout(then));
  const pressed = ({ timeStamp }) => painted(() => window.typed.push(performance.now() - timeStamp));
  document.addEventListener("keydown", pressed, { capture: true });
}"""


@dataclass
class Bridge:
    """What one run has found out; times in milliseconds, sizes in bytes, gzipped file by file."""

    host_bytes: int
    sdk_bytes: int
    told_bytes: int  # the same until an app of the desk's own protocol has its context
    token_ms: float = 0.0  # of the processor
    check_s: float = 0.0  # of a worker, for an address that never ends
    asked_ms: float = 0.0  # for whoever asked for that check
    welcomes: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    switch_ms: float = 0.0  # of script on the agent's page, for each warm app
    typing: list[float] = field(default_factory=list)  # during a flood
    stopped_after: float = FLOOD_S  # seconds of the flood


def measure_bridge(desk: Desk, server: Server, key: Key) -> Bridge:
    """Sizes, signing and checking by themselves; the rest in Chromium, with apps that go again afterwards."""
    page = ("js/modules/frame-host.js", "js/modules/tabs-menu.js")
    found = Bridge(_weight(*page), _weight("sdk/v1.js"), _weight(*page, *LATER))
    found.check_s, found.asked_ms = measure_check(desk)
    with app_pages(APP_PAGE) as pages, _apps(desk, pages.url) as apps, sync_playwright() as playwright:
        found.token_ms = _signing(desk, apps[0])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            let_in(context, server, key)
            cold = _switching(_open(context, server))
            page = _open(context, server)
            found.welcomes = [time for app in apps for time in _greet(page, app)]
            found.changes = [_change(page, server, key) for _ in range(CHANGES)]
            found.switch_ms = max(_switching(page) - cold, 0.0) / WARM
            found.typing, found.stopped_after = _type_beside_a_flood(page)
        finally:
            browser.close()
    return found


def _weight(*entries: str) -> int:
    """Modules as they are sent, with all that they import at once, less what the page has without apps."""
    known, waiting = set(), [STATIC / entry for entry in entries]
    while waiting:
        path = waiting.pop()
        if path not in known:
            known.add(path)
            waiting += [(path.parent / name).resolve() for name in _IMPORT.findall(path.read_text())]
    counted = known - {STATIC / name for name in ANYWAY}
    return sum(len(gzip.compress(content_of(path, STATIC), mtime=0)) for path in counted)


def _signing(desk: Desk, app_id: int) -> float:
    with desk.app.app_context():
        app = db.session.get_one(DashboardApp, app_id)
        agent = db.session.get_one(User, app.user_id or 1)
        about = {"agent": agent, "login": None, "conversation": None, "placement": "side"}
        context_token(app, session="warm", **about)  # the key is read once
        begun = time.process_time()
        for number in range(TOKENS):
            context_token(app, session=f"bench-{number}", **about)
        return (time.process_time() - begun) * 1000 / TOKENS


def _open(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"http://127.0.0.1:{server.port}/accounts/1/conversations")
    page.locator("#conversation-list a[data-conversation]").first.click()
    page.locator("#conversation .message").last.wait_for()
    return page


def _greet(page: Page, app: int) -> list[float]:
    page.locator(f'#side [data-app-tab="{app}"]').click()
    times = [_welcomed(page, app)]
    for _ in range(HELLOS - 1):
        page.locator(f"#app-frames-{app} iframe").evaluate("(frame) => (frame.dataset.left = '')")
        page.locator(f'#app-frames-{app} [data-part="reload"]').click()
        times.append(_welcomed(page, app))
    return times


def _welcomed(page: Page, app: int) -> float:
    frame = _frame(page, app)
    frame.wait_for_function("window.welcomed !== undefined")
    return float(frame.evaluate("window.welcomed"))


def _frame(page: Page, app: int) -> Frame:
    handle = page.locator(f"#app-frames-{app} iframe:not([data-left])").element_handle()
    frame = handle.content_frame()
    assert frame is not None
    return frame


def _shown(page: Page) -> Frame:
    """The frame of the app whose tab was chosen last."""
    handle = page.locator(".app-group:not(.is-away) iframe").element_handle()
    frame = handle.content_frame()
    assert frame is not None
    return frame


def _change(page: Page, server: Server, key: Key) -> float:
    """From the answer to a message that was posted to the app that has it."""
    time.sleep(APART)
    number = page.locator("#conversation > [data-key]").get_attribute("data-key")
    body = b'{"content": "Is it on its way?"}'
    headers = {"api_access_token": key.token, "Content-Type": "application/json"}
    address = f"{API}/1/conversations/{number}/messages"
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", address, body, headers)
    answer = connection.getresponse().read()
    posted = time.time() * 1000
    message = int(json.loads(answer)["id"])
    app = _shown(page)
    app.wait_for_function("id => heard.some(({ messages }) => messages.includes(id))", arg=message)
    at = app.evaluate("id => heard.find(({ messages }) => messages.includes(id)).at", message)
    return max(float(at) - posted, 0.0)


def _switching(page: Page) -> float:
    """Milliseconds of script on the page for one switch to another conversation."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    rows = page.locator("#conversation-list a[data-conversation]")
    before = _script_ms(session.send("Performance.getMetrics"))
    for turn in range(SWITCHES):
        row = rows.nth(1 + turn % 4)
        number = row.get_attribute("data-conversation")
        row.click()
        page.locator(f'#conversation > [data-key="{number}"]').wait_for()
    page.wait_for_load_state("networkidle")
    return (_script_ms(session.send("Performance.getMetrics")) - before) / SWITCHES


def _script_ms(metrics: dict[str, list[dict[str, float]]]) -> float:
    (seconds,) = (each["value"] for each in metrics["metrics"] if each["name"] == "ScriptDuration")
    return seconds * 1000


def _type_beside_a_flood(page: Page) -> tuple[list[float], float]:
    """How long each key took, and after how many seconds the desk had stopped the flood."""
    page.evaluate(TYPING)
    page.get_by_role("textbox", name="Message").focus()
    app = _shown(page)
    app.evaluate("([each, seconds]) => flood(each, seconds)", [A_SECOND, FLOOD_S])
    begun, stopped = time.monotonic(), float(FLOOD_S)
    for _ in range(KEYS):
        page.keyboard.press("a", delay=5)
        page.wait_for_timeout(1000 * FLOOD_S / KEYS)
        if app.is_detached():
            stopped = min(stopped, time.monotonic() - begun)
    return [float(each) for each in page.evaluate("window.typed")], stopped


@contextmanager
def _apps(desk: Desk, url: str) -> Iterator[list[int]]:
    """As many apps as are warm at once, in the first account, taken away afterwards."""
    with desk.app.app_context():
        account = db.session.get_one(Account, 1)
        content = [{"type": "frame", "url": url}]
        actions = ["context.get"]
        added = [
            add_app(
                account, title=f"Warm {n}", content=content, format="native", actions=actions, actor=None
            ).id
            for n in range(WARM)
        ]
    try:
        yield added
    finally:
        for number in added:
            desk.change("DELETE FROM dashboard_apps WHERE id = :number", number=number)
