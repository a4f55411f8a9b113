"""The list of what each scope lets through says what the program does."""

import re

import pytest

from dashboard.apps.schemas import projection
from dashboard.apps.schemas.access import SCOPES
from dashboard.config import CHECKOUT

PAGE = CHECKOUT / "docs" / "apps" / "payload.md"
TABLES = {
    "`contact`": projection.CONTACT,
    "`conversation`": projection.CONVERSATION,
    "`conversation.meta`": projection.META,
    "Messages": projection.MESSAGE,
    "`conversation` of a message": projection.AROUND_MESSAGE,
    "Agents": projection.AGENT,
}


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    text = PAGE.read_text(encoding="utf-8")
    part = re.split(r"^#+ (.*)$", text, flags=re.MULTILINE)
    section = part[part.index(heading) + 1]
    return [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("heading", TABLES)
def test_every_field_stands_with_its_scope(heading: str) -> None:
    told = {}
    for fields, scope in rows_under(heading):
        named = re.fullmatch(r"`([^`]+)`", scope)
        told[named[1] if named else ""] = tuple(re.findall(r"`([^`]+)`", fields))

    assert told == TABLES[heading]


def test_every_scope_is_explained() -> None:
    assert [scope.strip("`") for scope, _ in rows_under("What an app may be told")] == list(SCOPES)
