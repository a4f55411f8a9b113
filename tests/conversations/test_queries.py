"""Finding conversations: who sees what, in which order, page by page, and how many there are."""

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest

from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.queries import lists
from dashboard.conversations.queries.choices import assignable_members
from dashboard.conversations.queries.choices import labels_in_use
from dashboard.conversations.queries.lines import line_of
from dashboard.conversations.queries.lists import counts_in
from dashboard.conversations.queries.lists import list_page
from dashboard.conversations.queries.lists import scope_of
from dashboard.conversations.queries.messages import last_incoming_at
from dashboard.conversations.queries.messages import message_of
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.messages import unread_count_of
from dashboard.conversations.queries.summaries import conversation_of
from dashboard.conversations.queries.summaries import conversations_of_contact
from dashboard.conversations.queries.summaries import last_conversation_of
from dashboard.conversations.queries.summaries import summary_of
from dashboard.conversations.schemas import ASSIGNEE_TYPES
from dashboard.conversations.schemas import SORTS
from dashboard.conversations.schemas import Wanted
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.factories import make_messages
from tests.support.queries import counted

pytestmark = pytest.mark.database


def membership(cast: Cast, user: User) -> Membership:
    return db.session.execute(
        db.select(Membership).filter_by(account_id=cast.acme.id, user_id=user.id)
    ).scalar_one()


def walk(member: Membership, wanted: Wanted, *, step: int = 7) -> list[int]:
    """The display ids of a whole list, page by page."""
    found, after = [], ""
    while True:
        page = list_page(scope_of(member, wanted), after=after, limit=step)
        found += [line.display_id for line in page.lines]
        after = page.after
        if not after:
            return found


