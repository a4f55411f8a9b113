"""A running desk and a real browser."""

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

from tests.support.databases import Databases
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server

PATIENCE = 15_000  # milliseconds: a busy machine is no failure
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
def live(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The desk as `make run` starts it."""
    server = Server(tmp_path_factory.mktemp("live"), databases.new(copy_of=migrated))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(live: Server) -> Desk:
    """Two fresh accounts with the cast in them."""
    return live.make_desk()


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
    context = browser.new_context(base_url=live.url, locale="en-GB", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def browser_page(browser_context: BrowserContext) -> Page:
    return browser_context.new_page()


@pytest.fixture
def sign_in() -> Callable[[Page, Person], None]:
    """`sign_in(browser_page, desk.bo)`, through the sign-in page."""

    def go(page: Page, person: Person) -> None:
        page.goto("/login")
        page.locator("input[name=email]").fill(person.email)
        page.locator("input[name=password]").fill(person.password)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(lambda url: "/login" not in url)

    return go
