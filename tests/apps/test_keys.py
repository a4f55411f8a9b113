"""The keys that tokens are signed with: made once, kept closed, replaced without anybody noticing."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select

from dashboard.apps.models.keys import SigningKey
from dashboard.apps.operations.keys import key_set
from dashboard.apps.operations.keys import replace_keys
from dashboard.apps.operations.keys import rotate_keys
from dashboard.apps.operations.keys import signing_key
from dashboard.apps.queries.keys import published_keys
from dashboard.extensions import db
from dashboard.extensions import write_intent
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from tests.cli.test_commands import run

pytestmark = pytest.mark.database


def kids() -> list[str]:
    return [key["kid"] for key in key_set()["keys"]]


def test_the_first_key_is_made_when_it_is_needed_and_stays(app: Flask) -> None:
    assert published_keys() == []

    key = signing_key()

    assert kids() == [key.kid] == [signing_key().kid]


def test_what_is_published_has_no_private_half(app: Flask) -> None:
    (jwk,) = key_set()["keys"]

    assert set(jwk) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (jwk["kty"], jwk["crv"], jwk["use"], jwk["alg"]) == ("EC", "P-256", "sig", "ES256")


def test_the_private_half_is_not_readable_in_the_database(app: Flask) -> None:
    private = signing_key().as_dict(private=True)

    row = json.dumps([[key.private_key, key.public_jwk] for key in published_keys()])

    assert private["d"] not in row
    assert '"d"' not in row


def test_a_reader_who_needs_the_first_key_makes_it(app: Flask, client: FlaskClient) -> None:
    write_intent.set(False)

    assert client.get("/.well-known/jwks.json").json["keys"]
    assert write_intent.get() is False


def test_sixteen_who_need_the_first_key_at_once_make_one(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    together = Barrier(16)

    def need(_: int) -> str:
        with app.app_context():
            together.wait()
            return str(signing_key().kid)

    with ThreadPoolExecutor(16) as pool:
        named = set(pool.map(need, range(16)))

    assert len(named) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SigningKey)) == 1


def test_a_new_key_is_known_a_day_before_it_signs_and_the_old_one_a_day_after(app: Flask) -> None:
    old = signing_key().kid

    new = rotate_keys().kid

    assert (signing_key().kid, kids()) == (old, [new, old])
    clock.shift(timedelta(hours=23, minutes=59))
    assert (signing_key().kid, kids()) == (old, [new, old])
    clock.shift(timedelta(hours=24, seconds=1))
    assert (signing_key().kid, kids()) == (new, [new, old])
    clock.shift(timedelta(hours=48, seconds=2))
    assert (signing_key().kid, kids()) == (new, [new])


def test_two_who_rotate_make_one_new_key(app: Flask) -> None:
    rotate_keys()

    with pytest.raises(Invalid, match="waits for its day"):
        rotate_keys()

    assert len(kids()) == 2


def test_what_has_retired_is_thrown_away_with_the_next_rotation(app: Flask) -> None:
    signing_key()
    second = rotate_keys().kid
    clock.shift(timedelta(days=3))

    third = rotate_keys().kid

    assert list(db.session.scalars(select(SigningKey.kid).order_by(SigningKey.id))) == [second, third]


def test_after_a_leak_every_other_key_is_gone_at_once(app: Flask) -> None:
    signing_key()
    rotate_keys()

    new = replace_keys().kid

    assert kids() == [new] == [signing_key().kid]
    assert list(db.session.scalars(select(SigningKey.kid))) == [new]


def test_who_changes_the_secret_key_gets_a_new_key_and_tokens_of_the_old_one_still_hold(app: Flask) -> None:
    old = signing_key().kid
    config = app.config["DESK"]
    app.config["DESK"] = replace(config, secret_key="another " * 6)
    try:
        new = signing_key().kid
        again = signing_key().kid
    finally:
        app.config["DESK"] = config

    assert new == again != old
    assert kids() == [new, old]


def test_a_process_notices_what_another_one_rotated(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    desk = make_app()
    with desk.app_context():
        before = signing_key().kid
        db.session.rollback()
    ours = json.loads(run(desk, "keys", "rotate", "--now", "--json").output)

    with desk.app_context():
        assert signing_key().kid == ours["kid"] != before


def test_the_commands_say_what_there_is(make_app: Callable[..., Flask]) -> None:
    desk = make_app()
    first = json.loads(run(desk, "keys", "rotate", "--now", "--json").output)
    second = json.loads(run(desk, "keys", "rotate", "--json").output)

    listed = json.loads(run(desk, "keys", "list", "--json").output)

    assert [key["kid"] for key in listed] == [second["kid"], first["kid"]]
    assert listed[0]["retire_at"] is None
    assert listed[0]["active_from"] > listed[1]["active_from"]
    assert listed[1]["retire_at"] > listed[0]["active_from"]
    assert second["kid"] in run(desk, "keys", "list").output
    assert "waits for its day" in run(desk, "keys", "rotate", expect=1).output


def test_everybody_may_fetch_the_keys_and_keep_them_an_hour(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("deskframe", "whatever")

    answer = client.get("/.well-known/jwks.json", headers={"Authorization": "Bearer nonsense"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert [key["kid"] for key in answer.json["keys"]] == kids()


def test_the_configuration_says_where_everything_is(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/.well-known/deskframe-configuration", base_url="https://desk.example.com")

    assert answer.json == {
        "issuer": "https://desk.example.com",
        "jwks_uri": "https://desk.example.com/.well-known/jwks.json",
        "introspection_endpoint": "https://desk.example.com/api/apps/introspect",
        "token_signing_alg_values_supported": ["ES256"],
        "token_types": {"launch": "deskframe-launch+jwt", "context": "deskframe-context+jwt"},
        "token_lifetimes": {"launch": 60, "context": 120},
        "versions": [1],
    }
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
