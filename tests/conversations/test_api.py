"""Conversations over the API, in upstream's shapes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.queries import counted

Client = Any
UPSTREAM_KEYS = {
    "meta", "id", "messages", "account_id", "uuid", "additional_attributes", "agent_last_seen_at",
    "assignee_last_seen_at", "contact_last_seen_at", "can_reply", "custom_attributes", "inbox_id", "labels",
    "muted", "snoozed_until", "status", "created_at", "updated_at", "timestamp", "first_reply_created_at",
    "unread_count", "last_non_activity_message", "last_activity_at", "priority", "waiting_since",
    "sla_policy_id",
}  # fmt: skip
TIMES = (
    "agent_last_seen_at", "assignee_last_seen_at", "contact_last_seen_at", "created_at", "timestamp",
    "first_reply_created_at", "last_activity_at", "waiting_since",
)  # fmt: skip


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/conversations"


@pytest.fixture
def ada(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.ada)


@pytest.fixture
def bo(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.bo)


@pytest.fixture
def one(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Zoe"))


@pytest.fixture
def where(path: str, one: Conversation) -> str:
    return f"{path}/{one.display_id}"


def lines() -> list[str]:
    """The activity lines of the only conversation."""
    query = db.session.query(Message).filter_by(message_type="activity").order_by(Message.id)
    return [message.content for message in query]


def ids(answer: Any) -> list[int]:
    return [conversation["id"] for conversation in (answer.get("data") or answer)["payload"]]


# Opening


@pytest.mark.database
def test_a_conversation_is_opened_in_a_session_that_its_source_id_names(
    bo: Client, path: str, cast: Cast
) -> None:
    contact = make_contact(cast.acme, name="Zoe")
    make_contact_inbox(contact, cast.inbox, source_id="crm-1")

    opened = bo.post(path, {"source_id": "crm-1", "custom_attributes": {"order": 7}})

    assert set(opened) == UPSTREAM_KEYS
    assert (opened["id"], opened["status"], opened["inbox_id"]) == (1, "open", cast.inbox.id)
    assert opened["meta"]["sender"]["id"] == contact.id
    assert opened["meta"]["channel"] == "Channel::Api"
    assert "assignee" not in opened["meta"]
    assert opened["custom_attributes"] == {"order": 7}
    assert all(type(opened[name]) is int for name in TIMES)
    assert type(opened["updated_at"]) is float
    assert (opened["snoozed_until"], opened["priority"], opened["messages"]) == (None, None, [])
    assert bo.post(path, {"source_id": "crm-1", "inbox_id": cast.inbox.id})["id"] == 2


def test_a_conversation_is_opened_for_a_contact_with_a_first_message(
    bo: Client, path: str, cast: Cast
) -> None:
    contact = make_contact(cast.acme)
    sent = {
        "inbox_id": cast.inbox.id,
        "contact_id": str(contact.id),
        "assignee_id": cast.bo.id,
        "additional_attributes": {"referer": "https://shop.example"},
        "message": {"content": "Hello!"},
    }

    opened = bo.post(path, sent)

    assert opened["meta"]["assignee"]["id"] == cast.bo.id
    assert opened["meta"]["assignee_type"] == "User"
    assert opened["additional_attributes"] == {"referer": "https://shop.example"}
    assert opened["messages"][0]["content"] == "Hello!"
    assert opened["messages"][0]["message_type"] == 1
    again = bo.post(path, sent)
    sessions = db.session.query(Conversation.contact_inbox_id).distinct().count()
    assert (again["id"], sessions) == (2, 1)


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({}, 422, "Specify source_id, or inbox_id and contact_id"),
        ({"source_id": "unknown"}, 404, "Resource could not be found"),
        ({"inbox_id": 987_654, "contact_id": "mine"}, 404, "Resource could not be found"),
        ({"inbox_id": "mine", "contact_id": 987_654}, 404, "Resource could not be found"),
        ({"inbox_id": "mine", "contact_id": "theirs"}, 404, "Resource could not be found"),
        ({"inbox_id": "elsewhere", "contact_id": "mine"}, 401, "You are not authorized to do this action"),
        ({"source_id": "elsewhere"}, 401, "You are not authorized to do this action"),
        ({"inbox_id": "mine", "contact_id": "mine", "source_id": "taken"}, 422, "source_id should be unique"),
    ],
)
@pytest.mark.database
def test_a_conversation_needs_a_session_that_one_may_use(
    bo: Client, path: str, cast: Cast, sent: dict[str, Any], status: int, error: str
) -> None:
    mine, theirs = make_contact(cast.acme), make_contact(cast.other)
    elsewhere = make_inbox(cast.acme)
    make_contact_inbox(mine, elsewhere, source_id="elsewhere")
    make_contact_inbox(make_contact(cast.acme), cast.inbox, source_id="taken")
    make_contact_inbox(theirs, make_inbox(cast.other), source_id="unknown")
    numbers = {
        "inbox_id": {"mine": cast.inbox.id, "elsewhere": elsewhere.id},
        "contact_id": {"mine": mine.id, "theirs": theirs.id},
    }

    named = {name: numbers.get(name, {}).get(value, value) for name, value in sent.items()}

    assert bo.post(path, named, expect=status) == {"error": error}
    assert db.session.query(Conversation).count() == 0


@pytest.mark.parametrize(
    ("sent", "attribute"),
    [
        ({"status": "bot"}, "status"),
        ({"assignee_id": 987_654}, "assignee"),
        ({"status": "snoozed", "snoozed_until": 5}, "snoozed_until"),
        ({"snoozed_until": 10**15}, "snoozed_until"),
        ({"snoozed_until": 253_402_300_799}, "snoozed_until"),  # in no page east of Greenwich
        ({"message": {"content": "x" * 150_001}}, "content"),
        ({"custom_attributes": {"a": "x" * 1501}}, "custom_attributes"),
        ({"additional_attributes": {"a": 10**10}}, "additional_attributes"),
    ],
)
def test_what_cannot_be_used_opens_nothing(
    bo: Client, path: str, cast: Cast, sent: dict[str, Any], attribute: str
) -> None:
    make_contact_inbox(make_contact(cast.acme), cast.inbox, source_id="crm-1")

    assert bo.post(path, {"source_id": "crm-1", **sent}, expect=422)["attributes"] == [attribute]
    assert db.session.query(Conversation).count() == 0


@pytest.mark.database
def test_a_source_id_must_fit_its_column(bo: Client, path: str, cast: Cast) -> None:
    sent = {"inbox_id": cast.inbox.id, "contact_id": make_contact(cast.acme).id}

    assert bo.post(path, {**sent, "source_id": "x" * 256}, expect=422)["attributes"] == ["source_id"]
    bo.post(path, {**sent, "source_id": "x" * 255})


def test_a_locked_inbox_goes_on_with_the_last_conversation(bo: Client, path: str, cast: Cast) -> None:
    inbox = make_inbox(cast.acme, members=(cast.bo,), lock_to_single_conversation=True)
    make_contact_inbox(make_contact(cast.acme), inbox, source_id="crm-1")

    first = bo.post(path, {"source_id": "crm-1"})

    assert bo.post(path, {"source_id": "crm-1"})["id"] == first["id"]


def test_a_conversation_opened_asleep_is_woken(bo: Client, path: str, cast: Cast, jobs: Jobs) -> None:
    make_contact_inbox(make_contact(cast.acme), cast.inbox, source_id="crm-1")
    until = clock.epoch(clock.now()) + 60

    opened = bo.post(path, {"source_id": "crm-1", "status": "snoozed", "snoozed_until": until})
    assert (opened["status"], opened["snoozed_until"]) == ("snoozed", until)

    clock.shift(timedelta(minutes=2))
    jobs.run_all()
    assert bo.get(f"{path}/{opened['id']}")["status"] == "open"


# Finding


@pytest.fixture
def several(cast: Cast) -> dict[str, Conversation]:
    """One of each kind, all of them Acme's; the last named was active last."""
    zoe = make_contact(cast.acme, name="Zoe Barnes", email="zoe@herald.example", phone_number="+14155550100")
    start = clock.now() - timedelta(hours=1)
    made = {
        "mine": make_conversation(cast.inbox, assignee_id=cast.bo.id),
        "others": make_conversation(cast.inbox, assignee_id=cast.ada.id, priority=3),
        "nobodys": make_conversation(cast.inbox, contact=zoe),
        "resolved": make_conversation(cast.inbox, contact=zoe, status="resolved"),
        "hidden": make_conversation(make_inbox(cast.acme)),
    }
    for minutes, conversation in enumerate(made.values()):
        conversation.last_activity_at = start + timedelta(minutes=minutes)
    make_conversation(make_inbox(cast.other))
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["nobodys", "others", "mine"]),
        ("?status=open", ["nobodys", "others", "mine"]),
        ("?status=resolved", ["resolved"]),
        ("?status=all", ["resolved", "nobodys", "others", "mine"]),
        ("?assignee_type=me", ["mine"]),
        ("?assignee_type=unassigned", ["nobodys"]),
        ("?assignee_type=assigned", ["others", "mine"]),
        ("?assignee_type=all", ["nobodys", "others", "mine"]),
        ("?sort_by=last_activity_at_asc", ["mine", "others", "nobodys"]),
        ("?sort_by=created_at_asc", ["mine", "others", "nobodys"]),
        ("?sort_by=priority_desc", ["others", "nobodys", "mine"]),
        ("?q=barnes", ["resolved", "nobodys"]),
        ("?q=herald", ["resolved", "nobodys"]),
        ("?q=4155550", ["resolved", "nobodys"]),
        ("?q=zo", ["resolved", "nobodys"]),
        ("?q=2", ["others"]),
        ("?q=%231", ["mine"]),
        ("?q=nothing+of+the+kind", []),
        ("?page=2", []),
        ("?inbox_id=987654", []),
        ("?labels[]=vip", []),
    ],
)
@pytest.mark.database
def test_the_list_is_narrowed_and_sorted(
    bo: Client, path: str, several: dict[str, Conversation], query: str, found: list[str]
) -> None:
    assert ids(bo.get(path + query)) == [several[name].display_id for name in found]


