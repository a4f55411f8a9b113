"""The page about bots: what a bot is told and which doors its token opens are what the page says."""

import re

from flask import Flask

from dashboard.config import CHECKOUT
from dashboard.webhooks.schemas.names import OF_BOT
from tests.support.documents import tables_of

PAGE = CHECKOUT / "docs" / "bots.md"
BELOW = "/api/v1/accounts/<int:account_id>/"


def test_the_calls_that_are_listed_are_those_that_let_bots_in(app: Flask) -> None:
    open_doors = set()
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "lets_bots_in", False):
            path = re.sub("<int:.+?>", "<id>", rule.rule.removeprefix(BELOW))
            open_doors |= {f"{method} {path}" for method in rule.methods or ()}

    listed = set(tables_of(PAGE)["Answer"])

    assert listed == {door for door in open_doors if door.split()[0] in {"GET", "POST", "PATCH"}}


def test_the_events_that_are_listed_are_those_that_bots_are_told() -> None:
    told = PAGE.read_text(encoding="utf-8").partition("## What it is told\n")[2].partition("fields.")[0]

    assert set(re.findall(r"`(\w+_\w+)`", told)) == set(OF_BOT)
