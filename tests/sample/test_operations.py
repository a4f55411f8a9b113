"""The sample data: worth looking at, of one piece, and harmless."""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlalchemy import select

from dashboard.accounts.queries import member_of
from dashboard.accounts.queries import members_of
from dashboard.apps.queries.apps import apps_of
from dashboard.attributes.queries import definitions_of
from dashboard.attributes.schemas import value_of
from dashboard.canned.queries import find_canned
from dashboard.config import CHECKOUT
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.models import Message
from dashboard.conversations.operations.filling import filled
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_priority
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import mute
from dashboard.conversations.queries.messages import unread_count_of
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import inboxes_of
from dashboard.labels.queries import labels_of
from dashboard.lib import clock
from dashboard.sample.operations import add_sample
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_conversation

PEOPLE = (
    "Maria Silva",
    "Jonas Kühn",
    "Priya Nair",
    "Tomás Ortega",
    "Lin Wei",
    "Aisha Haddad",
    "Greta Fonseca",
    "Dan Mercer",
)
# Numbers that regulators keep free for films and books.
RESERVED_NUMBERS = re.compile(r"\+1\d{3}55501\d\d|\+441632960\d{3}|\+447700900\d{3}")


@pytest.fixture
def conversations(cast: Cast) -> list[Conversation]:
    """What Eve's account holds once sample data was added to it, the oldest first."""
    add_sample(cast.other, administrator=cast.eve, port=5000)
    mine = select(Conversation).where(Conversation.account_id == cast.other.id)
    return list(db.session.scalars(mine.order_by(Conversation.display_id)))


def test_there_are_three_agents_two_inboxes_forty_conversations_and_an_app(
    cast: Cast, conversations: list[Conversation]
) -> None:
    staff = members_of(cast.other.id)
    inboxes = inboxes_of(member_of(cast.other.id, cast.eve.id))
    (app,) = apps_of(cast.other.id)

    assert Counter(membership.role for membership in staff) == {"agent": 3, "administrator": 1}
    assert [inbox.name for inbox in inboxes] == ["App", "Webshop"]
    assert [conversation.display_id for conversation in conversations] == list(range(1, 41))
    assert (app.title, app.urls, app.placement) == (
        "Customer orders",
        ["http://127.0.0.1:5001/customer-orders/"],
        "side",
    )
    assert app.author == cast.eve


def test_it_stays_in_its_account(cast: Cast, conversations: list[Conversation]) -> None:
    elsewhere = select(func.count()).select_from(Contact).where(Contact.account_id != cast.other.id)

    assert db.session.scalar(elsewhere) == 0
    assert inboxes_of(member_of(cast.acme.id, cast.ada.id)) == [cast.inbox]


def test_the_next_conversation_gets_the_next_number(cast: Cast, conversations: list[Conversation]) -> None:
    assert open_conversation(conversations[0].contact_inbox, actor=cast.eve).display_id == 41


def test_conversations_differ_as_in_life(cast: Cast, conversations: list[Conversation]) -> None:
    statuses = Counter(conversation.status for conversation in conversations)
    open_ones = [conversation for conversation in conversations if conversation.status == "open"]
    lengths = [len(_thread(conversation)) for conversation in conversations]
    contacts = Counter(conversation.contact_id for conversation in conversations)

    assert set(statuses) == {"open", "resolved", "pending", "snoozed"}
    assert {conversation.priority_name for conversation in conversations} >= {
        None,
        "medium",
        "high",
        "urgent",
    }
    assert any(conversation.assignee == cast.eve for conversation in open_ones)
    assert any(conversation.assignee is None for conversation in open_ones)
    assert any(unread_count_of(conversation) for conversation in open_ones)
    assert any(message.private for conversation in conversations for message in _thread(conversation))
    assert any(message.is_activity for conversation in conversations for message in _thread(conversation))
    assert min(lengths) == 1
    assert max(lengths) > 25
    assert max(contacts.values()) >= 3


def test_nothing_happens_in_the_future_or_before_what_it_answers(
    conversations: list[Conversation],
) -> None:
    for conversation in conversations:
        moments = [message.created_at for message in _thread(conversation)]
        assert moments == sorted(moments)
        assert conversation.created_at == moments[0]
        assert moments[-1] <= clock.now()
        assert conversation.contact.created_at < conversation.created_at


def test_conversations_are_numbered_in_the_order_in_which_they_began(
    conversations: list[Conversation],
) -> None:
    beginnings = [conversation.created_at for conversation in conversations]

    assert beginnings == sorted(beginnings)


def test_a_contact_has_one_session_in_an_inbox(conversations: list[Conversation]) -> None:
    rows = db.session.execute(select(ContactInbox.contact_id, ContactInbox.inbox_id)).all()

    assert len(rows) == len(set(rows))


def test_labels_can_be_searched(conversations: list[Conversation]) -> None:
    indexed = Counter(db.session.scalars(select(ConversationLabel.title)))

    assert indexed == Counter(label for conversation in conversations for label in conversation.labels)


def test_labels_and_attributes_that_are_used_are_defined_and_fit(
    cast: Cast, conversations: list[Conversation]
) -> None:
    used = {label for conversation in conversations for label in conversation.labels}
    assert used == {label.title for label in labels_of(cast.other)}
    definitions = {each.attribute_key: each for each in definitions_of(cast.other)}
    for contact in {conversation.contact for conversation in conversations}:
        for key, value in contact.custom_attributes.items():
            if key in definitions:
                told = value if isinstance(value, bool) else str(value)
                assert value_of(definitions[key], told) == value, (contact.name, key)