def test_counts_leave_the_tab_aside(
    bo: Client, ada: Client, path: str, several: dict[str, Conversation]
) -> None:
    counts = {"mine_count": 1, "assigned_count": 2, "unassigned_count": 1, "all_count": 3}

    assert bo.get(f"{path}?assignee_type=unassigned")["data"]["meta"] == counts
    assert bo.get(f"{path}/meta") == {"meta": counts}
    assert ada.get(f"{path}/meta?status=all")["meta"]["all_count"] == 5


@pytest.mark.parametrize("query", ["status=bot", "assignee_type=you", "sort_by=luck"])
def test_a_word_that_is_none_is_refused(bo: Client, path: str, query: str) -> None:
    answer = bo.get(f"{path}?{query}", expect=422)

    assert answer["attributes"] == [query.split("=")[0]]
    bo.get(f"{path}?team_id=1", expect=404)


def test_pages_have_twenty_five(bo: Client, path: str, cast: Cast) -> None:
    contact = make_contact(cast.acme)
    for _ in range(27):
        make_conversation(cast.inbox, contact=contact)

    assert len(ids(bo.get(path))) == 25
    assert len(ids(bo.get(f"{path}?page=2"))) == 2


@pytest.mark.parametrize(
    ("key", "operator", "values", "found"),
    [
        ("status", "equal_to", ["open"], ["nobodys", "others", "mine"]),
        ("status", "not_equal_to", ["open"], ["resolved"]),
        ("status", "equal_to", ["all"], ["resolved", "nobodys", "others", "mine"]),
        ("assignee_id", "is_present", [], ["others", "mine"]),
        ("assignee_id", "is_not_present", None, ["resolved", "nobodys"]),
        ("priority", "equal_to", ["urgent"], ["others"]),
        ("priority", "not_equal_to", ["urgent", "low"], ["resolved", "nobodys", "mine"]),
        ("display_id", "equal_to", [2], ["others"]),
        ("display_id", "contains", ["1"], ["mine"]),
        ("labels", "equal_to", ["vip"], ["mine"]),
        ("labels", "not_equal_to", ["vip"], ["resolved", "nobodys", "others"]),
        ("labels", "is_present", [], ["mine"]),
        ("labels", "is_not_present", [], ["resolved", "nobodys", "others"]),
        ("team_id", "is_present", [], []),
        ("team_id", "equal_to", [1], []),
        ("referer", "contains", ["SHOP"], ["mine"]),
        ("browser_language", "not_equal_to", ["de"], ["resolved", "nobodys", "others", "mine"]),
        ("created_at", "is_greater_than", ["2020-01-01"], ["resolved", "nobodys", "others", "mine"]),
        ("last_activity_at", "days_before", [1], []),
    ],
)
@pytest.mark.database
def test_filters_find(
    bo: Client,
    path: str,
    several: dict[str, Conversation],
    key: str,
    operator: str,
    values: list[Any],
    found: list[str],
) -> None:
    bo.post(f"{path}/{several['mine'].display_id}/labels", {"labels": ["vip"]})
    several["mine"].additional_attributes = {"referer": "https://shop.example/cart"}
    db.session.commit()

    answer = bo.post(
        f"{path}/filter",
        {
            "payload": [
                {"attribute_key": key, "filter_operator": operator, "values": values, "query_operator": None}
            ]
        },
    )

    assert sorted(ids(answer)) == sorted(several[name].display_id for name in found)
    assert set(answer["meta"]) == {"mine_count", "unassigned_count", "all_count"}
    assert answer["meta"]["all_count"] == len(found)


