"""The main job, from an empty database to a page that knows the customer, over HTTP and in a browser."""

import json
import shlex
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import FrameLocator
from playwright.sync_api import Page
from playwright.sync_api import expect

from dashboard.config import CHECKOUT
from tests.support.app_pages import app_pages
from tests.support.databases import Databases
from tests.support.documents import DESK
from tests.support.documents import TOKEN
from tests.support.documents import Listing
from tests.support.documents import listings_of
from tests.support.documents import site
from tests.support.frames import customer
from tests.support.frames import frame_of
from tests.support.frames import received
from tests.support.frames import show
from tests.support.screens import PATIENCE
from tests.support.screens import ready
from tests.support.servers import Api
from tests.support.servers import Server
from tests.support.servers import free_port

pytestmark = pytest.mark.browser

PASSWORD = "correct horse 42"


@dataclass(frozen=True)
class Fresh:
    """A desk as `make run` leaves it on a fresh clone, and a browser in front of it."""

    server: Server
    screen: Page

    def sign_in(self, email: str) -> None:
        self.screen.goto("/login")
        self.screen.get_by_label("E-mail").fill(email)
        self.screen.get_by_label("Password").fill(PASSWORD)
        self.screen.get_by_role("button", name="Sign in").click()
        self.screen.wait_for_url("**/conversations")

    def open(self, name: str) -> None:
        ready(self.screen)
        self.screen.get_by_role("link", name=name).click()
        expect(self.screen.get_by_role("heading", level=1)).to_have_text(name)

    def app(self, title: str) -> FrameLocator:
        return self.screen.frame_locator(f"iframe[title='{title}']")


@pytest.fixture
def fresh(databases: Databases, browser: Browser, tmp_path: Path) -> Iterator[Fresh]:
    server = Server(tmp_path / "desk", databases.new(), PORT=str(free_port()))
    server.start()
    screen = browser.new_page(
        base_url=server.url, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    screen.set_default_timeout(PATIENCE)
    yield Fresh(server, screen)
    screen.close()
    server.stop()


def test_an_app_written_for_chatwoot_knows_the_customer_and_then_the_next(fresh: Fresh) -> None:
    ada = fresh.server.run("setup", "--account", "Acme", *person("Ada"), "--json")
    account = ada["account_id"]
    bo = fresh.server.run("agents", "add", "--account-id", str(account), *person("Bo"), "--json")
    api = fresh.server.api(ada["api_access_token"])
    path = f"/api/v1/accounts/{account}"
    inbox = created(api, f"{path}/inboxes", {"name": "Website", "channel": {"type": "api"}})["id"]
    created(api, f"{path}/inbox_members", {"inbox_id": inbox, "user_ids": [bo["user_id"]]})
    for name, plan in (("Maria Silva", "Plus"), ("Jonas Kühn", "Basic")):
        email = f"{name.split()[0].lower()}@example.com"
        about = {"name": name, "email": email, "custom_attributes": {"plan": plan}, "inbox_id": inbox}
        contact = created(api, f"{path}/contacts", about)["payload"]["contact"]["id"]
        opened = {"inbox_id": inbox, "contact_id": contact}
        conversation = created(api, f"{path}/conversations", opened)["id"]
        written = {"content": "Where is my order?", "message_type": "incoming"}
        created(api, f"{path}/conversations/{conversation}/messages", written)
    with app_pages() as pages:
        content = [{"type": "frame", "url": pages.url("chatwoot")}]
        created(api, f"{path}/dashboard_apps", {"dashboard_app": {"title": "Billing", "content": content}})

        fresh.sign_in("bo@example.com")
        fresh.open("Maria Silva")
        show(fresh.screen, "Billing")

        app = frame_of(fresh.screen)
        customer(app, "Maria Silva")
        told = received(app)[-1]["data"]["contact"]
        assert told["email"] == "maria@example.com"
        assert told["custom_attributes"] == {"plan": "Plus"}

        fresh.open("Jonas Kühn")

        customer(app, "Jonas Kühn")
        told = received(app)[-1]["data"]["contact"]
        assert told["email"] == "jonas@example.com"
        assert told["custom_attributes"] == {"plan": "Basic"}
        assert [visit for visit in pages.visits if visit == "/chatwoot"] == ["/chatwoot"]


def test_the_first_five_minutes_of_the_readme(fresh: Fresh, tmp_path: Path) -> None:
    setup, calls = listings_of(CHECKOUT / "README.md", "sh")
    (page,) = listings_of(CHECKOUT / "README.md", "html")
    (printed,) = listings_of(CHECKOUT / "README.md", "json")
    (tmp_path / "hello").mkdir()
    with site(tmp_path / "hello") as address:
        told = json.loads(typed(fresh, setup))
        typed(fresh, calls, {TOKEN: told["api_access_token"], "http://127.0.0.1:8010": address})
        (tmp_path / "hello" / "index.html").write_text(page.text.replace(DESK, fresh.server.url))
        assert set(told) == set(json.loads(printed.text))

        fresh.sign_in("ada@example.com")
        fresh.open("Maria Silva")
        show(fresh.screen, "Hello")

        expect(fresh.app("Hello").locator("#name")).to_have_text("Maria Silva")
        expect(fresh.app("Hello").locator("#email")).to_have_text("maria@example.com")
        expect(fresh.app("Hello").locator("#attributes")).to_contain_text('"plan": "Plus"')

        fresh.open("Jonas Kühn")

        expect(fresh.app("Hello").locator("#name")).to_have_text("Jonas Kühn")


def test_set_up_in_the_browser_with_sample_data_and_the_example_app(fresh: Fresh) -> None:
    screen = fresh.screen
    screen.goto("/")
    screen.get_by_label("Name of the account").fill("Acme")
    screen.get_by_label("Your name").fill("Ada Carter")
    screen.get_by_label("E-mail").fill("ada@example.com")
    screen.get_by_label("Password").fill(PASSWORD)
    screen.get_by_role("button", name="Set up").click()
    screen.wait_for_url("**/conversations")
    wait_for(f"http://127.0.0.1:{int(fresh.server.url.rpartition(':')[2]) + 1}/customer-orders/")

    ready(screen)
    screen.get_by_role("link", name="Maria Silva").first.click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Maria Silva")
    show(fresh.screen, "Customer orders")

    expect(fresh.app("Customer orders").get_by_text("50021 · Lantern set")).to_be_visible()


def wait_for(url: str) -> None:
    """The worker looks once a second whether the example app is wanted."""
    end = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            assert time.monotonic() < end, f"nobody answers at {url}"
            threading.Event().wait(0.1)
        else:
            return


def person(name: str) -> tuple[str, ...]:
    return ("--name", name, "--email", f"{name.lower()}@example.com", "--password", PASSWORD)


def created(api: Api, path: str, body: dict[str, object]) -> dict[str, object]:
    answer = api.post(path, body)
    assert answer.status == 200, answer.body
    return answer.body


def typed(fresh: Fresh, listing: Listing, replacements: dict[str, str] | None = None) -> str:
    """What a listing prints in a terminal beside the desk."""
    flask = f"{shlex.quote(sys.executable)} -m flask"
    text = listing.text.replace(".venv/bin/flask", flask).replace(DESK, fresh.server.url)
    for here, there in (replacements or {}).items():
        text = text.replace(here, there)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=CHECKOUT,
        env=fresh.server.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{listing}: {done.stdout}{done.stderr}"
    return done.stdout