def test_there_are_files_to_look_at_and_answers_to_choose_from(
    cast: Cast, jobs: Jobs, conversations: list[Conversation]
) -> None:
    jobs.run_all()

    files = {file.name: file for file in db.session.scalars(select(Attachment))}
    assert {name: file.file_type for name, file in files.items()} == {
        "underside.jpg": "image",
        "invoice-50002-2.pdf": "file",
    }
    assert files["underside.jpg"].has_thumbnail
    assert all(file.message.attached == [file.file_type] for file in files.values())
    answers = find_canned(cast.other.id)
    assert len(answers) == 5
    filled_in = [filled(answer.content, conversations[-1], cast.eve) for answer in answers]
    assert not any("{{" in text for text in filled_in)


def test_facts_agree_with_the_thread(conversations: list[Conversation]) -> None:
    for conversation in conversations:
        answers = [m for m in _thread(conversation) if m.message_type == "outgoing" and not m.private]
        said = [message for message in _thread(conversation) if not message.is_activity]
        first = answers[0].created_at if answers else None
        assert _minute(conversation.first_reply_created_at) == _minute(first)
        assert _minute(conversation.last_activity_at) == _minute(said[-1].created_at)
        if said[-1].is_incoming and conversation.status == "open":
            assert conversation.waiting_since is not None


def test_activity_lines_are_the_ones_that_conversations_write(
    cast: Cast, conversations: list[Conversation]
) -> None:
    real = make_conversation(cast.inbox)
    assign_conversation(real, to=cast.bo, actor=cast.ada)
    change_priority(real, to="high", actor=cast.ada)
    for status in ("pending", "snoozed", "resolved"):
        change_status(real, to=status, actor=cast.ada)
    receive_message(real, content="Still broken")
    mute(real, actor=cast.ada)

    written = {_msgid(m) for conversation in conversations for m in _thread(conversation) if m.is_activity}

    assert written == {_msgid(message) for message in _thread(real) if message.is_activity}


def test_a_snoozed_conversation_wakes(jobs: Jobs, conversations: list[Conversation]) -> None:
    snoozed = [conversation for conversation in conversations if conversation.status == "snoozed"]
    assert len(snoozed) == len(jobs.waiting("conversations.wake"))

    clock.shift(timedelta(days=8))
    jobs.run_all()

    assert {conversation.status for conversation in snoozed} == {"open"}


def test_life_goes_on_in_it(cast: Cast, conversations: list[Conversation]) -> None:
    maria = conversations[-1]

    message = post_message(maria, content="A second set is on its way.", author=cast.eve)

    assert message.id > max(each.id for each in _thread(maria) if each is not message)
    assert maria.waiting_since is None


@pytest.mark.usefixtures("conversations")
def test_nobody_outside_can_be_reached_by_accident(cast: Cast) -> None:
    contacts = db.session.scalars(select(Contact).where(Contact.account_id == cast.other.id)).all()
    staff = [membership.user.email for membership in members_of(cast.other.id)]
    emails = [contact.email for contact in contacts if contact.email] + staff
    numbers = [contact.phone_number for contact in contacts if contact.phone_number]

    assert all(email.endswith("@example.com") for email in emails)
    assert all(RESERVED_NUMBERS.fullmatch(number) for number in numbers)
    assert len(numbers) > 10


@pytest.mark.usefixtures("conversations")
def test_links_in_messages_lead_nowhere(cast: Cast) -> None:
    hosts = {
        host
        for content in db.session.scalars(select(Message.content))
        for host in re.findall(r"https?://([^/\s]+)", content)
    }

    assert hosts == {"shop.example.com"}


@pytest.mark.usefixtures("conversations")
def test_the_people_of_the_pictures_are_there(cast: Cast) -> None:
    contacts = {contact.name: contact for contact in db.session.scalars(select(Contact))}

    for name in PEOPLE:
        assert contacts[name].email is not None
        assert contacts[name].custom_attributes


def test_the_example_app_knows_the_orders_that_people_speak_of(conversations: list[Conversation]) -> None:
    customers = json.loads((CHECKOUT / "examples/customer-orders/orders.json").read_text())["customers"]
    numbers = {email: {order["number"] for order in known["orders"]} for email, known in customers.items()}

    for conversation in conversations:
        contact, number = conversation.contact, conversation.custom_attributes.get("order")
        assert number is None or number in numbers[str(contact.email)]
        if "last_order" in contact.custom_attributes:
            assert contact.custom_attributes["last_order"] in numbers[str(contact.email)]
            assert contact.custom_attributes["orders"] == len(numbers[str(contact.email)])


@pytest.mark.usefixtures("conversations")
def test_no_agent_of_the_sample_can_sign_in(cast: Cast) -> None:
    agents = [membership for membership in members_of(cast.other.id) if membership.role == "agent"]

    assert not any(membership.user.is_confirmed for membership in agents)


def test_a_second_account_may_have_it_too(cast: Cast, conversations: list[Conversation]) -> None:
    add_sample(cast.acme, administrator=cast.ada, port=5000)

    names = db.session.scalars(select(Inbox.name).where(Inbox.account_id == cast.acme.id)).all()
    assert set(names) == {"Website", "Webshop", "App"}


def _thread(conversation: Conversation) -> list[Message]:
    query = select(Message).where(Message.conversation_id == conversation.id)
    return list(db.session.scalars(query.order_by(Message.id)))


def _msgid(message: Message) -> str:
    return str(message.additional_attributes["activity"])


def _minute(moment: object) -> str:
    return str(moment)[:16]