def test_a_filter_by_people_inboxes_and_contacts(
    bo: Client, path: str, cast: Cast, several: dict[str, Conversation]
) -> None:
    def found(key: str, value: Any) -> list[int]:
        clause = {"attribute_key": key, "filter_operator": "equal_to", "values": [value]}
        return ids(bo.post(f"{path}/filter", {"payload": [clause]}))

    assert found("assignee_id", str(cast.bo.id)) == [several["mine"].display_id]
    assert found("assignee_id", {"id": cast.bo.id, "name": "Bo"}) == [several["mine"].display_id]
    assert found("inbox_id", several["hidden"].inbox_id) == []
    assert len(found("contact_id", several["nobodys"].contact_id)) == 2
    refused = bo.post(f"{path}/filter", {"payload": [{"attribute_key": "mood"}]}, expect=422)
    assert refused["error"].startswith("Invalid attribute key - [mood]. The key should be one of [status,")


def test_a_list_asks_as_often_for_many_as_for_few(bo: Client, path: str, cast: Cast) -> None:
    def ask() -> int:
        with counted() as queries:
            bo.get(path)
        return queries.number

    one = make_conversation(cast.inbox, assignee_id=cast.bo.id)
    make_message(one, message_type="outgoing", sender_user_id=cast.ada.id)
    ask()  # who is there, and how, is kept for a while
    few = ask()
    for _ in range(5):
        make_message(make_conversation(cast.inbox), message_type="outgoing", sender_user_id=cast.ada.id)

    assert ask() == few <= 4


