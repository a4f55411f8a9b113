"""Whatever a story tells other people's servers, it is as the schema of its event says."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.bodies import assert_all_told_right


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    yield app
    assert_all_told_right()
