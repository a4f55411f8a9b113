"""The agents' view: looking and doing."""

import json

import pytest

from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.page import Page


@pytest.mark.parametrize("person", ["ada", "bo"])
def test_who_works_in_the_inbox_reads_its_conversations(page: Page, cast: Cast, person: str) -> None:
    conversation = make_conversation(cast.inbox)
    make_message(conversation, "Hello, where is it?")
    make_app(cast.acme, placement="both")
    page.sign_in(getattr(cast, person))

    html = page.get(f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}")

    assert "Hello, where is it?" in html.select_one(".log").text
    context = json.loads(html.select_one("#app-context").text)
    assert context["key"] == str(conversation.display_id)
