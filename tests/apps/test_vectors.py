"""Every published good token is taken and every bad one refused: by the desk itself and by both examples."""

import importlib.util
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from dashboard.accounts.models import UserSession
from dashboard.apps.models.keys import SigningKey
from dashboard.apps.operations.introspection import introspect
from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.lib import clock
from docs.vectors import SECRET_KEY
from docs.vectors import SIGN_IN
from tests.support.documents import site
from tests.support.factories import make_account
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_user
from tests.support.verifiers import EXAMPLES
from tests.support.verifiers import node_example

FILE = CHECKOUT / "docs" / "apps" / "bad-tokens.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
Vector = dict[str, str]
every_good = pytest.mark.parametrize("vector", VECTORS["good"], ids=lambda vector: vector["why"])
every_bad = pytest.mark.parametrize("vector", VECTORS["bad"], ids=lambda vector: vector["why"])


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", EXAMPLES / "flask" / "verify.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def jwks(tmp_path: Path) -> Any:
    (tmp_path / "jwks.json").write_text(json.dumps(VECTORS["jwks"]))
    with site(tmp_path) as address:
        yield f"{address}/jwks.json"


@pytest.fixture
def is_taken(example: ModuleType, jwks: str) -> Callable[[Vector], bool]:
    """Whether the example in Flask takes it."""

    def taken(vector: Vector) -> bool:
        verifier = example.Verifier(
            desk=VECTORS["issuer"],
            client_id=VECTORS["client_id"],
            origin=VECTORS["origin"],
            jwks=jwks,
            now=lambda: VECTORS["at"],
        )
        if "after" in vector:
            verifier.verify(vector["after"], vector["kind"], url=VECTORS["url"])
        try:
            verifier.verify(vector["token"], vector["kind"], url=VECTORS["url"])
        except example.Refused:
            return False
        return True

    return taken


@every_good
def test_the_example_in_flask_takes_what_is_good(is_taken: Callable[[Vector], bool], vector: Vector) -> None:
    assert is_taken(vector)


@every_bad
def test_the_example_in_flask_refuses_what_is_bad(is_taken: Callable[[Vector], bool], vector: Vector) -> None:
    assert not is_taken(vector)


def test_the_example_in_flask_trusts_nobody_while_the_keys_are_out_of_reach(example: ModuleType) -> None:
    known = {name: VECTORS[name] for name in ("client_id", "origin")}
    verifier = example.Verifier(desk=VECTORS["issuer"], jwks="http://127.0.0.1:9/", **known)

    with pytest.raises(example.Refused):
        verifier.verify(VECTORS["good"][0]["token"], "context")


def test_the_example_in_node_judges_alike(jwks: str, tmp_path: Path) -> None:
    runner = CHECKOUT / "tests" / "apps" / "verify.mjs"
    command = ["node", str(runner), str(node_example(tmp_path)), str(FILE), jwks]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    judged = json.loads(done.stdout)
    taken = {each["why"] for each, is_good in zip(VECTORS["bad"], judged["bad"], strict=True) if is_good}
    assert taken == set()
    assert judged["good"] == [True] * len(VECTORS["good"])


@pytest.fixture
def ours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Vector], bool]:
    """Whether the desk says of it that it holds, where all that the tokens speak of is there."""
    config = replace(app.config["DESK"], public_url=VECTORS["issuer"], secret_key=SECRET_KEY)
    monkeypatch.setitem(app.config, "DESK", config)
    (public,) = VECTORS["jwks"]["keys"]
    account = make_account(id=1, last_display_id=11)
    bo = make_user(account, id=7)
    make_app(account, urls=(VECTORS["url"],), client_id=VECTORS["client_id"])
    contact = make_contact(account, id=40)
    make_conversation(make_inbox(account, id=3, members=(bo,)), contact=contact)
    clock.shift(clock.from_epoch(VECTORS["at"]) - clock.now() + timedelta(milliseconds=100))
    db.session.add(UserSession(user_id=bo.id, digest=SIGN_IN))
    key = SigningKey(id=1, kid=public["kid"], public_jwk=public, private_key="", active_from=clock.now())
    db.session.add(key)
    db.session.flush()

    def is_active(token: str, kind: str) -> bool:
        told = introspect(token, url=VECTORS["url"])
        return told["active"] is True and told["kind"] == kind

    def taken(vector: Vector) -> bool:
        if "after" in vector:
            assert is_active(vector["after"], vector["kind"])
        return is_active(vector["token"], vector["kind"])

    return taken


@every_good
def test_the_desk_takes_what_is_good(ours: Callable[[Vector], bool], vector: Vector) -> None:
    assert ours(vector)


@pytest.mark.attack(43)
@every_bad
def test_the_desk_refuses_what_is_bad(ours: Callable[[Vector], bool], vector: Vector) -> None:
    assert not ours(vector)
