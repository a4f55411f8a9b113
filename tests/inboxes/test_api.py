"""Inboxes and who works in them over the API, in upstream's shapes."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes import jobs as inboxes_jobs
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message

Client = Any
UPSTREAM_KEYS = {
    "id", "avatar_url", "channel_id", "name", "channel_type", "greeting_enabled", "greeting_message",
    "working_hours_enabled", "enable_email_collect", "csat_survey_enabled", "csat_config",
    "enable_auto_assignment", "auto_assignment_config", "out_of_office_message", "working_hours", "timezone",
    "callback_webhook_url", "allow_messages_after_resolved", "lock_to_single_conversation",
    "sender_name_type", "business_name", "allowed_domains", "widget_color", "website_url", "hmac_mandatory",
    "welcome_title", "welcome_tagline", "web_widget_script", "website_token", "selected_feature_flags",
    "reply_time", "messaging_service_sid", "phone_number", "provider", "webhook_url", "inbox_identifier",
    "additional_attributes",
}  # fmt: skip


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/inboxes"


@pytest.fixture
def members(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/inbox_members"


@pytest.fixture
def ada(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.ada)


@pytest.fixture
def bo(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.bo)


def names(answer: Any) -> list[str]:
    return [each["name"] for each in answer["payload"]]


def test_an_api_inbox_is_opened(ada: Client, path: str, cast: Cast) -> None:
    made = ada.post(
        path,
        {
            "name": "Shop",
            "greeting_enabled": "true",
            "greeting_message": "null",
            "channel": {
                "type": "api",
                "webhook_url": "https://hook.example",
                "additional_attributes": {"a": 1},
            },
        },
    )

    assert set(made) == UPSTREAM_KEYS | {"hmac_token", "secret"}
    assert (made["name"], made["channel_type"]) == ("Shop", "Channel::Api")
    assert made["webhook_url"] == "https://hook.example"
    assert (made["greeting_enabled"], made["greeting_message"]) == (True, None)
    assert made["additional_attributes"] == {"a": 1}
    assert made["enable_email_collect"] is True
    assert made["timezone"] == "UTC"
    assert made["website_token"] is None
    assert [day["closed_all_day"] for day in made["working_hours"]] == [True, *[False] * 5, True]
    assert len({made["inbox_identifier"], made["hmac_token"], made["secret"]}) == 3
    assert ada.get(f"{path}/{made['id']}") == made


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"channel": {"type": "api"}}, "Name can't be blank"),
        ({"name": " ", "channel": {"type": "api"}}, "Name can't be blank"),
        ({"name": "null", "channel": {"type": "api"}}, "Name can't be blank"),
        ({"name": "Shop"}, "Channel must exist"),
        ({"name": "Shop", "channel": {"type": "fax"}}, "Channel must exist"),
        ({"name": "x" * 256, "channel": {"type": "api"}}, "Name is too long (maximum is 255 characters)"),
        (
            {"name": "Shop", "channel": {"type": "api", "webhook_url": "x" * 2049}},
            "Webhook url is too long (maximum is 2048 characters)",
        ),
        (
            {
                "name": "S",
                "channel": {"type": "api", "additional_attributes": {"agent_reply_time_window": 0}},
            },
            "Agent reply time window agent_reply_time_window must be greater than 0",
        ),
        (
            {"name": "S", "sender_name_type": "rude", "channel": {"type": "api"}},
            "Sender name type is not included in the list",
        ),
    ],
)
def test_what_cannot_be_used_is_named(ada: Client, path: str, sent: dict[str, Any], message: str) -> None:
    assert ada.post(path, sent, expect=422)["message"] == message


def test_changing_keeps_what_is_not_sent(ada: Client, path: str, cast: Cast) -> None:
    where = f"{path}/{cast.inbox.id}"
    before = ada.patch(where, {"timezone": "Europe/Berlin", "channel": {"webhook_url": "https://a.example"}})

    after = ada.put(where, {"name": "Renamed", "channel": {"hmac_mandatory": True}})

    assert after == {**before, "name": "Renamed", "hmac_mandatory": True}
    assert after["timezone"] == "Europe/Berlin"
    assert ada.patch(where, {"channel": {"webhook_url": None}})["webhook_url"] == ""
    assert ada.patch(where, {"lock_to_single_conversation": True})["lock_to_single_conversation"] is True
    assert ada.patch(where, {"timezone": None})["timezone"] == "UTC"


def test_agents_see_their_inboxes_without_the_keys(
    api: Callable[..., Client], ada: Client, bo: Client, path: str, cast: Cast
) -> None:
    make_inbox(cast.acme, name="aaa")
    make_inbox(cast.other, name="Other")

    assert names(ada.get(path)) == ["aaa", "Website"]
    assert names(bo.get(path)) == ["Website"]
    assert names(api(cast.cy).get(path)) == []
    assert set(bo.get(f"{path}/{cast.inbox.id}")) == UPSTREAM_KEYS


@pytest.mark.database
def test_a_deleted_inbox_is_gone_at_once_and_emptied_by_a_job(
    ada: Client, path: str, cast: Cast, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inboxes_jobs, "BATCH", 2)
    kept = make_message(make_conversation(make_inbox(cast.acme, name="Kept")))
    for _ in range(5):
        make_message(make_conversation(cast.inbox))
    conversation = make_conversation(cast.inbox)
    where = f"{path}/{cast.inbox.id}"
    conversations = f"/api/v1/accounts/{cast.acme.id}/conversations"

    assert ada.delete(where) == {"message": "Your inbox deletion request will be processed in some time."}

    ada.get(where, expect=404)
    ada.delete(where, expect=404)
    assert names(ada.get(path)) == ["Kept"]
    ada.get(f"{conversations}/{conversation.display_id}", expect=404)
    assert ada.get(conversations)["data"]["meta"]["all_count"] == 1
    session = ContactInbox.__table__
    source_id = db.session.scalar(
        session.select().with_only_columns(session.c.source_id).where(session.c.inbox_id == cast.inbox.id)
    )
    ada.post(conversations, {"source_id": source_id}, expect=404)

    jobs.run_all()

    assert db.session.query(Inbox).count() == db.session.query(Conversation).count() == 1
    assert db.session.query(ContactInbox).count() == 1
    assert [message.id for message in db.session.query(Message)] == [kept.id]


def test_members_are_added_replaced_and_removed(ada: Client, members: str, cast: Cast) -> None:
    inbox_id = cast.inbox.id

    added = ada.post(members, {"inbox_id": inbox_id, "user_ids": [cast.cy.id, cast.bo.id]})
    assert names(added) == ["Bo Agent", "Cy Agent"]
    assert names(ada.get(f"{members}/{inbox_id}")) == ["Bo Agent", "Cy Agent"]
    replaced = ada.patch(members, {"inbox_id": str(inbox_id), "user_ids": [str(cast.ada.id)]})
    assert names(replaced) == ["Ada Admin"]
    assert ada.delete(members, {"inbox_id": inbox_id, "user_ids": [cast.ada.id]}) is None
    assert names(ada.get(f"{members}/{inbox_id}")) == []


def test_who_works_in_all_of_them_or_manages_all_can_be_put_in_charge(
    api: Any, ada: Client, members: str, cast: Cast
) -> None:
    account = f"/api/v1/accounts/{cast.acme.id}"
    both, one = make_inbox(cast.acme, members=(cast.bo, cast.cy)), cast.inbox

    def assignable(*inboxes: Any) -> list[str]:
        asked = "&".join(f"inbox_ids[]={number}" for number in inboxes)
        return names(ada.get(f"{account}/assignable_agents?{asked}"))

    assert assignable(both.id) == ["Ada Admin", "Bo Agent", "Cy Agent"]
    assert assignable(both.id, one.id) == ["Ada Admin", "Bo Agent"]
    assert names(ada.get(f"{account}/inboxes/{one.id}/assignable_agents")) == ["Ada Admin", "Bo Agent"]
    for nothing in ("x", "987654", make_inbox(cast.other).id):
        ada.get(f"{account}/assignable_agents?inbox_ids[]={nothing}", expect=404)
    api(cast.cy).get(f"{account}/inboxes/{one.id}/assignable_agents", expect=401)
    many = "&".join(f"inbox_ids[]={number}" for number in range(1, 102))
    assert ada.get(f"{account}/assignable_agents?{many}", expect=422) == {"error": "Too many inboxes"}


def test_members_must_be_people_of_the_account(ada: Client, members: str, cast: Cast) -> None:
    sent = {"inbox_id": cast.inbox.id, "user_ids": [cast.cy.id, cast.eve.id]}

    for method in (ada.post, ada.patch):
        answer = method(members, sent, expect=422)
        assert (answer["message"], answer["attributes"]) == ("User must exist", ["user"])
    assert names(ada.get(f"{members}/{cast.inbox.id}")) == ["Bo Agent"]
    assert ada.post(members, {"inbox_id": cast.inbox.id}, expect=422)["attributes"] == ["user_ids"]
    ada.post(members, {"inbox_id": 987_654, "user_ids": []}, expect=404)


def test_a_removed_agent_works_in_no_inbox_of_the_account(ada: Client, members: str, cast: Cast) -> None:
    elsewhere = make_inbox(cast.other, members=(cast.bo,))

    ada.delete(f"/api/v1/accounts/{cast.acme.id}/agents/{cast.bo.id}")

    assert names(ada.get(f"{members}/{cast.inbox.id}")) == []
    row = db.session.execute(db.text("SELECT inbox_id FROM inbox_members")).all()
    assert [inbox_id for (inbox_id,) in row] == [elsewhere.id]
