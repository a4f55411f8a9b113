"""The listings of the documentation do what the text says, on a desk as fresh as the reader's."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.apps.schemas.manifests import drafts_in
from dashboard.config import CHECKOUT
from dashboard.lib.signatures import signature
from docs.signatures import FILE as SIGNATURES
from tests.support.databases import Databases
from tests.support.documents import DESK
from tests.support.documents import TOKEN
from tests.support.documents import Listing
from tests.support.documents import listings_of
from tests.support.servers import Server

SETUP = (
    "setup",
    "--account",
    "Acme",
    "--name",
    "Ada",
    "--email",
    "ada@example.com",
    "--password",
    "long enough",
)
# What is another one each time, or for each desk.
CHANGING = {"created_at", "updated_at", "pubsub_token"}
VECTORS: dict[str, Any] = json.loads(SIGNATURES.read_text(encoding="utf-8"))
END = "--- end of listing ---"


@pytest.fixture
def desk(databases: Databases, migrated: str, tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "desk", databases.new(copy_of=migrated))
    server.start()
    yield server
    server.stop()


def test_the_page_about_the_api(desk: Server) -> None:
    token = desk.run(*SETUP, "--json")["api_access_token"]
    page = listings_of(CHECKOUT / "docs" / "api.md")

    with Shell(desk, token) as shell:
        for listing, following in zip(page, [*page[1:], None], strict=True):
            if listing.language == "sh":
                answer = shell.type(listing)
                if following is not None and following.language == "json":
                    compare(json.loads(following.text), json.loads(answer), following)
            elif listing.language == "python":
                assert shell.run_python(listing) == "1 Maria Silva\n"


def test_the_page_about_channels(desk: Server) -> None:
    token = desk.run(*SETUP, "--json")["api_access_token"]
    page = listings_of(CHECKOUT / "docs" / "client-api.md")

    with Shell(desk, token) as shell:
        for listing, following in zip(page, [*page[1:], None], strict=True):
            if listing.language == "sh":
                answer = shell.type(listing)
                if following is not None and following.language == "json":
                    compare(json.loads(following.text), json.loads(answer), following)

    messages = desk.api(token).get("/api/v1/accounts/1/conversations/1/messages").body["payload"]
    assert [message["status"] for message in messages] == ["sent", "sent"]
    contacts = desk.api(token).get("/api/v1/accounts/1/contacts").body["payload"]
    assert {contact["identifier"] for contact in contacts} == {None, "user-17"}


def test_the_page_about_channels_knows_our_signature() -> None:
    (listing,) = listings_of(CHECKOUT / "docs" / "client-api.md", "python")
    names: dict[str, Any] = {}
    exec(compile(listing.text, str(listing), "exec"), names)
    is_ours, body = names["is_from_the_desk"], b'{"event":"message_created"}'
    headers = {"X-Chatwoot-Timestamp": "1000", "X-Chatwoot-Signature": signature("secret", 1000, body)}

    assert is_ours(headers, body, "secret", now=lambda: 1200)
    assert not is_ours(headers, body, "secret", now=lambda: 1400)
    assert not is_ours(headers, body + b" ", "secret", now=lambda: 1200)


def test_the_pages_about_bots_and_webhooks(desk: Server) -> None:
    token = desk.run(*SETUP, "--json")["api_access_token"]

    for page in ("bots.md", "webhooks/README.md"):
        with Shell(desk, token) as shell:
            for listing in listings_of(CHECKOUT / "docs" / page, "sh"):
                shell.type(listing)


def test_the_page_about_webhooks_knows_our_signature() -> None:
    (listing,) = listings_of(CHECKOUT / "docs" / "webhooks" / "README.md", "python")
    names: dict[str, Any] = {}
    exec(compile(listing.text, str(listing), "exec"), names)

    def is_taken(vector: dict[str, Any]) -> bool:
        body, now = vector["body"].encode(), VECTORS["at"]
        return names["is_from_the_desk"](vector["headers"], body, VECTORS["secret"], now=lambda: now)

    assert [vector["why"] for vector in VECTORS["good"] if not is_taken(vector)] == []
    told_apart_by_number = {"no number of the delivery", "a path for a number"}
    assert {vector["why"] for vector in VECTORS["bad"] if is_taken(vector)} == told_apart_by_number


def test_the_page_for_app_developers_adds_its_app(desk: Server) -> None:
    token = desk.run(*SETUP, "--json")["api_access_token"]

    (listing,) = listings_of(CHECKOUT / "docs" / "app-developers.md", "sh")

    with Shell(desk, token) as shell:
        answer = json.loads(shell.type(listing))

    assert desk.api(token).get("/api/v1/accounts/1/dashboard_apps").body == [answer]


def test_the_page_about_moving_from_chatwoot_asks_for_a_list_that_can_be_imported(desk: Server) -> None:
    """Chatwoot's part is played by a desk of our own: the path and the answer are the same."""
    token = desk.run(*SETUP, "--json")["api_access_token"]
    app = {"title": "Orders", "content": [{"type": "frame", "url": "https://orders.example.com/"}]}
    assert desk.api(token).post("/api/v1/accounts/1/dashboard_apps", app).status == 200
    (listing,) = listings_of(CHECKOUT / "docs" / "apps" / "migrating.md", "sh")
    asked = replace(listing, text=listing.text.replace("https://chat.example.com", DESK))

    with Shell(desk, token) as shell:
        (draft,) = drafts_in(shell.type(asked))

    assert (draft.title, draft.content, draft.problems) == (app["title"], app["content"], [])


