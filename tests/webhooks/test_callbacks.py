"""The callback of an API inbox: what it is told, how that is signed, and what if it does not listen."""

import hashlib
import hmac
import json
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from dashboard.channels.api.operations import trigger_widget
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.delivery import report_status
from dashboard.conversations.operations.posting import open_conversation
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import receive_message
from dashboard.conversations.operations.reading import tell_typing
from dashboard.conversations.operations.routing import change_status
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.lib.errors import Invalid
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Notice
from dashboard.webhooks.operations.claiming import LEASE
from dashboard.webhooks.operations.claiming import claim
from dashboard.webhooks.operations.claiming import waiting_endpoints
from dashboard.webhooks.operations.resending import retry_message
from dashboard.webhooks.operations.tidying import forget_old_notices
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.receivers import Receiver
from tests.support.receivers import receiving


@pytest.fixture
def receiver(cast: Cast) -> Iterator[Receiver]:
    """The callback of the cast's inbox."""
    outgoing.allow((ip_network("127.0.0.0/8"),))
    with receiving() as found:
        cast.inbox.webhook_url = found.url()
        yield found
    outgoing.allow(())


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Zoe"))


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in receiver.received]


def events(receiver: Receiver) -> list[str]:
    return [body["event"] for body in told(receiver)]


def wait(seconds: float) -> None:
    clock.shift(clock._offset + timedelta(seconds=seconds))


def test_everything_of_a_conversation_is_told_in_order(receiver: Receiver, cast: Cast, jobs: Jobs) -> None:
    session = make_contact_inbox(make_contact(cast.acme, name="Zoe"), cast.inbox)
    conversation = open_conversation(session, actor=None)
    receive_message(conversation, content="Hello?")
    post_note(conversation, content="VIP", author=cast.bo)
    post_message(conversation, content="Hi Zoe\\\nHow are you?\n\n", author=cast.bo)
    change_status(conversation, to="resolved", actor=cast.bo)
    jobs.run_all()

    assert events(receiver) == [
        "conversation_created",
        "message_created",
        "message_created",
        "message_created",
        "conversation_updated",
        "conversation_status_changed",
        "conversation_updated",
    ]
    created, incoming, note, answer, _, status, updated = told(receiver)
    assert created["account"] == {"id": cast.acme.id, "name": "Acme"}
    assert (created["id"], created["status"]) == (conversation.display_id, "open")
    assert "pubsub_token" not in json.dumps(told(receiver))
    assert (incoming["message_type"], incoming["sender"]["name"]) == ("incoming", "Zoe")
    assert (note["private"], note["message_type"]) == (True, "outgoing")
    assert answer["content"] == "Hi Zoe\nHow are you?"
    assert answer["sender"] == {"id": cast.bo.id, "name": "Bo Agent", "email": cast.bo.email, "type": "user"}
    assert answer["inbox"] == {"id": cast.inbox.id, "name": "Website"}
    assert answer["conversation"]["id"] == conversation.display_id
    assert answer["created_at"].endswith("Z")
    assert not {"status", "echo_id", "updated_at"} & set(answer)
    assert (status["status"], status["changed_attributes"]) == ("resolved", None)
    assert {"status": {"previous_value": "open", "current_value": "resolved"}} in updated[
        "changed_attributes"
    ]