# One conversation


def test_a_conversation_is_shown_with_its_last_messages(
    bo: Client, where: str, one: Conversation, cast: Cast
) -> None:
    said = make_message(one, "Where is my order?")
    line = make_message(one, "Bo self-assigned", message_type="activity")
    one.assignee_id = cast.bo.id
    one.snoozed_until, one.status = clock.now() + timedelta(days=1), "snoozed"
    db.session.commit()

    shown = bo.get(where)

    assert set(shown) == UPSTREAM_KEYS
    assert [message["id"] for message in shown["messages"]] == [line.id]
    assert shown["last_non_activity_message"]["id"] == said.id
    assert shown["unread_count"] == 1
    assert type(shown["snoozed_until"]) is int
    assert shown["meta"]["assignee"]["email"] == cast.bo.email
    assert shown["meta"]["sender"]["name"] == "Zoe"
    assert "pubsub_token" not in str(shown)


def test_the_priority_is_set_changed_and_removed(bo: Client, where: str, cast: Cast) -> None:
    assert bo.post(f"{where}/toggle_priority", {"priority": "high"}) is None
    assert bo.patch(where, {"priority": "urgent"})["priority"] == "urgent"
    assert bo.post(f"{where}/toggle_priority", {"priority": None}) is None
    assert bo.get(where)["priority"] is None
    assert bo.post(f"{where}/toggle_priority", {"priority": "huge"}, expect=422)["attributes"] == ["priority"]
    assert lines() == [
        "Bo Agent set the priority to high",
        "Bo Agent changed the priority from high to urgent",
        "Bo Agent removed the priority",
    ]


def test_the_status_turns_between_open_and_resolved(ada: Client, where: str, one: Conversation) -> None:
    resolved = ada.post(f"{where}/toggle_status")
    assert resolved == {
        "payload": {
            "success": True,
            "conversation_id": one.display_id,
            "current_status": "resolved",
            "snoozed_until": None,
        }
    }
    assert ada.post(f"{where}/toggle_status")["payload"]["current_status"] == "open"
    assert ada.post(f"{where}/toggle_status", {"status": "pending"})["payload"]["current_status"] == "pending"
    assert ada.post(f"{where}/toggle_status", {})["payload"]["current_status"] == "open"
    assert "assignee" not in ada.get(where)["meta"]
    assert lines() == [
        "Conversation was marked resolved by Ada Admin",
        "Conversation was reopened by Ada Admin",
        "Conversation was marked as pending by Ada Admin",
        "Conversation was reopened by Ada Admin",
    ]
    refused = ada.post(f"{where}/toggle_status", {"status": "bot"}, expect=422)
    assert refused["attributes"] == ["status"]


