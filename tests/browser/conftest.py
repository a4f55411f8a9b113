"""A real browser before the running desk."""

import os
import shutil
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright

from tests.support.claims import cookie_of
from tests.support.screens import PATIENCE
from tests.support.screens import context_for
from tests.support.servers import Person
from tests.support.servers import Server

expect.set_options(timeout=PATIENCE)

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: CHROMIUM, or the one on the PATH."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is not installed: apt-get install chromium, or set CHROMIUM to a browser"
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *as_root])
        yield browser
        browser.close()


@pytest.fixture
def browser_context(browser: Browser, live: Server) -> Iterator[BrowserContext]:
    with context_for(browser, live) as context:
        yield context


@pytest.fixture
def browser_page(browser_context: BrowserContext) -> Page:
    return browser_context.new_page()


@pytest.fixture
def sign_in(live: Server) -> Callable[..., None]:
    """`sign_in(browser_page, desk.bo)`: the browser has the cookie; the page for it has stories of its own.
    `sign_in(page, person, server)`: at another desk."""

    def go(page: Page, person: Person, server: Server = live) -> None:
        name, _, value = cookie_of(server, person).partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": server.url}])

    return go
