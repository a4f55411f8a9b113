"""Search finds what was said, newest first, and only what the agent may see; alike on both databases."""

import pytest

from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.accounts.queries import member_of
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import MessageWords
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.routing import delete_conversation
from dashboard.conversations.operations.telling import note_activity
from dashboard.conversations.queries import search
from dashboard.conversations.queries import terms
from dashboard.conversations.queries.search import found_message_ids
from dashboard.extensions import db
from dashboard.lib.words import sought_in
from dashboard.transactions import transaction
from tests.support.cast import Cast
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message

pytestmark = pytest.mark.database


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox)


def membership(cast: Cast, user: User) -> Membership:
    return member_of(cast.acme.id, user.id)


def found(
    cast: Cast, q: str, *, by: User | None = None, limit: int = 50, before: int | None = None
) -> list[int]:
    who = membership(cast, by or cast.bo)
    return found_message_ids(who, sought_in(q), limit=limit, before=before)


@pytest.mark.parametrize(
    ("said", "q"),
    [
        ("Where is my order?", "order"),
        ("Where is my order?", "ORDER where"),
        ("Where is my order?", "my ord"),
        ("Un café crème", "cafe creme"),
        ("Un cafe creme", "Café crè"),
        ("Die Straße", "strasse"),
        ("Tiếng Việt", "tieng viet"),
        ("Ёлка стоит", "елка"),
        ("Write to ada@example.com", "ada@example.com"),
        ("Order A-1042 is late", "a-1042"),
        ("返品したいです", "返品"),
        ("Is it 100% of snake_case?", "100% snake_case"),
    ],
)
def test_words_are_found_in_any_case_with_or_without_accents(
    cast: Cast, conversation: Conversation, said: str, q: str
) -> None:
    message = make_message(conversation, said)
    make_message(conversation, "Something else")

    assert found(cast, q) == [message.id]


@pytest.mark.parametrize(
    "q",
    [
        "",
        " ",
        '"',
        "'",
        "* OR *",
        "order NOT it",
        "(",
        ")",
        "order:*",
        "a & b | !c",
        "\\",
        "NEAR(a b)",
        "'; --",
        "#.@",
    ],
)
def test_a_hostile_search_finds_nothing_and_breaks_nothing(
    cast: Cast, conversation: Conversation, q: str
) -> None:
    make_message(conversation, "Hello there")

    assert found(cast, q) == []


@pytest.mark.parametrize(
    "q", ["x" * 5_000, "many words " * 500, "content: order", "^order", "-order +it {}", "%", "_", "é" * 300]
)
def test_a_strange_search_finds_nothing(cast: Cast, conversation: Conversation, q: str) -> None:
    make_message(conversation, "Hello there")

    assert found(cast, q) == []


def test_a_word_in_the_middle_is_no_beginning_of_a_word(cast: Cast, conversation: Conversation) -> None:
    make_message(conversation, "My reorder")

    assert found(cast, "order") == []
    assert found(cast, "reo my") == []


def test_the_newest_come_first_page_by_page(
    cast: Cast, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "SLICE_BITS", 1)  # every second message begins a new slice
    monkeypatch.setattr(search, "_AT_ONCE", 3)
    ids = [make_message(conversation, f"Order {number}").id for number in range(20)]
    ids.reverse()

    assert found(cast, "order", limit=7) == ids[:7]
    assert found(cast, "order", limit=7, before=ids[6]) == ids[7:14]
    assert found(cast, "order", limit=50, before=ids[13]) == ids[14:]
    assert found(cast, "order 3") == [ids[-4]]


def test_an_agent_finds_what_is_in_its_inboxes(cast: Cast, conversation: Conversation) -> None:
    here = make_message(conversation, "A parcel")
    there = make_message(make_conversation(make_inbox(cast.acme, members=(cast.cy,))), "A parcel")
    make_message(make_conversation(make_inbox(cast.other)), "A parcel")

    assert found(cast, "parcel", by=cast.bo) == [here.id]
    assert found(cast, "parcel", by=cast.cy) == [there.id]
    assert found(cast, "parcel", by=cast.ada) == [there.id, here.id]


def test_notes_are_found_and_activity_lines_and_deleted_messages_are_not(
    cast: Cast, conversation: Conversation
) -> None:
    note = post_note(conversation, content="VIP customer", author=cast.bo)
    said = receive_message(conversation, content="I am a customer, deleted soon")
    with transaction():
        note_activity(conversation, "A customer was assigned")

    assert found(cast, "customer") == [said.id, note.id]
    delete_message(said, actor=cast.bo)
    assert found(cast, "customer") == [note.id]
    assert found(cast, "deleted") == []


def test_what_changes_is_found_by_its_new_words(cast: Cast, conversation: Conversation) -> None:
    message = make_message(conversation, "Before")
    message.content = "After"
    db.session.commit()

    assert found(cast, "before") == []
    assert found(cast, "after") == [message.id]


def test_the_words_go_with_the_conversation(cast: Cast, conversation: Conversation) -> None:
    make_message(conversation, "Forget me")
    delete_conversation(conversation, actor=cast.ada)

    assert db.session.query(MessageWords).count() == 0
    assert found(cast, "forget", by=cast.ada) == []