@pytest.fixture
def many(cast: Cast) -> list[Conversation]:
    """Every state, over two inboxes that Bo works in and one that he does not; some alike in all they are
    sorted by."""
    inboxes = [cast.inbox, make_inbox(cast.acme, members=(cast.bo,)), make_inbox(cast.acme)]
    now = clock.now().replace(microsecond=123_456)
    states = zip(
        cycle(inboxes),
        cycle(["open", "open", "resolved", "pending", "open", "snoozed"]),
        cycle([None, cast.bo.id, cast.ada.id, None]),
        cycle([-1, 3, 0, 2, -1, 1, 3]),
        cycle([None, now - timedelta(days=2), now - timedelta(hours=3), None, now - timedelta(hours=3)]),
        range(44),
        strict=False,
    )
    return [
        make_conversation(
            inbox,
            status=status,
            assignee_id=assignee,
            priority=priority,
            waiting_since=waiting,
            last_activity_at=now - timedelta(minutes=number // 3),
            created_at=now - timedelta(hours=number % 5),
        )
        for inbox, status, assignee, priority, waiting, number in states
    ]


def expected(many: list[Conversation], member: Membership, wanted: Wanted) -> list[int]:
    """What Python would make of it."""
    tabs: dict[str, Callable[[Conversation], bool]] = {
        "all": lambda each: True,
        "me": lambda each: each.assignee_id == member.user_id,
        "unassigned": lambda each: each.assignee_id is None,
        "assigned": lambda each: each.assignee_id is not None,
    }
    hidden = many[2].inbox_id if not member.is_administrator else None
    seen = [
        each
        for each in many
        if each.inbox_id != hidden
        and wanted.status in ("all", each.status)
        and wanted.inbox_id in (None, each.inbox_id)
        and tabs[wanted.assignee_type](each)
    ]
    field, _, direction = wanted.sort_by.rpartition("_")
    sign = -1 if direction == "desc" else 1
    return [each.display_id for each in sorted(seen, key=lambda each: _key(each, field, sign))]


def _key(conversation: Conversation, field: str, sign: int) -> tuple[Any, ...]:
    parts = {"priority": ("priority", "last_activity_at", "id")}.get(field, (field, "id"))
    values = [getattr(conversation, part) for part in parts]
    numbers = [value.timestamp() if isinstance(value, datetime) else value for value in values]
    return (numbers[0] is None, *(sign * (number or 0) for number in numbers))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("tab", ASSIGNEE_TYPES)
def test_a_list_is_whole_and_in_order_however_it_is_read(
    cast: Cast, many: list[Conversation], tab: str, sort: str
) -> None:
    for user in (cast.ada, cast.bo):
        for status in ("open", "all"):
            for inbox_id in (None, many[1].inbox_id):
                wanted = Wanted(status=status, assignee_type=tab, sort_by=sort, inbox_id=inbox_id)
                member = membership(cast, user)
                assert walk(member, wanted) == expected(many, member, wanted)


def test_who_works_in_many_inboxes_finds_the_same_order(cast: Cast, many: list[Conversation]) -> None:
    for _ in range(30):
        make_conversation(make_inbox(cast.acme, members=(cast.bo,)), status="resolved")
    member = membership(cast, cast.bo)

    wanted = Wanted()

    assert walk(member, wanted) == expected(many, member, wanted)


@pytest.mark.parametrize("few", [0, 1000])
def test_labels_and_words_narrow_the_list_whether_rare_or_common(
    cast: Cast, many: list[Conversation], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    chosen = many[0:9:3]
    for conversation in chosen:
        conversation.contact.name = "Wolfeschlegel Steinhausen"
        db.session.add(
            ConversationLabel(conversation_id=conversation.id, account_id=cast.acme.id, title="vip")
        )
    db.session.commit()
    member = membership(cast, cast.bo)
    numbers = {each.display_id for each in chosen}

    for narrowed in ({"labels": ("vip",)}, {"labels": ("vip", "none")}, {"q": "wolfe"}):
        wanted = Wanted(status="all", **narrowed)
        assert set(walk(member, wanted)) == numbers
        assert counts_in(scope_of(member, wanted)).all == len(numbers)
    assert walk(member, Wanted(status="all", q=f"#{many[0].display_id}")) == [many[0].display_id]
    assert walk(member, Wanted(status="all", labels=("none",))) == []


def test_counts_are_of_what_the_tabs_show(cast: Cast, many: list[Conversation]) -> None:
    for user in (cast.ada, cast.bo, cast.cy):
        member = membership(cast, user)
        for status in ("open", "all"):
            counts = counts_in(scope_of(member, Wanted(status=status)))
            shown = [len(walk(member, Wanted(status=status, assignee_type=tab))) for tab in ASSIGNEE_TYPES]
            assert [counts.mine, counts.unassigned, counts.assigned, counts.all] == shown


def test_counts_stop_where_counting_on_tells_nobody_more(cast: Cast, many: list[Conversation]) -> None:
    member = membership(cast, cast.ada)

    with counted() as queries:
        counts_in(scope_of(member, Wanted()))

    assert queries[-1].count("LIMIT") == 4


def test_the_list_goes_on_where_it_stopped_though_a_row_has_moved(
    cast: Cast, many: list[Conversation]
) -> None:
    member = membership(cast, cast.ada)
    first = list_page(scope_of(member, Wanted(status="all")), limit=10)
    last = conversation_of(member, first.lines[-1].display_id)

    last.last_activity_at = clock.now()
    db.session.commit()
    second = list_page(scope_of(member, Wanted(status="all")), after=first.after, limit=10)

    assert not {line.display_id for line in first.lines} & {line.display_id for line in second.lines}


@pytest.mark.parametrize("after", ["x", "1", "1.2.3", "none.1", ".", "9" * 40 + ".1", "1." + "9" * 30])
def test_a_place_that_is_none_is_refused(cast: Cast, after: str) -> None:
    with pytest.raises(Invalid):
        list_page(scope_of(membership(cast, cast.bo), Wanted()), after=after)


def test_a_line_says_the_same_whether_from_the_list_or_from_the_conversation(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, labels=["vip"], priority=2)
    make_message(conversation, "x" * 400)
    make_message(conversation, "no more", content_attributes={"deleted": True})
    make_message(conversation, "Resolved", message_type="activity")
    member = membership(cast, cast.bo)

    (line,) = list_page(scope_of(member, Wanted())).lines

    assert line == line_of(summary_of(member, conversation.display_id))
    assert line.said is not None
    assert line.said.is_deleted
    assert (line.unread_count, line.priority_name) == (2, "high")


def test_a_page_of_the_list_is_one_query(cast: Cast, many: list[Conversation]) -> None:
    scope = scope_of(membership(cast, cast.bo), Wanted())

    with counted() as queries:
        list_page(scope)

    assert queries.number == 1


def test_members_and_administrators_find_a_conversation_and_others_are_told(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    number = conversation.display_id

    assert conversation_of(membership(cast, cast.ada), number) is conversation
    assert summary_of(membership(cast, cast.bo), number).conversation is conversation
    with pytest.raises(NotAllowed):
        conversation_of(membership(cast, cast.cy), number)
    with pytest.raises(NotFound):
        conversation_of(membership(cast, cast.bo), number + 1)
    cast.inbox.deleted_at = clock.now()
    with pytest.raises(NotFound):
        conversation_of(membership(cast, cast.ada), number)


def test_a_summary_has_the_last_words_and_how_many_are_unread(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, assignee_id=cast.bo.id)
    make_messages(conversation, 12)
    said = make_message(conversation, "Coming", message_type="outgoing", sender_user_id=cast.bo.id)
    line = make_message(conversation, "Resolved", message_type="activity")
    member, number = membership(cast, cast.bo), conversation.display_id

    with counted() as queries:
        summary = summary_of(member, number)
        assert summary.last_message is not None
        assert summary.last_said is not None
        assert (summary.last_message.id, summary.last_said.id) == (line.id, said.id)
        assert summary.last_said.sender_user is cast.bo
        assert summary.assignee is not None
        assert summary.unread_count == 10
    assert queries.number == 1


def test_unread_is_what_came_after_somebody_looked(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    seen = make_message(conversation)
    assert unread_count_of(conversation) == 1
    conversation.agent_last_seen_at = seen.created_at
    db.session.commit()
    assert unread_count_of(conversation) == 0
    make_message(conversation, created_at=seen.created_at + timedelta(seconds=1))
    make_message(conversation, message_type="outgoing", created_at=seen.created_at + timedelta(seconds=2))

    assert unread_count_of(conversation) == 1
    assert last_incoming_at(conversation) == seen.created_at + timedelta(seconds=1)


def test_messages_are_read_from_the_end_backwards_and_forwards(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    texts = [message.content for message in make_messages(conversation, 30)]
    ids = [message.id for message in messages_of(conversation, limit=100)]

    def read(**how: Any) -> list[str]:
        return [message.content for message in messages_of(conversation, **how)]

    assert read() == texts[-20:]
    assert read(before=ids[10], limit=5) == texts[5:10]
    assert read(after=ids[10], limit=5) == texts[11:16]
    assert read(after=ids[10], before=ids[13]) == texts[10:13]
    assert message_of(conversation, ids[3]).content == texts[3]
    with pytest.raises(NotFound):
        message_of(make_conversation(cast.inbox), ids[3])


def test_internal_messages_can_be_left_out(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    make_message(conversation, "hello")
    make_message(conversation, "secret", message_type="outgoing", private=True)
    make_message(conversation, "happened", message_type="activity")

    def read(**how: bool) -> list[str]:
        return [message.content for message in messages_of(conversation, **how)]

    assert read(without_internal=True) == ["hello"]


def test_a_contacts_conversations_are_those_that_one_may_see(cast: Cast) -> None:
    contact = make_contact(cast.acme)
    now = clock.now()
    old = make_conversation(cast.inbox, contact=contact, last_activity_at=now - timedelta(days=1))
    new = make_conversation(cast.inbox, contact=contact, last_activity_at=now)
    make_conversation(make_inbox(cast.acme), contact=contact)
    member = membership(cast, cast.bo)

    found = conversations_of_contact(member, contact)

    assert [summary.conversation for summary in found] == [new, old]
    assert [each.conversation for each in conversations_of_contact(member, contact, but=new.id)] == [old]
    assert last_conversation_of(new.contact_inbox) is new


def test_who_may_be_in_charge_works_in_the_inbox_or_administers(cast: Cast) -> None:
    members = assignable_members(cast.inbox)

    assert [member.user for member in members] == [cast.ada, cast.bo]


def test_labels_in_use_are_the_accounts_own(cast: Cast) -> None:
    for title in ("vip", "delivery"):
        conversation = make_conversation(cast.inbox)
        db.session.add(
            ConversationLabel(conversation_id=conversation.id, account_id=cast.acme.id, title=title)
        )
    other = make_conversation(make_inbox(cast.other))
    db.session.add(ConversationLabel(conversation_id=other.id, account_id=cast.other.id, title="theirs"))
    db.session.commit()

    assert labels_in_use(cast.acme.id) == ["delivery", "vip"]


@pytest.mark.parametrize("common", [0, 1_000])
def test_what_many_match_is_counted_as_what_few_match(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    for number in range(4):
        contact = make_contact(cast.acme, name=f"Janet {number}")
        make_conversation(cast.inbox, contact=contact, assignee_id=cast.bo.id if number else None)
    make_conversation(make_inbox(cast.acme), contact=make_contact(cast.acme, name="Janet elsewhere"))
    make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Somebody"))
    monkeypatch.setattr(lists, "FEW", 2)
    monkeypatch.setattr(lists, "COMMON", common)

    scope = scope_of(membership(cast, cast.bo), Wanted(q="janet"))

    assert counts_in(scope) == lists.Counts(mine=3, assigned=3, unassigned=1, all=4)
    assert len(list_page(scope).lines) == 4


@pytest.mark.parametrize("sort", SORTS)
def test_ones_own_come_in_every_order(cast: Cast, sort: str) -> None:
    now = clock.now()
    made = [
        make_conversation(
            cast.inbox,
            assignee_id=cast.bo.id,
            priority=place,
            created_at=now + timedelta(minutes=place),
            last_activity_at=now + timedelta(minutes=place),
            waiting_since=now + timedelta(minutes=place),
        ).display_id
        for place in range(3)
    ]
    make_conversation(cast.inbox, assignee_id=cast.ada.id)
    scope = scope_of(membership(cast, cast.bo), Wanted(assignee_type="me", sort_by=sort))

    first = list_page(scope, limit=2)
    rest = list_page(scope, after=first.after)

    shown = [line.display_id for line in (*first.lines, *rest.lines)]
    assert shown == (made if sort.endswith("asc") else made[::-1])
