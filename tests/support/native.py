"""Speaking the desk's own protocol from a page in a frame: by the SDK, or by hand to break the rules."""

from typing import Any

from playwright.sync_api import Frame
from playwright.sync_api import Page

from tests.support.frames import arrived

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
