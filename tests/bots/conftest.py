"""A bot of Acme's that answers first in its inbox."""

import pytest

from dashboard.bots.models import AgentBot
from tests.support.cast import Cast
from tests.support.factories import make_bot


@pytest.fixture
def robo(cast: Cast) -> AgentBot:
    return make_bot(cast.acme, inbox=cast.inbox, outgoing_url="https://bot.example.com/")
