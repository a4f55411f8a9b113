"""What the worker does for conversations."""

import pytest

from dashboard.conversations.jobs import wake_conversation
from dashboard.conversations.operations.routing import change_status
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_conversation


def test_a_conversation_that_is_gone_needs_no_waking(cast: Cast) -> None:
    wake_conversation(4711)


def test_a_snooze_without_an_end_is_left_alone(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    change_status(conversation, to="snoozed", actor=cast.bo)

    wake_conversation(conversation.id)

    db.session.refresh(conversation)
    assert conversation.status == "snoozed"


@pytest.mark.parametrize("status", ["open", "resolved", "pending"])
def test_only_the_snoozed_are_woken(cast: Cast, status: str) -> None:
    conversation = make_conversation(cast.inbox, status=status)

    wake_conversation(conversation.id)

    db.session.refresh(conversation)
    assert conversation.status == status
