"""Whether a token still holds: everything that can have changed since it was signed ends it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from dashboard.accounts.models import UserSession
from dashboard.accounts.queries import member_of
from dashboard.apps.api import MOST_QUESTIONS
from dashboard.apps.models.apps import LIVE
from dashboard.apps.models.apps import PAUSED
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.keys import UsedToken
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.keys import replace_keys
from dashboard.apps.operations.keys import rotate_keys
from dashboard.apps.operations.keys import signing_key
from dashboard.apps.operations.tokens import context_token
from dashboard.apps.operations.tokens import launch_token
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from dashboard.extensions import limiter
from dashboard.inboxes.models import InboxMember
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.tokens import read
from tests.support.tokens import sign_in

pytestmark = pytest.mark.database

URL = "https://orders.example.com/panel"
Ask = Callable[..., Any]


@pytest.fixture
def orders(cast: Cast) -> DashboardApp:
    return make_app(cast.acme, urls=(URL,))


@pytest.fixture
def maria(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox)


@pytest.fixture
def login(cast: Cast) -> UserSession:
    return sign_in(cast.bo)


@pytest.fixture
def context(cast: Cast, orders: DashboardApp, maria: Conversation, login: UserSession) -> str:
    about = {"agent": cast.bo, "login": login, "conversation": maria}
    return context_token(orders, **about, session="f1", placement="side")[0]


@pytest.fixture
def launch(cast: Cast, orders: DashboardApp, maria: Conversation, login: UserSession) -> str:
    about = {"agent": cast.bo, "login": login, "conversation": maria}
    return launch_token(orders, **about, url=URL, placement="side")[0]


@pytest.fixture
def ask(api: Callable[..., Any]) -> Ask:
    def asked(token: str, **more: str) -> Any:
        return api().post("/api/apps/introspect", {"token": token, **more})

    return asked


def forged(token: str, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """The same token with something else in it, signed with our own key all the same."""
    told = read(token)
    return jwt.encode(
        {**told.header, **(header or {})}, {**told.claims, **claims}, signing_key(), algorithms=["ES256"]
    )


def test_a_token_that_holds_is_told_with_its_claims(ask: Ask, context: str) -> None:
    assert ask(context) == {"active": True, "kind": "context", **read(context).claims}
    assert ask(context)["active"] is True


def test_a_launch_token_is_good_for_one_question(ask: Ask, launch: str) -> None:
    assert ask(launch)["kind"] == "launch"
    assert ask(launch) == {"active": False}


def test_what_is_kept_of_used_tokens_goes_when_their_time_is_over(
    ask: Ask, cast: Cast, orders: DashboardApp, login: UserSession, launch: str
) -> None:
    ask(launch)
    clock.shift(timedelta(minutes=10))
    about = {"agent": cast.bo, "login": login, "conversation": None}
    later, _ = launch_token(orders, **about, url=URL, placement="side")

    assert ask(later)["active"] is True
    assert db.session.scalar(select(func.count()).select_from(UsedToken)) == 1


def test_a_launch_token_is_for_its_address(ask: Ask, launch: str) -> None:
    assert ask(launch, url="https://orders.example.com/other") == {"active": False}
    assert ask(launch, url="no address") == {"active": False}
    assert ask(launch, url=f"{URL}#top")["active"] is True


@pytest.mark.attack(44)
def test_signing_out_ends_it(ask: Ask, login: UserSession, context: str, launch: str) -> None:
    db.session.delete(login)

    assert ask(context) == ask(launch) == {"active": False}


def test_signing_in_again_does_not_bring_it_back(
    ask: Ask, cast: Cast, login: UserSession, context: str
) -> None:
    db.session.delete(login)
    sign_in(cast.bo)

    assert ask(context) == {"active": False}


@pytest.mark.attack(44)
def test_another_role_ends_it(ask: Ask, cast: Cast, context: str) -> None:
    member_of(cast.acme.id, cast.bo.id).role = "administrator"

    assert ask(context) == {"active": False}


def test_whoever_is_no_longer_in_the_account_is_nobody(ask: Ask, cast: Cast, context: str) -> None:
    db.session.delete(member_of(cast.acme.id, cast.bo.id))

    assert ask(context) == {"active": False}


@pytest.mark.attack(20)
def test_whoever_no_longer_works_in_the_inbox_sees_its_conversations_no_more(
    ask: Ask, cast: Cast, context: str
) -> None:
    db.session.execute(delete(InboxMember).where(InboxMember.user_id == cast.bo.id))

    assert ask(context) == {"active": False}


@pytest.mark.attack(21, 44)
def test_an_app_that_is_paused_or_not_for_them_is_told_nothing(
    ask: Ask, orders: DashboardApp, context: str
) -> None:
    orders.state = PAUSED
    assert ask(context) == {"active": False}
    orders.state, orders.visibility = LIVE, {"roles": ["administrator"]}
    assert ask(context) == {"active": False}
    orders.visibility = {}
    orders.conditions = [{"field": "conversation.status", "test": "one_of", "values": ["resolved"]}]
    assert ask(context) == {"active": False}
    orders.conditions = []
    assert ask(context)["active"] is True


def test_an_app_that_is_gone_or_lives_elsewhere_is_told_nothing(
    ask: Ask, cast: Cast, orders: DashboardApp, context: str
) -> None:
    orders.content = [{"type": "frame", "url": "https://elsewhere.example.com/"}]
    assert ask(context) == {"active": False}

    remove_app(orders, actor=cast.ada)
    assert ask(context) == {"active": False}


def test_it_ends_when_its_time_is_over_and_clocks_may_differ(ask: Ask, context: str) -> None:
    clock.shift(timedelta(seconds=170))
    assert ask(context)["active"] is True
    clock.shift(timedelta(seconds=190))
    assert ask(context) == {"active": False}
    clock.shift(timedelta(seconds=-50))
    assert ask(context)["active"] is True
    clock.shift(timedelta(seconds=-90))
    assert ask(context) == {"active": False}


def test_a_rotation_ends_nothing_and_a_leak_everything(ask: Ask, context: str) -> None:
    rotate_keys()
    assert ask(context)["active"] is True

    replace_keys()
    assert ask(context) == {"active": False}


@pytest.mark.attack(43)
def test_one_kind_is_not_the_other(ask: Ask, context: str, launch: str) -> None:
    assert ask(forged(context, header={"typ": "deskframe-launch+jwt"})) == {"active": False}
    assert ask(forged(launch, header={"typ": "deskframe-context+jwt"})) == {"active": False}
    assert ask(forged(context, header={"typ": "JWT"})) == {"active": False}


@pytest.mark.attack(43)
def test_an_app_of_another_account_is_another_app(ask: Ask, cast: Cast, context: str) -> None:
    theirs = make_app(cast.other, urls=(URL,))

    assert ask(forged(context, aud=f"{theirs.client_id}/context")) == {"active": False}


@pytest.mark.parametrize("missing", ["aud", "azp", "exp", "iat", "iss", "jti", "nbf", "sid", "sub", "acct"])
def test_what_lacks_a_claim_does_not_hold(ask: Ask, context: str, missing: str) -> None:
    assert ask(forged(context, **{missing: None})) == {"active": False}


def test_a_key_that_the_token_brings_along_is_not_asked(app: Flask, ask: Ask, context: str) -> None:
    mine = ECKey.generate_key("P-256", auto_kid=True)
    told = read(context)
    for more in ({"kid": mine.kid}, {"jwk": mine.as_dict(private=False)}, {"jku": "https://evil.example/"}):
        evil = jwt.encode({**told.header, **more}, told.claims, mine, algorithms=["ES256"])
        assert ask(evil) == {"active": False}
    assert ask(forged(context, header={"jku": "https://evil.example/"})) == {"active": False}


@pytest.mark.parametrize(
    "nonsense",
    ["x", "a.b.c", "....", "é.é.é", "W10.W10.W10", "eyJhbGciOiJub25lIn0.e30.", "A" * 8192, "bnVsbA.e30.AA"],
)
def test_nonsense_does_not_hold(ask: Ask, nonsense: str) -> None:
    assert ask(nonsense) == {"active": False}


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": "A" * 8193}, {"token": ["x"]}])
def test_a_question_needs_a_token(api: Callable[..., Any], body: Any) -> None:
    api().post("/api/apps/introspect", body, expect=422)


def test_whoever_asks_without_end_is_told_to_wait(app: Flask) -> None:
    limiter.reset()
    client = app.test_client()

    answers = [client.post("/api/apps/introspect", json={"token": "x"}) for _ in range(MOST_QUESTIONS + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
    assert answers[-1].get_json()["error"].startswith("Too many requests")
    limiter.reset()
