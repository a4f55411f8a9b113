"""Reading apps in a real browser: which frame, what it was told, how it stands."""

import json
from typing import Any

from playwright.sync_api import Frame
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.support.screens import ready


def show(screen: Page, name: str, *, place: str = "complementary") -> None:
    """Choose an app's tab, at the side or (`place="main"`) above the thread."""
    strip = screen.get_by_role(place).get_by_role("tablist")  # type: ignore[arg-type]
    expect(strip.get_by_role("tab", selected=True)).to_have_count(1)
    ready(screen)
    strip.get_by_role("tab", name=name, exact=True).click()


def frame_of(screen: Page, position: int = 0, index: int = 0) -> Frame:
    """The document in that endpoint's frame, when it has been told something."""
    frame = arrived(screen, position, index)
    frame.wait_for_function("received.length > 0")
    return frame


def arrived(screen: Page, position: int = 0, index: int = 0) -> Frame:
    handle = screen.locator(f"#dashboard-app--frame-{position}-{index}").element_handle()
    frame = handle.content_frame()
    assert frame is not None
    frame.wait_for_function("window.received")
    return frame


def customer(frame: Frame, name: str) -> None:
    expect(frame.locator("#customer")).to_have_text(name)


def received(frame: Frame) -> list[Any]:
    """All that reached the window, strings parsed."""
    heard = frame.evaluate("received.map(({data}) => data)")
    return [json.loads(data) if isinstance(data, str) else data for data in heard]


def send_away(frame: Frame, url: str) -> None:
    """The page in the frame leaves for another."""
    frame.evaluate("url => { setTimeout(() => { location.href = url }) }", url)


def state(screen: Page, name: str) -> Locator:
    """The frame with its line, by the name that a screen reader says."""
    return screen.get_by_role("group", name=name, exact=True)
