"""What agents see of bots: what one said, that one has a conversation, taking over and giving back."""

import pytest

from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.desk import change
from tests.support.desk import desk
from tests.support.desk import path
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.page import Page
from tests.support.queries import counted

CARDS = {
    "items": [
        {
            "title": "50021",
            "description": "On its way",
            "actions": [{"type": "link", "text": "Track it", "uri": "https://track.example/1"}],
        }
    ]
}


@pytest.fixture
def robo(cast: Cast) -> AgentBot:
    return make_bot(cast.acme, inbox=cast.inbox)


@pytest.fixture
def waiting(conversation: Conversation, robo: AgentBot) -> Conversation:
    """A conversation that the bot has, and in which it has answered."""
    conversation.status = "pending"
    said = {"message_type": "outgoing", "sender_bot_id": robo.id}
    make_message(conversation, "Hello!", **said)
    make_message(conversation, "Your order", content_type="cards", content_attributes=CARDS, **said)
    return conversation


def activities(conversation: Conversation) -> list[str]:
    query = db.select(Message.content).where(
        Message.conversation_id == conversation.id, Message.message_type == "activity"
    )
    return list(db.session.scalars(query.order_by(Message.id)))


def test_what_a_bot_said_bears_its_name_and_its_mark(page: Page, cast: Cast, waiting: Conversation) -> None:
    make_message(waiting, "Looked at it", message_type="outgoing", sender_user_id=cast.cy.id)
    page.sign_in(cast.bo)
    address = path(waiting)

    with counted() as queries:
        html = page.get(address)

    assert queries.number <= 8
    hello, cards, colleague = html.select(".message[data-kind=outgoing]")
    assert hello["aria-label"] == cards["aria-label"] == "Robo"
    assert cards.has_attr("data-follows") and not colleague.has_attr("data-follows")
    assert cards.select_one(".message-meta .bot-mark").text == "Bot"
    assert cards.select_one(".message-meta").text.startswith("BotRobo ·")
    assert cards.select_one(".rich-card a")["href"] == "https://track.example/1"
    assert colleague["aria-label"] == "Cy Agent" and not colleague.select_one(".bot-mark")


def test_a_bot_that_is_gone_leaves_what_it_said(
    page: Page, cast: Cast, waiting: Conversation, robo: AgentBot
) -> None:
    db.session.delete(robo)
    page.sign_in(cast.bo)

    html = page.get(path(waiting))

    assert html.select_one(".message[data-kind=outgoing]")["aria-label"] == "The desk"
    assert not html.select_one(".bot-mark, .bot-line")


def test_the_list_and_the_search_say_that_a_bot_spoke(page: Page, cast: Cast, waiting: Conversation) -> None:
    make_conversation(cast.inbox)
    page.sign_in(cast.bo)

    rows = page.get(desk(cast, "?status=all")).select(".row")
    marked = [row["data-conversation"] for row in rows if row.select_one(".bot-mark")]
    assert marked == [str(waiting.display_id)]
    pending = page.get(desk(cast, "?status=pending")).select_one(".row")
    assert pending.select_one(".row-text").text == "Robo: Your order"

    [hit] = page.get(f"/accounts/{cast.acme.id}/search?q=hello").select(".hit")
    assert hit.select_one("strong").text == "Robo" and hit.select_one(".bot-mark")


def test_an_agent_takes_over_what_a_bot_has(page: Page, cast: Cast, waiting: Conversation) -> None:
    page.sign_in(cast.bo)
    html = page.get(path(waiting))
    assert html.select_one(".bot-line p").text == "Robo has this conversation."

    page.submit(".bot-line form")

    assert (waiting.status, waiting.assignee) == ("open", cast.bo)
    assert activities(waiting) == [
        "Conversation was reopened by Bo Agent",
        "Bo Agent self-assigned this conversation",
    ]
    assert not page.follow().select_one(".bot-line")


def test_an_agent_gives_it_back(page: Page, cast: Cast, waiting: Conversation) -> None:
    waiting.status = "open"
    page.sign_in(cast.bo)
    [back] = page.get(path(waiting)).select(".menu [value=pending]")
    assert back.text == "Give back to the bot"

    html = change(page, waiting, "status", status="pending")

    assert waiting.status == "pending"
    assert html.select_one(f"#head-{waiting.display_id} .bot-line")


def test_a_conversation_is_assigned_to_a_bot(page: Page, cast: Cast, conversation: Conversation) -> None:
    bot, stranger = make_bot(cast.acme, name=""), make_bot(cast.other)
    conversation.assignee_id = cast.bo.id
    page.sign_in(cast.bo)
    [choice] = page.get(path(conversation, "assignee")).select("[name=assignee_bot_id]")
    assert choice.select_one(".truncate").text == "Bot without a name" and choice.select_one(".bot-mark")

    html = change(page, conversation, "assignee", assignee_bot_id=choice["value"])

    assert (conversation.assignee_id, conversation.assignee_bot_id) == (None, bot.id)
    assert html.select_one(".prop")["aria-label"] == "Assignee: Bot without a name"
    change(page, conversation, "assignee", assignee_bot_id=stranger.id, expect=404)
    change(page, conversation, "assignee", expect=422)
    change(page, conversation, "assignee", assignee_id=0)
    assert conversation.assignee_bot_id is None


def test_where_there_are_no_bots_nothing_is_said_of_them(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    conversation.status = "pending"
    page.sign_in(cast.bo)

    html = page.get(path(conversation))

    assert not html.select_one("[class^=bot-], use[href$='#bot']")
    assert "Take over" not in html.text
    conversation.status = "open"
    assert page.get(path(conversation)).select_one(".menu [value=pending]").text == "Mark as pending"


def test_who_does_not_work_in_the_inbox_cannot_take_over(
    page: Page, cast: Cast, waiting: Conversation
) -> None:
    page.sign_in(cast.cy)

    page.post(path(waiting, "takeover"), expect=404)

    assert waiting.status == "pending"
