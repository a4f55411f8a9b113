"""Messages on the agents' pages: how they are written, shown, answered and found again."""

import pytest

from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import receive_message
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.page import Page

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))


def path(conversation: Conversation, *rest: str) -> str:
    start = f"/accounts/{conversation.account_id}/conversations/{conversation.display_id}"
    return "/".join((start, *rest))


def test_marks_are_shown_as_they_are_meant_and_left_out_of_the_list(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    message = receive_message(conversation, content="The **blue** one, see https://example.com")
    page.sign_in(cast.bo)

    html = page.get(path(conversation))

    bubble = html.select_one(f"#message-{message.id} .bubble.prose")
    assert bubble.strong.text == "blue"
    assert bubble.a["href"] == "https://example.com"
    assert html.select_one(".row-text").text == "The blue one, see https://example.com"
    assert message.content == "The **blue** one, see https://example.com"


def test_a_message_of_an_older_version_is_read_when_it_is_shown(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    message = make_message(conversation, "It is *late*")
    assert message.html is None
    page.sign_in(cast.bo)

    assert page.get(path(conversation)).select_one(f"#message-{message.id} em").text == "late"


def test_of_a_deleted_message_nothing_is_kept(page: Page, cast: Cast, conversation: Conversation) -> None:
    message = post_message(conversation, content="a **secret**", author=cast.bo)
    page.sign_in(cast.bo)

    page.post(path(conversation, "messages", str(message.id), "deletion"))

    db.session.refresh(message)
    assert message.html is None
    assert "secret" not in page.get(path(conversation)).text
