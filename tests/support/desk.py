"""Looking at the agents' pages, and doing on them what htmx does."""

from typing import Any

from bs4 import BeautifulSoup

from dashboard.conversations.models import Conversation
from tests.support.cast import Cast
from tests.support.contexts import unpacked
from tests.support.page import Page

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def path(conversation: Conversation, *rest: str) -> str:
    start = f"/accounts/{conversation.account_id}/conversations/{conversation.display_id}"
    return "/".join((start, *rest))


def desk(cast: Cast, query: str = "") -> str:
    return f"/accounts/{cast.acme.id}/conversations{query}"


def context_of(html: BeautifulSoup) -> dict[str, Any]:
    block = html.select_one("#app-context")
    assert block is not None
    context: dict[str, Any] = unpacked(block.text)
    return context


def rows_of(html: BeautifulSoup) -> list[str]:
    return [row.text for row in html.select(".row strong")]


def fragment(page: Page, address: str, target: str) -> BeautifulSoup:
    return page.get(address, headers={**HTMX, "HX-Target": target})


def change(
    page: Page, conversation: Conversation, resource: str, *, expect: int = 200, **fields: Any
) -> BeautifulSoup:
    """What htmx gets; it says which message is the last one on its page."""
    address = path(conversation)
    headers = {**HTMX, "HX-Current-URL": f"http://localhost{address}"}
    return page.post(f"{address}/{resource}", {"after": "0", **fields}, headers=headers, expect=expect)