def test_an_agent_takes_over_what_it_opens(bo: Client, where: str, one: Conversation, cast: Cast) -> None:
    one.status, one.assignee_id = "resolved", cast.ada.id
    db.session.commit()

    bo.post(f"{where}/toggle_status", {"status": "open"})

    assert bo.get(where)["meta"]["assignee"]["id"] == cast.bo.id


@pytest.mark.database
def test_a_snooze_ends_by_itself(bo: Client, where: str, jobs: Jobs) -> None:
    until = clock.epoch(clock.now()) + 3600
    slept = bo.post(f"{where}/toggle_status", {"status": "snoozed", "snoozed_until": str(until)})["payload"]
    assert (slept["current_status"], slept["snoozed_until"]) == ("snoozed", until)

    clock.shift(timedelta(minutes=59))
    jobs.run_all()
    assert bo.get(where)["status"] == "snoozed"
    clock.shift(timedelta(minutes=61))
    jobs.run_all()
    shown = bo.get(where)
    assert (shown["status"], shown["snoozed_until"]) == ("open", None)


@pytest.mark.parametrize("until", [5, "soon", "2026-01-01T00:00:00Z", -1, 10**13, 1.5, 253_402_300_799])
def test_a_snooze_must_end_later(bo: Client, where: str, until: Any) -> None:
    sent = {"status": "snoozed", "snoozed_until": until}

    assert bo.post(f"{where}/toggle_status", sent, expect=422)["attributes"] == ["snoozed_until"]


def test_somebody_is_put_in_charge(ada: Client, where: str, cast: Cast) -> None:
    assign = f"{where}/assignments"

    assert ada.post(assign, {"assignee_id": str(cast.bo.id)})["email"] == cast.bo.email
    assert ada.post(assign, {"assignee_id": cast.ada.id})["id"] == cast.ada.id
    assert ada.client.post(assign, json={"team_id": 1}, headers=ada.headers).data == b"null\n"
    assert ada.get(where)["meta"]["assignee"]["id"] == cast.ada.id
    bot = {"assignee_id": cast.bo.id, "assignee_type": "AgentBot"}
    for sent in (*({"assignee_id": nobody} for nobody in (None, 0, cast.eve.id, 987_654)), bot):
        ada.post(assign, {"assignee_id": cast.bo.id})
        assert ada.client.post(assign, json=sent, headers=ada.headers).data == b"null\n"
        assert "assignee" not in ada.get(where)["meta"]
    assert lines()[:3] == [
        "Assigned to Bo Agent by Ada Admin",
        "Ada Admin self-assigned this conversation",
        "Assigned to Bo Agent by Ada Admin",
    ]
    assert lines()[3] == "Conversation unassigned by Ada Admin"


def test_labels_are_replaced(bo: Client, path: str, where: str, one: Conversation) -> None:
    assert bo.post(f"{where}/labels", {"labels": ["vip", "shop", "vip"]}) == {"payload": ["vip", "shop"]}
    assert bo.get(f"{where}/labels") == {"payload": ["vip", "shop"]}
    assert ids(bo.get(f"{path}?labels[]=vip&labels[]=other")) == [one.display_id]
    assert bo.post(f"{where}/labels", {"labels": ["new"]}) == {"payload": ["new"]}
    assert ids(bo.get(f"{path}?labels[]=vip")) == []
    assert bo.post(f"{where}/labels", {"labels": []}) == {"payload": []}
    assert lines() == [
        "Bo Agent added vip, shop",
        "Bo Agent added new",
        "Bo Agent removed vip, shop",
        "Bo Agent removed new",
    ]
    assert bo.post(f"{where}/labels", {"labels": [" "]}, expect=422)["attributes"] == ["labels"]
    assert bo.post(f"{where}/labels", {}, expect=422)["attributes"] == ["labels"]


