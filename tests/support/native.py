"""Speaking the desk's own protocol from a page in a frame: by the SDK, or by hand to break the rules."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Frame
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.accounts.models import Account
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.access import ACTIONS
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.frames import arrived
from tests.support.frames import show
from tests.support.screens import ready
from tests.support.screens import visit
from tests.support.servers import Desk
from tests.support.servers import Server

# `greet()` says hello by hand and promises the welcome and its port; `request()` sends one request over it.
BY_HAND = """() => {
window.nonce = () => crypto.randomUUID().replaceAll("-", "");
window.greet = (more = {}, target = window.parent) => new Promise((done) => {
  const hello = {deskframe: 1, type: "hello", nonce: nonce(), versions: [1], ...more};
  const hear = ({data, ports}) => {
    if (data?.type !== "welcome" || data.nonce !== hello.nonce) return;
    removeEventListener("message", hear);
    const [port] = ports;
    const talk = {welcome: data, port, events: [], answers: [], last: 0};
    port.onmessage = ({data}) => {
      if (data.ev) talk.events.push(data);
      else if (data.ping === undefined) talk.answers.push(data);
    };
    done(window.talk = talk);
  };
  addEventListener("message", hear);
  target.postMessage(hello, "*");
});
window.request = (m, p = {}, more = {}) => new Promise((done) => {
  const id = talk.last += 1;
  talk.port.addEventListener("message", ({data}) => data.id === id && done(data));
  talk.port.postMessage({id, m, p, ...more});
});
}"""


@dataclass(frozen=True)
class World:
    live: Server
    desk: Desk
    maria: int
    jonas: int

    def add_app(self, *urls: str, title: str = "Orders", **fields: Any) -> int:
        with self.live.work():
            account = db.session.get_one(Account, self.desk.account_id)
            granted = {"format": "auto", "actions": list(ACTIONS), **fields}
            return make_app(account, title=title, urls=urls, **granted).id

    def format_of(self, app_id: int) -> str:
        with self.live.work():
            return db.session.get_one(DashboardApp, app_id).format

    def path(self, display_id: int) -> str:
        return f"/accounts/{self.desk.account_id}/conversations/{display_id}"


def make_world(live: Server, desk: Desk) -> World:
    """Two conversations in the worker's desk: with Maria, and with Jonas."""
    with live.work():
        inbox = db.session.get_one(Inbox, desk.inbox_id)
        account = db.session.get_one(Account, desk.account_id)
        numbers = []
        for name in ("Maria Silva", "Jonas Kühn"):
            conversation = make_conversation(inbox, contact=make_contact(account, name=name))
            make_message(conversation, f"Hello from {name}")
            numbers.append(conversation.display_id)
    return World(live, desk, *numbers)


def by_hand(screen: Page, position: int = 0) -> Frame:
    """The page in that frame, when it has been welcomed."""
    frame = silent(screen, position)
    frame.evaluate("() => greet().then(() => {})")
    return frame


def silent(screen: Page, position: int = 0) -> Frame:
    frame = arrived(screen, position)
    frame.evaluate(BY_HAND)
    return frame


def by_sdk(screen: Page, desk_url: str, position: int = 0) -> Frame:
    """The page in that frame, connected; `desk` is its desk, `told` of whom it heard and why."""
    frame = arrived(screen, position)
    frame.evaluate(
        """async (url) => {
          const {connect} = await import(`${url}/sdk/v1.js`);
          window.told = [];
          window.desk = await connect({host: url, name: "tests", version: "1"});
          desk.onContext(({contact}, {reason}) => reason !== "update" && told.push([contact.name, reason]));
        }""",
        desk_url,
    )
    return frame


def ask(frame: Frame, method: str, params: Any = None, **more: Any) -> Any:
    """What the desk answers to a request made by hand: its result, or the code of its refusal."""
    call = "([m, p, more]) => request(m, p ?? {}, more)"
    answer = frame.evaluate(call, [method, params, more])
    return answer["r"] if answer["ok"] else answer["e"]["code"]


def ask_sdk(frame: Frame, call: str) -> Any:
    """The same by the SDK: `desk.toast({…})`."""
    return frame.evaluate(f"() => {call}.then((r) => r, (error) => error.code)")


def choose(screen: Page, display_id: int) -> None:
    screen.locator(f'[data-conversation="{display_id}"]').click()
    expect(screen.locator(f'#conversation [data-key="{display_id}"]')).to_be_visible()
    ready(screen)


def open_app(screen: Page, world: World, title: str = "Orders") -> None:
    visit(screen, world.path(world.maria))
    show(screen, title)


def toasts(screen: Page) -> Any:
    return screen.evaluate("toasts")


def draft(screen: Page) -> Any:
    return screen.get_by_role("textbox", name="Message", exact=True)
