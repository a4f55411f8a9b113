"""Pages in a real browser that are ready: what they were sent stands there and does what it is for."""

from collections.abc import Iterator
from collections.abc import Sized
from contextlib import contextmanager

from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.support.servers import Server

PATIENCE = 30_000  # milliseconds: a busy machine is no failure
UNREADY = "html[data-mounting], [data-behind], .htmx-swapping, .htmx-added, .htmx-settling"


@contextmanager
def context_for(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser of somebody's own, in which nothing is still moving when it is looked at."""
    context = browser.new_context(
        base_url=server.url,
        locale="en-GB",
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def ready(page: Page) -> None:
    """Wait until htmx has put in place what it was sent, and every module has begun.

    A live page has also asked for what came before its connection: the answer draws the newest messages anew.
    A click before that does the plain thing, as for anybody who is quicker than the scripts; a story of what
    the scripts do must not begin earlier.
    """
    expect(page.locator(UNREADY)).to_have_count(0)


def visit(page: Page, path: str) -> None:
    page.goto(path)
    ready(page)


def visit_by(page: Page, link: Locator, path: str) -> None:
    """Go where a plain link leads, and wait for that page."""
    link.click()
    page.wait_for_url(path)
    ready(page)


def wait_for_any(page: Page, held: Sized) -> None:
    """Wait until something that is kept by a route or an event of the page has come."""
    while not held:
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(drawn))")
