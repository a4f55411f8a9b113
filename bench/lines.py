"""The lines of the table: what is asked of both servers, and what is aimed at."""

import json
import random
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import text

from bench import client
from bench.measure import Desk
from bench.measure import Key
from bench.measure import Line
from bench.measure import with_page_cookies
from bench.processes import Server
from bench.seed import LONG_EVERY
from bench.seed import SPARE_ACCOUNTS
from dashboard.extensions import db

ADMIN = "ada@bench.test"
AGENT = "agent0@bench.test"
API = "/api/v1/accounts"
CLIENT_API = "/public/api/v1/inboxes"
LIST = "/accounts/1/conversations"
FIRST_SPARE = 2
PAGES = 60
MOST_QUERIES = 8
MOST_KB = 60

Thing = TypeVar("Thing")


def lines_of(desk: Desk, server: Server) -> list[Line]:
    """Every line that a server can be asked for, on this data."""
    agent = with_page_cookies(server, desk.key_of(AGENT), LIST)
    admin = with_page_cookies(server, desk.key_of(ADMIN), LIST)
    conversations = long_conversations(desk, AGENT)
    customers = addresses_for_customers(desk, conversations)
    pages = [f"{LIST}/{number}" for number in conversations[:PAGES]]
    return [
        _page("conversation page, 30 messages, 5 apps", pages, agent, weighs="page"),
        _page("conversation list with counts, an agent's", [LIST], agent, weighs="list"),
        _page("conversation list with counts, an administrator's", [LIST], admin, weighs="list"),
        Line(
            "dashboard apps API: list",
            count=240,
            requests=lambda count, _: [_api("GET", "1/dashboard_apps", agent)] * count,
            most_ratio=1.6,
        ),
        Line(
            "dashboard apps API: create",
            count=180,
            requests=lambda count, _: [
                _api("POST", f"{FIRST_SPARE + number % SPARE_ACCOUNTS}/dashboard_apps", admin, _app(number))
                for number in range(count)
            ],
            most_ratio=2,
            fills="dashboard_apps",
        ),
        Line(
            "message by API",
            count=150,
            requests=lambda count, turn: [
                _api("POST", f"1/conversations/{number}/messages", agent, _message(number))
                for number in _some(conversations, count, turn)
            ],
            most_ratio=2.5,
            most_p99=150,
            fills="messages",
        ),
        Line(
            "message by the client API",
            count=150,
            requests=lambda count, turn: [
                client.raw("POST", f"{path}/messages", {}, _message(number))
                for number, path in enumerate(_some(customers, count, turn))
            ],
            most_ratio=2.5,
            most_p99=150,
            fills="messages",
        ),
    ]


def long_conversations(desk: Desk, email: str) -> list[int]:
    """Conversations with a long thread, from everywhere in the data, that the person may see."""
    longs = range(LONG_EVERY, desk.data.conversations, LONG_EVERY)
    chosen = random.Random(1).sample(longs, min(1000, len(longs)))
    question = f"""
        SELECT display_id FROM conversations JOIN inbox_members USING (inbox_id)
        JOIN users ON users.id = inbox_members.user_id
        WHERE account_id = 1 AND email = :email AND display_id IN ({", ".join(map(str, chosen))})
    """
    with desk.app.app_context():
        found = list(db.session.scalars(text(question), {"email": email}))
    random.Random(2).shuffle(found)
    return found


def addresses_for_customers(desk: Desk, numbers: Sequence[int]) -> list[str]:
    """Where the client API has these conversations, for the customer of each."""
    question = f"""
        SELECT inboxes.identifier, source_id, display_id FROM conversations
        JOIN contact_inboxes ON contact_inboxes.id = contact_inbox_id
        JOIN inboxes ON inboxes.id = conversations.inbox_id
        WHERE conversations.account_id = 1 AND display_id IN ({", ".join(map(str, numbers))})
    """
    with desk.app.app_context():
        found = db.session.execute(text(question)).all()
    return [f"{CLIENT_API}/{row[0]}/contacts/{row[1]}/conversations/{row[2]}" for row in found]


def longest_page(desk: Desk) -> str:
    """The page of the one conversation with thousands of messages."""
    return f"{LIST}/{desk.data.conversations}"


def _page(name: str, paths: Sequence[str], key: Key, *, weighs: str) -> Line:
    return Line(
        name,
        count=60,
        requests=lambda count, turn: [
            client.raw("GET", path, {"Cookie": key.cookie}) for path in _some(paths, count, turn)
        ],
        most_ratio=3,
        page=paths[0],
        cookie=key.cookie,
        weighs=weighs,
    )


def _some(things: Sequence[Thing], count: int, turn: int) -> list[Thing]:
    return [things[(turn * count + each) % len(things)] for each in range(count)]


def _api(method: str, path: str, key: Key, body: bytes = b"") -> bytes:
    return client.raw(method, f"{API}/{path}", {"api_access_token": key.token}, body)


def _app(number: int) -> bytes:
    frame = {"type": "frame", "url": f"https://app{number % 7}.example.com/orders?n={number}"}
    return json.dumps({"title": f"Orders {number}", "content": [frame]}).encode()


def _message(number: int) -> bytes:
    text = f"Your parcel {number} is on its way, it should be there tomorrow."
    return json.dumps({"content": text}).encode()
