"""What a signed token says, cut to what the app may see; two kinds, and how long each lasts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.tokens import context_token
from dashboard.apps.operations.tokens import launch_token
from dashboard.apps.operations.tokens import url_hash
from dashboard.apps.operations.tokens import with_token
from dashboard.conversations.models import Conversation
from dashboard.extensions import desk_url
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.tokens import read
from tests.support.tokens import sign_in

Say = Callable[..., str]
URL = "https://orders.example.com/panel?v=2"


@pytest.fixture
def orders(cast: Cast) -> DashboardApp:
    return make_app(cast.acme, urls=(URL,))


@pytest.fixture
def maria(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, identifier="crm-17"))


@pytest.fixture
def say(cast: Cast, orders: DashboardApp, maria: Conversation) -> Say:
    """A context token of Bo's, with what is told apart."""

    def token(**other: object) -> str:
        usual = {"agent": cast.bo, "login": sign_in(cast.bo), "conversation": maria}
        return context_token(orders, **{**usual, "session": "f1", "placement": "side", **other})[0]

    return token


def test_a_context_token_says_who_looks_at_whom_in_which_app(
    cast: Cast, orders: DashboardApp, maria: Conversation, say: Say
) -> None:
    told = read(say())

    assert told.header.keys() == {"alg", "kid", "typ"}
    assert (told.header["alg"], told.header["typ"]) == ("ES256", "deskframe-context+jwt")
    claims = told.claims
    assert claims["iss"] == desk_url()
    assert claims["aud"] == f"{orders.client_id}/context"
    assert claims["azp"] == "https://orders.example.com"
    assert (claims["sub"], claims["acct"], claims["plc"]) == (f"agent:{cast.bo.id}", cast.acme.id, "side")
    assert claims["agent"] == {"id": cast.bo.id, "role": "agent", "email": cast.bo.email}
    assert claims["conv"] == {"id": maria.display_id, "inbox_id": cast.inbox.id}
    assert claims["contact"] == {"id": maria.contact_id, "identifier": "crm-17", "verified": False}
    assert "notes" not in claims["scope"].split()
    assert claims["exp"] - claims["iat"] == 120
    assert claims["nbf"] == claims["iat"] == pytest.approx(clock.now().timestamp(), abs=5)
    assert claims["sid"].startswith("f1.")
    assert "uh" not in claims


def test_no_two_tokens_are_the_same_and_the_newer_one_counts_higher(say: Say) -> None:
    first = read(say()).claims
    clock.shift(timedelta(seconds=1))
    second = read(say()).claims

    assert first["jti"] != second["jti"]
    assert first["seq"] < second["seq"]


def test_what_the_app_may_not_see_is_not_in_its_token(orders: DashboardApp, say: Say) -> None:
    orders.scopes = []
    bare = read(say()).claims
    orders.scopes = ["contact.basic"]
    some = read(say()).claims

    assert {"conv", "contact"}.isdisjoint(bare)
    assert "email" not in bare["agent"]
    assert bare["scope"] == ""
    assert some["contact"].keys() == {"id", "verified"}


def test_where_no_conversation_is_open_it_names_none(say: Say) -> None:
    assert {"conv", "contact"}.isdisjoint(read(say(conversation=None)).claims)


def test_a_proven_identity_is_told_as_such(maria: Conversation, say: Say) -> None:
    maria.contact_inbox.hmac_verified = True

    assert read(say()).claims["contact"]["verified"] is True


@pytest.mark.parametrize("name", ["a b", "ä", "x" * 129, "a.b", "\n"])
def test_a_session_has_a_plain_name(say: Say, name: str) -> None:
    with pytest.raises(Invalid):
        say(session=name)


def test_nobody_outside_the_account_gets_one(cast: Cast, say: Say) -> None:
    with pytest.raises(NotFound):
        say(agent=cast.eve)


def test_a_launch_token_is_for_one_address_and_one_minute(cast: Cast, orders: DashboardApp) -> None:
    token, ends = launch_token(
        orders, url=URL, agent=cast.bo, login=sign_in(cast.bo), conversation=None, placement="tab"
    )

    told = read(token)
    assert told.header["typ"] == "deskframe-launch+jwt"
    assert told.claims["aud"] == f"{orders.client_id}/launch"
    assert told.claims["uh"] == url_hash(URL)
    assert told.claims["exp"] - told.claims["iat"] == 60
    assert clock.epoch(ends) == told.claims["exp"]


def test_the_hash_is_of_what_the_apps_server_is_asked_for() -> None:
    same = [
        URL,
        f"{URL}#top",
        with_token(URL, "a.b.c"),
        with_token(f"{URL}#top", "a.b.c"),
        "https://Orders.Example.com:443/panel?v=2",
    ]
    assert {url_hash(url) for url in same} == {"_VuLjaUmnGFY4JeGM7uZssOMIrVolllv9mokzME3kL0"}
    assert url_hash("https://orders.example.com") == url_hash("https://orders.example.com/?")
    assert url_hash(URL) != url_hash("https://orders.example.com/panel?v=3")


def test_the_token_comes_last_in_the_query_and_before_the_fragment() -> None:
    assert with_token("https://a.example/x?y=1#z", "T") == "https://a.example/x?y=1&desk_token=T#z"
    assert with_token("https://a.example", "T") == "https://a.example?desk_token=T"
