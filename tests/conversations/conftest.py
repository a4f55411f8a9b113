"""A conversation to look at; files that need another one have their own."""

import pytest

from dashboard.conversations.models import Conversation
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    made = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))
    make_message(made, "Where is my lantern?")
    return made