def test_custom_attributes_are_replaced_whole(bo: Client, where: str) -> None:
    bo.post(f"{where}/custom_attributes", {"custom_attributes": {"a": 1}})

    changed = bo.post(f"{where}/custom_attributes", {"custom_attributes": {"b": [2]}})

    assert changed == {"custom_attributes": {"b": [2]}}
    assert bo.get(where)["custom_attributes"] == {"b": [2]}
    for bad in ({"a": "x" * 1501}, {"a": 10**10}):
        bo.post(f"{where}/custom_attributes", {"custom_attributes": bad}, expect=422)


def test_muting_blocks_the_contact_and_resolves(bo: Client, where: str, one: Conversation) -> None:
    assert bo.post(f"{where}/mute") is None
    shown = bo.get(where)
    assert (shown["muted"], shown["status"], shown["meta"]["sender"]["blocked"]) == (True, "resolved", True)
    assert bo.post(f"{where}/unmute") is None
    shown = bo.get(where)
    assert (shown["muted"], shown["status"]) == (False, "resolved")
    assert lines()[-2:] == ["Bo Agent has muted the conversation", "Bo Agent has unmuted the conversation"]


def test_what_was_seen_is_noted_and_taken_back(bo: Client, where: str, one: Conversation) -> None:
    make_message(one)

    assert bo.post(f"{where}/update_last_seen")["unread_count"] == 0
    assert bo.get(where)["agent_last_seen_at"] > 0
    assert bo.post(f"{where}/unread")["unread_count"] == 1


def test_only_administrators_delete(ada: Client, bo: Client, where: str, one: Conversation) -> None:
    make_message(one)

    bo.delete(where, expect=401)
    assert ada.delete(where) is None
    ada.get(where, expect=404)
    assert db.session.query(Message).count() == 0


def test_unattended_are_those_without_an_answer_and_those_that_wait_again(
    api: Client, cast: Cast, path: str
) -> None:
    now = clock.now()
    new = make_conversation(cast.inbox, waiting_since=now)
    again = make_conversation(
        cast.inbox, first_reply_created_at=now, waiting_since=now, assignee_id=cast.bo.id
    )
    make_conversation(cast.inbox, first_reply_created_at=now)

    data = api(cast.bo).get(f"{path}?conversation_type=unattended")["data"]

    assert {each["id"] for each in data["payload"]} == {new.display_id, again.display_id}
    assert (data["meta"]["all_count"], data["meta"]["mine_count"]) == (2, 1)
    taking_part = api(cast.bo).get(f"{path}?conversation_type=participating")["data"]["payload"]
    assert [each["id"] for each in taking_part] == [again.display_id]
    assert api(cast.bo).get(f"{path}?conversation_type=mention")["data"]["payload"] == []
    api(cast.bo).get(f"{path}?conversation_type=nonsense", expect=422)


def test_the_most_pressing_come_first_and_of_them_the_oldest(api: Client, cast: Cast, path: str) -> None:
    now = clock.now()
    made = [
        make_conversation(cast.inbox, priority=priority, created_at=now - timedelta(hours=age)).display_id
        for priority, age in ((-1, 9), (3, 1), (3, 2), (0, 5))
    ]

    data = api(cast.bo).get(f"{path}?sort_by=priority_desc_created_at_asc&status=all")["data"]

    assert [each["id"] for each in data["payload"]] == [made[2], made[1], made[3], made[0]]


def test_what_nobody_has_read_can_come_first(api: Client, cast: Cast, path: str) -> None:
    now = clock.now()
    unread, read = make_conversation(cast.inbox), make_conversation(cast.inbox, agent_last_seen_at=now)
    make_message(unread, created_at=now - timedelta(hours=2))
    make_message(read, created_at=now - timedelta(hours=1))

    data = api(cast.bo).get(f"{path}?sort_by=unread")["data"]

    assert [each["id"] for each in data["payload"]] == [unread.display_id, read.display_id]
    assert [each["unread_count"] for each in data["payload"]] == [1, 0]


def test_who_types_may_say_so(bo: Client, path: str, cast: Cast) -> None:
    where = f"{path}/{make_conversation(cast.inbox).display_id}/toggle_typing_status"

    assert bo.post(where, {"typing_status": "on", "is_private": True}) is None
    assert bo.post(where, {"typing_status": "off"}) is None
    assert bo.post(where, {"typing_status": "loud"}, expect=422)["attributes"] == ["typing_status"]