def test_a_body_is_signed_as_it_is_sent(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    post_message(conversation, content="Grüße 👋", author=cast.bo)
    jobs.run_all()

    sent = receiver.received[0]
    stamp = sent.headers["x-chatwoot-timestamp"]
    expected = hmac.new(
        cast.inbox.secret.encode(), f"{stamp}.".encode() + sent.body, hashlib.sha256
    ).hexdigest()
    assert sent.headers["x-chatwoot-signature"] == f"sha256={expected}"
    assert sent.headers["content-type"] == "application/json"
    assert abs(int(stamp) - clock.epoch(clock.now())) < 60
    assert len(sent.headers["x-chatwoot-delivery"]) == 36
    assert ": " not in sent.body.decode().split('"content":')[0]


def test_typing_and_the_widget_are_told(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    tell_typing(conversation, is_typing=True, user=None)
    trigger_widget(
        conversation.contact_inbox, conversation=conversation, name="opened", event_info={"page": "/cart"}
    )
    jobs.run_all()

    typing, widget = sorted(told(receiver), key=lambda body: body["event"])
    assert (typing["event"], typing["user"]["name"], typing["is_private"]) == (
        "conversation_typing_on",
        "Zoe",
        False,
    )
    assert widget["event_info"] == {"name": "opened", "page": "/cart"}
    assert widget["current_conversation"]["id"] == conversation.display_id
    assert widget["source_id"] == conversation.contact_inbox.source_id


def test_what_was_told_is_what_was_true_then(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    post_message(conversation, content="First", author=cast.bo)
    change_status(conversation, to="resolved", actor=cast.bo)
    jobs.run_all()

    assert told(receiver)[0]["conversation"]["status"] == "open"


def test_what_is_undone_is_not_told(receiver: Receiver, conversation: Conversation, cast: Cast) -> None:
    with pytest.raises(Invalid):
        post_message(conversation, content="x" * 150_001, author=cast.bo)

    assert db.session.scalars(db.select(Delivery)).all() == []


def test_an_inbox_without_a_callback_stores_nothing(
    conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    post_message(conversation, content="Hi", author=cast.bo)

    assert db.session.scalars(db.select(Notice)).all() == []
    assert db.session.scalars(db.select(Delivery)).all() == []


def try_again(delivery: Delivery, jobs: Jobs) -> None:
    """Let the time pass until it is tried again."""
    wait((delivery.due_at - clock.now()).total_seconds())
    jobs.run_all()


def of(message: Message) -> Delivery:
    """What carries it."""
    return db.session.scalars(db.select(Delivery).where(Delivery.message_id == message.id)).one()


def test_after_the_third_failure_the_message_has_failed_and_a_later_success_heals_it(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    receiver.status = 500
    message = post_message(conversation, content="Hi", author=cast.bo)
    jobs.run_all()
    for attempts, status in ((1, "sent"), (2, "sent"), (3, "failed")):
        db.session.refresh(delivery := of(message))
        assert (delivery.attempts, message.status) == (attempts, status)
        if attempts < 3:
            try_again(delivery, jobs)
    assert message.content_attributes == {"external_error": "500 Internal Server Error"}
    tries = [each for each in receiver.received if b'"message_created"' in each.body]
    assert len(tries) == 3
    assert len({each.headers["x-chatwoot-delivery"] for each in tries}) == 1

    receiver.status = 200
    try_again(delivery, jobs)

    assert (message.status, message.content_attributes) == ("sent", {})
    updates = [body for body in told(receiver) if body["event"] == "message_updated"]
    assert updates[0]["content_attributes"] == {"external_error": "500 Internal Server Error"}


def test_the_next_message_waits_for_the_one_before(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    receiver.status = 503
    post_message(conversation, content="First", author=cast.bo)
    post_message(conversation, content="Second", author=cast.bo)
    other = make_conversation(cast.inbox)
    jobs.run_all()
    assert [body["content"] for body in told(receiver)] == ["First"]

    receiver.status = 200
    post_message(other, content="Elsewhere", author=cast.bo)
    jobs.run_all()
    wait(6)
    jobs.run_all()

    said = [body["content"] for body in told(receiver) if body["event"] == "message_created"]
    assert said == ["First", "Elsewhere", "First", "Second"]


def test_a_message_that_failed_is_sent_again_when_somebody_asks(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs, api: Callable[..., Any]
) -> None:
    receiver.status = 500
    message = post_message(conversation, content="Hi", author=cast.bo)
    for seconds in (0, 6, 31):
        wait(seconds)
        jobs.run_all()
    receiver.status = 200
    here = f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation.display_id}/messages/{message.id}"

    answer = api(cast.bo).post(f"{here}/retry")
    jobs.run_all()

    assert (answer["status"], answer["content_attributes"]) == ("sent", {})
    assert events(receiver).count("message_created") == 4
    refused = api(cast.bo).post(f"{here}/retry", expect=422)
    assert refused == {"error": "Only a message that failed can be sent again."}


def test_the_page_says_why_and_offers_to_send_again(
    conversation: Conversation, cast: Cast, page: Any
) -> None:
    message = make_message(
        conversation,
        "Hi",
        message_type="outgoing",
        sender_user_id=cast.bo.id,
        status="failed",
        content_attributes={"external_error": "500 Internal Server Error"},
    )
    page.sign_in(cast.bo)
    page.get(f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}")
    assert "500 Internal Server Error" in page.html.select_one(f"#message-{message.id}").text

    page.submit(".message-failure")

    assert db.session.get_one(Message, message.id).status == "sent"
    assert not page.follow().select(".message-failure")


def test_a_failed_receiver_of_a_customers_message_changes_nothing_about_it(
    receiver: Receiver, conversation: Conversation, jobs: Jobs
) -> None:
    receiver.status = 500
    message = receive_message(conversation, content="Hello?")
    for seconds in (0, 6, 31):
        wait(seconds)
        jobs.run_all()

    assert message.status == "sent"


def test_a_private_address_is_not_called(conversation: Conversation, cast: Cast, jobs: Jobs) -> None:
    cast.inbox.webhook_url = "http://127.0.0.1:1/hook"
    message = post_message(conversation, content="Hi", author=cast.bo)
    for seconds in (0, 6, 31):
        wait(seconds)
        jobs.run_all()

    assert message.content_attributes["external_error"] == "The address is not a public one"


def test_what_a_channel_says_goes_forward_only(conversation: Conversation, cast: Cast) -> None:
    message = post_message(conversation, content="Hi", author=cast.bo)

    def after(status: str, error: str | None = None) -> str:
        report_status(message, status=status, external_error=error, actor=cast.ada)
        return message.status

    steps = [after("delivered"), after("sent"), after("read"), after("delivered"), after("failed", "Blocked")]
    assert steps == ["delivered", "delivered", "read", "read", "failed"]
    assert message.content_attributes == {"external_error": "Blocked"}
    assert after("delivered") == "delivered"
    assert message.content_attributes == {}


def test_the_api_takes_what_a_channel_says(
    conversation: Conversation, cast: Cast, api: Callable[..., Any]
) -> None:
    message = post_message(conversation, content="Hi", author=cast.bo)
    here = f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation.display_id}/messages/{message.id}"

    failed = api(cast.bo).patch(here, {"status": "failed", "external_error": "No such number"})
    assert (failed["status"], failed["content_attributes"]) == (
        "failed",
        {"external_error": "No such number"},
    )
    assert api(cast.bo).patch(here, {"status": "lost"}, expect=422)["attributes"] == ["status"]
    assert api(cast.bo).patch(here, {}, expect=422)["attributes"] == ["status"]


def test_only_a_failed_message_is_sent_again(conversation: Conversation, cast: Cast) -> None:
    message = post_message(conversation, content="Hi", author=cast.bo)

    with pytest.raises(Invalid):
        retry_message(message, actor=cast.bo)


def test_a_callback_that_was_taken_away_is_not_called(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    receive_message(conversation, content="Hello?")
    cast.inbox.webhook_url = ""
    jobs.run_all()

    assert receiver.received == []


def test_old_typing_is_not_worth_telling(receiver: Receiver, conversation: Conversation, jobs: Jobs) -> None:
    tell_typing(conversation, is_typing=True, user=None)
    wait(60)
    jobs.run_all()

    assert receiver.received == []
    assert db.session.scalars(db.select(Delivery)).all() == []


def test_notices_are_forgotten_after_a_month(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    post_message(conversation, content="Hi", author=cast.bo)
    jobs.run_all()
    wait(31 * 24 * 3600)

    forget_old_notices()

    assert db.session.scalars(db.select(Delivery)).all() == []


def test_a_worker_that_died_while_sending_sends_again_under_the_same_number(
    receiver: Receiver, conversation: Conversation, cast: Cast, jobs: Jobs
) -> None:
    """What a kill -9 leaves behind is a delivery that somebody has taken and never noted."""
    post_message(conversation, content="Hi", author=cast.bo)
    first = claim([(address, 1) for address in waiting_endpoints()])
    jobs.run_all()
    assert receiver.received == []

    wait(LEASE.total_seconds() + 1)
    jobs.run_all()

    assert receiver.received[0].headers["x-chatwoot-delivery"] == first[0].uuid
