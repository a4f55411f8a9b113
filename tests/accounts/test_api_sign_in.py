"""Phone and desktop clients sign in with a password and carry five headers from then on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.accounts.models import SignInToken
from dashboard.accounts.models import User
from dashboard.accounts.operations.agents import remove_agent
from dashboard.accounts.operations.passwords import change_password
from dashboard.accounts.operations.sessions import MOST_CLIENTS
from dashboard.accounts.operations.sessions import forget_the_old
from dashboard.accounts.queries import member_of
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.factories import PASSWORD

HEADERS = ("access-token", "token-type", "client", "expiry", "uid")
NOBODY = {"errors": ["You need to sign in or sign up before continuing."]}
WRONG = {"success": False, "errors": ["Invalid login credentials. Please try again."]}

SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def sign_in(client: FlaskClient) -> SignIn:
    def sign_in(user: User) -> dict[str, str]:
        """The five headers."""
        answer = client.post("/auth/sign_in", json={"email": user.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return {name: answer.headers[name] for name in HEADERS}

    return sign_in


def test_the_headers_of_a_sign_in_open_the_api(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/auth/sign_in", json={"email": cast.bo.email.upper(), "password": PASSWORD})

    assert "Set-Cookie" not in answer.headers
    data = answer.json["data"]
    assert (data["email"], data["access_token"]) == (cast.bo.email, cast.token(cast.bo))
    assert data["pubsub_token"] == cast.bo.pubsub_token
    assert data["accounts"][0]["role"] == "agent"
    headers = {name: answer.headers[name] for name in HEADERS}
    assert (headers["uid"], headers["token-type"]) == (cast.bo.email, "Bearer")
    two_months = clock.epoch(clock.now()) + 61 * 24 * 3600
    assert abs(int(headers["expiry"]) - two_months) < 60

    path = f"/api/v1/accounts/{cast.acme.id}/conversations"
    assert client.get(path, headers=headers).status_code == 200
    validated = client.get("/auth/validate_token", headers=headers).json["payload"]
    assert (validated["success"], validated["data"]["id"]) == (True, cast.bo.id)
    assert validated["data"]["created_at"].endswith("Z")
    stored = db.session.scalars(db.select(SignInToken)).one()
    assert headers["access-token"] not in {stored.digest, stored.client}


def test_an_access_token_counts_before_them(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    headers = sign_in(cast.bo)

    found = client.get("/api/v1/profile", headers={**headers, "api_access_token": cast.token(cast.ada)})
    assert found.json["id"] == cast.ada.id
    wrong = client.get("/api/v1/profile", headers={**headers, "api_access_token": "wrong"})
    assert (wrong.status_code, wrong.json) == (401, {"error": "Invalid Access Token"})


@pytest.mark.parametrize("spoiled", ["access-token", "client", "uid"])
def test_each_of_three_headers_must_be_right(
    client: FlaskClient, cast: Cast, sign_in: SignIn, spoiled: str
) -> None:
    headers = sign_in(cast.bo)

    for value in (cast.ada.email, "x", ""):
        answer = client.get("/api/v1/profile", headers={**headers, spoiled: value})
        assert (answer.status_code, answer.json) == (401, NOBODY)


def test_signing_out_ends_that_client_only(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    phone, desktop = sign_in(cast.bo), sign_in(cast.bo)

    assert client.delete("/auth/sign_out", headers=phone).json == {"success": True}

    assert client.get("/auth/validate_token", headers=phone).json == NOBODY
    assert client.delete("/auth/sign_out", headers=phone).status_code == 401
    assert client.get("/auth/validate_token", headers=desktop).status_code == 200
    by_token = client.delete("/auth/sign_out", headers={"api_access_token": cast.token(cast.bo)})
    assert by_token.status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "nobody@example.com", "password": "x"}, {"email": 5, "password": []}, {"email": None}],
)
def test_what_is_wrong_is_told_in_upstreams_words(client: FlaskClient, cast: Cast, body: Any) -> None:
    answer = client.post("/auth/sign_in", json=body)

    assert answer.status_code in {401, 422}
    assert answer.status_code == 422 or answer.json == WRONG


def test_too_many_wrong_passwords_lock_here_as_on_the_page(client: FlaskClient, cast: Cast) -> None:
    wrong = {"email": cast.bo.email, "password": "wrong"}
    for _ in range(5):
        assert client.post("/auth/sign_in", json=wrong).status_code == 401

    answer = client.post("/auth/sign_in", json={"email": cast.bo.email, "password": PASSWORD})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert answer.json["success"] is False


def test_a_new_password_ends_every_client(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    headers = sign_in(cast.bo)

    change_password(cast.bo, current=PASSWORD, new="another horse 43")

    assert client.get("/api/v1/profile", headers=headers).status_code == 401


def test_who_is_removed_is_signed_out(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    headers = sign_in(cast.bo)

    remove_agent(member_of(cast.acme.id, cast.bo.id), actor=cast.ada)

    assert client.get("/api/v1/profile", headers=headers).status_code == 401


def test_after_two_months_it_is_over(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    headers = sign_in(cast.bo)
    clock.shift(timedelta(days=61, seconds=1))

    assert client.get("/api/v1/profile", headers=headers).status_code == 401
    forget_the_old()
    assert db.session.scalars(db.select(SignInToken)).all() == []


def test_of_many_clients_the_oldest_goes(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    first = sign_in(cast.bo)
    for _ in range(MOST_CLIENTS):
        sign_in(cast.bo)

    assert client.get("/api/v1/profile", headers=first).status_code == 401
    assert len(db.session.scalars(db.select(SignInToken)).all()) == MOST_CLIENTS
