"""A bot of Acme's that answers first in its inbox; what it is told is as the schema of the event says."""

from collections.abc import Iterator

import pytest
from flask import Flask

from dashboard.bots.models import AgentBot
from tests.support.bodies import assert_all_told_right
from tests.support.cast import Cast
from tests.support.factories import make_bot


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    yield app
    assert_all_told_right()


@pytest.fixture
def robo(cast: Cast) -> AgentBot:
    return make_bot(cast.acme, inbox=cast.inbox, outgoing_url="https://bot.example.com/")