def test_the_page_for_app_developers_lets_the_desk_frame_an_app() -> None:
    (listing,) = listings_of(CHECKOUT / "docs" / "app-developers.md", "python")
    (policy, *_) = listings_of(CHECKOUT / "docs" / "app-developers.md", "text")
    names: dict[str, Any] = {"__name__": __name__}
    exec(compile(listing.text, str(listing), "exec"), names)

    answer = names["app"].test_client().get("/")

    assert f"Content-Security-Policy: {answer.headers['Content-Security-Policy']}\n" == policy.text


class Shell:
    """A terminal in which the listings of one page are typed one after the other."""

    def __init__(self, desk: Server, token: str) -> None:
        self.desk = desk
        self.token = token
        self.bash = subprocess.Popen(
            ["bash", "-euo", "pipefail"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, *_: object) -> None:
        self.bash.communicate()

    def type(self, listing: Listing) -> str:
        """What the listing prints; a command that fails ends the terminal."""
        self.bash.stdin.write(f"{self._here(listing.text)}\necho '{END}'\n")
        self.bash.stdin.flush()
        lines: list[str] = []
        for line in self.bash.stdout:
            if line.strip().endswith(END):
                return "".join([*lines, line.strip().removesuffix(END)])
            lines.append(line)
        raise AssertionError(f"{listing} failed:\n{''.join(lines)}")

    def run_python(self, listing: Listing) -> str:
        command = [sys.executable, "-c", self._here(listing.text)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def _here(self, text: str) -> str:
        return text.replace(DESK, self.desk.url).replace(TOKEN, self.token)


def compare(told: Any, answered: Any, listing: Listing, where: str = "") -> None:
    """The same keys in the same places, and the same values but for what changes."""
    at = f"{listing}{where}"
    if isinstance(told, dict):
        assert isinstance(answered, dict), at
        assert set(told) == set(answered), at
        for key in told:
            compare(told[key], answered[key], listing, f"{where}/{key}")
    elif isinstance(told, list):
        assert len(told) == len(answered), at
        for place, (one, other) in enumerate(zip(told, answered, strict=True)):
            compare(one, other, listing, f"{where}/{place}")
    elif where.rpartition("/")[2] in CHANGING:
        assert type(told) is type(answered), at
    else:
        assert told == answered, at
