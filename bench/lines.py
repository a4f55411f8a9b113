"""The lines of the table: what is asked of both servers, and what is aimed at."""

from collections.abc import Callable

from bench import client
from bench.measure import Desk
from bench.measure import Line
from bench.measure import app_body
from bench.measure import cycle
from bench.measure import long_conversations
from bench.measure import message_body
from bench.measure import with_page_cookies
from bench.processes import Server
from bench.seed import SPARE_ACCOUNTS

ADMIN = "ada@bench.test"
AGENT = "agent0@bench.test"
API = "/api/v1/accounts"
LIST = "/accounts/1/conversations"
FIRST_SPARE = 2


def lines_of(desk: Desk, server: Server) -> list[Line]:
    """Every line that a server can be asked for, on this data."""
    agent, admin = desk.key_of(AGENT), desk.key_of(ADMIN)
    agents_browser = with_page_cookies(server, agent, LIST)
    admins_browser = with_page_cookies(server, admin, LIST)
    pages = [f"{LIST}/{number}" for number in long_conversations(desk, AGENT, 60)]
    answered = long_conversations(desk, AGENT, 400)
    return [
        Line(
            "conversation page, 30 messages, 5 apps",
            count=60,
            requests=lambda count, turn: cycle(pages, agents_browser, count, turn),
            most_ratio=3,
            page=pages[0],
            cookie=agents_browser.cookie,
            weighs="page",
        ),
        Line(
            "conversation list with counts (agent)",
            count=60,
            requests=lambda count, turn: cycle([LIST], agents_browser, count, turn),
            most_ratio=3,
            page=LIST,
            cookie=agents_browser.cookie,
            weighs="list",
        ),
        Line(
            "conversation list with counts (administrator)",
            count=60,
            requests=lambda count, turn: cycle([LIST], admins_browser, count, turn),
            most_ratio=3,
            page=LIST,
            cookie=admins_browser.cookie,
            weighs="list",
        ),
        Line(
            "dashboard apps API: list",
            count=240,
            requests=lambda count, _: (
                [client.raw("GET", f"{API}/1/dashboard_apps", {"api_access_token": agent.token})] * count
            ),
            most_ratio=1.6,
        ),
        Line(
            "dashboard apps API: create",
            count=180,
            requests=lambda count, _: [
                client.raw(
                    "POST",
                    f"{API}/{FIRST_SPARE + number % SPARE_ACCOUNTS}/dashboard_apps",
                    {"api_access_token": admin.token},
                    app_body(number),
                )
                for number in range(count)
            ],
            most_ratio=2,
            writes=True,
        ),
        Line(
            "message by API",
            count=150,
            requests=lambda count, turn: [
                client.raw(
                    "POST",
                    f"{API}/1/conversations/{answered[(turn * count + number) % len(answered)]}/messages",
                    {"api_access_token": agent.token},
                    message_body(number),
                )
                for number in range(count)
            ],
            most_ratio=2.5,
            most_p99=150,
            writes=True,
        ),
    ]


def cleaner(desk: Desk) -> Callable[[], None]:
    """Takes away what a run has added, so that the next one meets the same desk."""
    apps = desk.one("SELECT max(id) FROM dashboard_apps")
    messages = desk.one("SELECT max(id) FROM messages")

    def clean() -> None:
        desk.change("DELETE FROM dashboard_apps WHERE id > :last", last=apps)
        desk.change("DELETE FROM messages WHERE id > :last", last=messages)

    return clean
