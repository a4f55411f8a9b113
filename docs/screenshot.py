"""Makes the pictures in the README, of a desk with the demo's data: `make screenshot`."""

import os
import shutil
import socket
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright

from dashboard.cli import DEMO_ADMINISTRATOR
from dashboard.cli import DEMO_PASSWORD
from tests.support.servers import Server

IMAGES = Path(__file__).parent / "images"
PICTURES = {"workspace.png": "light", "workspace-dark.png": "dark"}
REPLY = (
    "A second set is on its way by express and will be with you on Friday before noon. "
    "You don’t need to do anything, and the late one is yours to keep."
)


def main() -> None:
    with TemporaryDirectory() as folder:
        server = Server(Path(folder), PORT=str(free_port()))
        server.start()
        try:
            server.run("demo")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
                for name, theme in PICTURES.items():
                    take(browser, server.url, theme, IMAGES / name)
                browser.close()
        finally:
            server.stop()


def take(browser: Browser, url: str, theme: str, file: Path) -> None:
    page = browser.new_page(
        base_url=url,
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    sign_in(page)
    page.get_by_role("link", name="Maria Silva").first.click()
    page.get_by_role("tab", name="Customer orders").click()
    orders = page.frame_locator("iframe[title='Customer orders']")
    expect(orders.get_by_text("50021 · Lantern set")).to_be_visible()
    page.locator("textarea[name=content]").fill(REPLY)
    expect(page.get_by_text("The party is on Saturday").last).to_be_in_viewport()
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file, animations="disabled", caret="hide")
    page.close()


def sign_in(page: Page) -> None:
    page.goto("/login")
    page.locator("input[name=email]").fill(DEMO_ADMINISTRATOR[1])
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/conversations")


def free_port() -> int:
    """A port whose successor is free too: there the example app will be. The usual one looks best."""
    return next(port for port in range(5000, 65534, 2) if is_free(port) and is_free(port + 1))


def is_free(port: int) -> bool:
    with closing(socket.socket()) as listener:
        return listener.connect_ex(("127.0.0.1", port)) != 0


def chromium() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit("chromium is not installed: apt-get install chromium, or set CHROMIUM to a browser")
    return path


if __name__ == "__main__":
    main()
