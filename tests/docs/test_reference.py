"""The pages about addresses, frames and tokens: what they show is what the desk takes, sets and signs."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import pytest

from dashboard.apps.forms import framing
from dashboard.apps.operations.tokens import context_token
from dashboard.apps.operations.tokens import launch_token
from dashboard.apps.schemas.framing import FEATURES
from dashboard.apps.schemas.framing import SANDBOX
from dashboard.apps.schemas.tokens import KINDS
from dashboard.apps.schemas.tries import checked_context
from dashboard.apps.schemas.variables import NAMES
from dashboard.apps.serializers import app_frames
from dashboard.config import CHECKOUT
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.documents import Listing
from tests.support.documents import listings_of
from tests.support.documents import serving
from tests.support.documents import tables_of
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_reader
from tests.support.servers import free_port
from tests.support.tokens import read
from tests.support.tokens import sign_in

DOCS = CHECKOUT / "docs"
APPS = DOCS / "apps"
HOST = (CHECKOUT / "static" / "js" / "frames" / "app-frame.js").read_text(encoding="utf-8")
URL = "https://orders.example.com/panel?v=2"


@pytest.mark.parametrize(
    "page", [DOCS / "app-developers.md", APPS / "security.md"], ids=lambda page: page.name
)
def test_the_frame_is_as_it_is_shown(page: Any) -> None:
    (shown,) = [each.text for each in listings_of(page, "text") if "sandbox=" in each.text]
    told = dict(re.findall(r'(\w+)="([^"]*)"', shown))

    assert f'const SANDBOX = "{told.pop("sandbox")}";' in HOST
    assert f'referrerPolicy = "{told.pop("referrerpolicy")}"' in HOST
    assert told == {"allow": ""}


def test_what_a_frame_may_be_given_is_listed_in_the_words_of_the_form() -> None:
    rows = re.findall(
        r"^\| ([^|`]+) \| (`[^|]+) \|$", (APPS / "security.md").read_text(encoding="utf-8"), re.M
    )
    listed = {token: words for words, tokens in rows for token in re.findall(r"`([^`]+)`", tokens)}
    offered = {**framing._SANDBOX, **framing._FEATURES}

    assert list(listed) == [*SANDBOX, *FEATURES]
    for token, words in listed.items():
        assert str(offered[token]).lower() in words.lower()


def test_the_address_is_taken_and_filled_in(cast: Cast, api: Callable[..., ApiClient]) -> None:
    (listing,) = listings_of(APPS / "url-variables.md", "text")
    url = listing.text.strip()
    contact = make_contact(cast.acme, custom_attributes={"crm_id": "A 7"})
    reader = make_reader(cast.acme, cast.bo, make_conversation(cast.inbox, contact=contact))
    body = {"title": "CRM", "content": [{"type": "frame", "url": url}]}

    api(cast.ada).post(f"/api/v1/accounts/{cast.acme.id}/dashboard_apps", body)
    (frame,) = app_frames([make_app(cast.acme, urls=(url,))], reader)[0]["frames"]

    assert frame["url"] == f"https://crm.example.com/customers/A%207?by={cast.bo.id}"


def test_every_variable_is_listed_and_no_other() -> None:
    listed = tables_of(APPS / "url-variables.md")["What can be named"]

    assert {name.strip("{}") for name in listed} == set(NAMES)


def test_a_token_is_asked_about_as_it_is_shown_and_has_the_claims_that_are_listed(
    cast: Cast, api: Callable[..., ApiClient]
) -> None:
    (listing,) = listings_of(APPS / "signed-context.md", "text")
    asked = re.fullmatch(r"POST (\S+)\n(.+)\n", listing.text)
    assert asked is not None
    app = make_app(cast.acme, urls=(URL,))
    contact = make_contact(cast.acme, identifier="crm-77")
    about = {
        "agent": cast.bo,
        "login": sign_in(cast.bo),
        "conversation": make_conversation(cast.inbox, contact=contact),
    }
    context, _ = context_token(app, **about, session="f1", placement="side")
    launch, _ = launch_token(app, **about, url=URL, placement="side")

    told = api().post(asked[1], {**json.loads(asked[2]), "token": context})

    assert told == {"active": True, "kind": "context", **read(context).claims}
    listed = tables_of(APPS / "signed-context.md")["What stands in a token"]
    assert set(listed) == {*read(context).claims, *read(launch).claims}


def test_the_two_kinds_are_called_so_and_live_as_long() -> None:
    page = (APPS / "signed-context.md").read_text(encoding="utf-8")
    (typs,), (lives,) = (
        re.findall(rf"^\| {row} \| (.+) \| (.+) \|$", page, re.M) for row in ("`typ`.*?", "lives for")
    )

    assert list(typs) == [f"`{kind.typ}`" for kind in KINDS]
    for kind, lived in zip(KINDS, lives, strict=True):
        assert lived.startswith(f"{kind.lifetime.total_seconds():.0f} seconds")


def test_the_context_that_is_typed_in_the_playground_is_taken() -> None:
    typed, _ = listings_of(APPS / "playground.md", "json")
    context = json.loads(typed.text)

    assert checked_context(context)["contact"]["name"] == context["contact"]["name"]


@pytest.mark.parametrize("listing", listings_of(APPS / "playground.md", "sh"), ids=str)
def test_the_twins_are_served_where_it_says(listing: Listing) -> None:
    port = str(free_port())
    command = re.sub(r"\b80\d\d\b", port, listing.text)

    with serving(command, CHECKOUT), urlopen(f"http://127.0.0.1:{port}/index.html", timeout=30) as answer:
        assert b"<title>" in answer.read()
