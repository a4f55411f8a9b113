"""The published shapes of events: each is sound, has a sample, and no more than is told stands in one."""

import pytest
from jsonschema import Draft202012Validator

from dashboard.webhooks.schemas.events import SCHEMAS
from dashboard.webhooks.schemas.events import TOLD
from dashboard.webhooks.schemas.names import EVENTS
from dashboard.webhooks.schemas.names import OF_BOT
from dashboard.webhooks.schemas.names import OF_CALLBACK
from dashboard.webhooks.schemas.samples import sample_of
from tests.support.bodies import assert_told_right


def test_every_event_has_a_schema() -> None:
    assert set(TOLD) == set(EVENTS) == set(SCHEMAS)
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("event", EVENTS)
def test_a_sample_is_what_its_schema_wants(event: str) -> None:
    assert_told_right(sample_of(event))


def test_something_too_much_or_too_little_is_seen() -> None:
    body = sample_of("message_created")
    for wrong in ({**body, "status": "sent"}, {**body, "sender": {}}, {**body, "conversation": None}):
        with pytest.raises(AssertionError):
            assert_told_right(wrong)


def test_a_callback_hears_of_what_is_in_its_inbox_and_a_bot_of_what_it_can_answer() -> None:
    assert {
        "conversation_created",
        "conversation_updated",
        "conversation_status_changed",
        "message_created",
        "message_updated",
        "webwidget_triggered",
        "conversation_typing_on",
        "conversation_typing_off",
    } == OF_CALLBACK
    assert {
        "conversation_opened",
        "conversation_resolved",
        "conversation_status_changed",
        "conversation_updated",
        "message_created",
        "message_updated",
        "webwidget_triggered",
    } == OF_BOT
