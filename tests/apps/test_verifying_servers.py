"""The examples as servers of their own: they fetch the desk's keys, and believe each launch once."""

import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request
from urllib.request import urlopen

import pytest

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.apps.operations.tokens import context_token
from dashboard.apps.operations.tokens import launch_token
from dashboard.extensions import asked_at
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.servers import Desk
from tests.support.servers import Server
from tests.support.tokens import sign_in
from tests.support.verifiers import own_origin
from tests.support.verifiers import running


def ask(url: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    data = urlencode(form).encode() if form else None
    try:
        with urlopen(Request(url, data=data, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("kind", ["flask", "node"])
def test_a_server_believes_the_desk_and_nobody_else(
    live: Server, desk: Desk, tmp_path: Path, kind: str
) -> None:
    origin = own_origin()
    with live.work():
        asked = asked_at.set(live.url)
        app = make_app(db.session.get_one(Account, desk.account_id), urls=(f"{origin}/?v=2",))
        maria = make_conversation(db.session.get_one(Inbox, desk.inbox_id))
        bo = db.session.get_one(User, desk.bo.id)
        about: dict[str, Any] = {
            "agent": bo,
            "login": sign_in(bo),
            "conversation": maria,
            "placement": "side",
        }
        context, _ = context_token(app, **about, session="f1")
        launch, _ = launch_token(app, **about, url=f"{origin}/?v=2")
        client_id, customer = app.client_id, maria.contact_id
        asked_at.reset(asked)

    with running(kind, tmp_path, desk=live.url, client_id=client_id, origin=origin):
        status, body = ask(f"{origin}/orders", Authorization=f"Bearer {context}")
        assert (status, json.loads(body)["customer"]) == (200, customer)
        assert ask(f"{origin}/orders", Authorization=f"Bearer {launch}")[0] == 403
        assert ask(f"{origin}/orders")[0] == 403

        assert ask(f"{origin}/", {"desk_token": context})[0] == 403
        status, body = ask(f"{origin}/?v=2", {"desk_token": launch})
        assert status == 200
        assert desk.bo.email in body.replace("&#64;", "@")
        assert ask(f"{origin}/?v=2", {"desk_token": launch})[0] == 403
