"""The receivers among the examples: they take what is their desk's, and nothing else, each event once."""

import importlib.util
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request
from urllib.request import urlopen
from uuid import uuid4

import pytest

from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from dashboard.lib.signatures import signature
from dashboard.lib.tokens import new_token
from dashboard.webhooks.models import Endpoint
from docs.signatures import FILE
from docs.signatures import make
from tests.support.factories import make_conversation
from tests.support.processes import Program
from tests.support.processes import started
from tests.support.servers import Server
from tests.support.verifiers import own_origin

EXAMPLES = CHECKOUT / "examples" / "webhooks"
VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
Vector = dict[str, Any]


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", EXAMPLES / "flask" / "verify.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_published_requests_are_those_that_are_made() -> None:
    assert make() == VECTORS, "python -m docs.signatures, and commit the file"


@pytest.mark.parametrize("vector", VECTORS["good"], ids=lambda vector: vector["why"])
def test_python_takes_what_is_good(example: ModuleType, vector: Vector) -> None:
    taken = example.verify(
        vector["headers"], vector["body"].encode(), VECTORS["secret"], now=lambda: VECTORS["at"]
    )

    assert taken == vector["headers"]["X-Chatwoot-Delivery"]


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=lambda vector: vector["why"])
def test_python_refuses_what_is_bad(example: ModuleType, vector: Vector) -> None:
    with pytest.raises(example.Refused):
        example.verify(
            vector["headers"], vector["body"].encode(), VECTORS["secret"], now=lambda: VECTORS["at"]
        )


def test_node_judges_alike() -> None:
    command = ["node", str(CHECKOUT / "tests/webhooks/verify.mjs"), str(EXAMPLES / "node"), str(FILE)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    judged = json.loads(done.stdout)
    taken = {each["why"] for each, is_good in zip(VECTORS["bad"], judged["bad"], strict=True) if is_good}
    assert taken == set()
    assert judged["good"] == [True] * len(VECTORS["good"])


@contextmanager
def receiving(kind: str, origin: str, folder: Path, secret: str) -> Iterator[Program]:
    """The example in `flask` or `node` as a server of its own."""
    port = origin.rpartition(":")[2]
    flask = [sys.executable, "-m", "flask", "--app", "server", "run", "--port", port]
    command = {"flask": flask, "node": ["node", "server.mjs"]}[kind]
    known = {"SECRET": secret, "PORT": port, "FILE": f"{folder}/events.db", "FOLDER": str(folder)}
    with started(command, EXAMPLES / kind, said=origin, **known) as program:
        yield program


def kept(kind: str, folder: Path) -> list[str]:
    """What it was told: the contents of messages."""
    if kind == "node":
        return sorted(json.loads(file.read_text())["content"] for file in folder.glob("*.json"))
    with closing(sqlite3.connect(folder / "events.db")) as database:
        rows = database.execute("SELECT body FROM events").fetchall()
    return sorted(json.loads(body)["content"] for (body,) in rows)


def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(url, body, headers), timeout=30) as answer:
            return answer.status
    except HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("kind", ["flask", "node"])
def test_a_receiver_takes_what_its_desk_sends_and_nothing_else(
    near: Server, tmp_path: Path, kind: str
) -> None:
    desk, origin, secret = near.make_desk(), own_origin(), new_token()
    with near.work():
        hook = Endpoint(
            account_id=desk.account_id, url=f"{origin}/", secret=secret, events=["message_created"]
        )
        db.session.add(hook)
        conversation = make_conversation(db.session.get_one(Inbox, desk.inbox_id))
        messages = f"/api/v1/accounts/{desk.account_id}/conversations/{conversation.display_id}/messages"
        hook_id = hook.id
    bo = near.api(desk.bo.token)
    told = {"flask": '" 204', "node": "taken: message_created"}[kind]

    with receiving(kind, origin, tmp_path, secret) as receiver:
        bo.post(messages, {"content": "Grüße, \u2028 and 1.0"})
        receiver.hear(told)
        with near.work():
            hook = db.session.get_one(Endpoint, hook_id)
            hook.old_secret, hook.secret = secret, new_token()
            hook.old_secret_until = clock.now() + timedelta(hours=1)
            new_secret = hook.secret
        bo.post(messages, {"content": "signed twice"})
        receiver.hear(told)
        assert kept(kind, tmp_path) == ["Grüße, \u2028 and 1.0", "signed twice"]

        body, now = b'{"event":"message_created","content":"by hand"}', int(time.time())
        right = {
            "Content-Type": "application/json",
            "X-Chatwoot-Timestamp": str(now),
            "X-Chatwoot-Signature": signature(secret, now, body),
            "X-Chatwoot-Delivery": str(uuid4()),
        }
        old = {
            "X-Chatwoot-Timestamp": str(now - 400),
            "X-Chatwoot-Signature": signature(secret, now - 400, body),
        }
        wrong = [
            {"X-Chatwoot-Signature": signature("another secret", now, body)},
            {"X-Chatwoot-Delivery": "../../events"},
            old,
        ]
        assert send(origin, body.replace(b"hand", b"Hand"), right) == 401
        assert [send(origin, body, {**right, **each}) for each in wrong] == [401] * 3
        for name in [name for name in right if name.startswith("X-")]:
            assert send(origin, body, {key: value for key, value in right.items() if key != name}) == 401
        assert len(kept(kind, tmp_path)) == 2

        assert [send(origin, body, right) for _ in range(2)] == [204, 204]
        assert kept(kind, tmp_path) == ["Grüße, \u2028 and 1.0", "by hand", "signed twice"]

    with receiving(kind, origin, tmp_path, new_secret) as receiver:
        bo.post(messages, {"content": "still twice"})
        receiver.hear(told)
        assert send(origin, body, right) == 401
        assert "still twice" in kept(kind, tmp_path)
