"""What every test may ask for: an app on a database of its own, people, pages, and the queue."""

import os
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.apps.operations import ledger
from dashboard.bots.models import Actor
from dashboard.config import BadSetting
from dashboard.config import Config
from dashboard.extensions import db
from dashboard.extensions import write_intent
from dashboard.lib import clock
from dashboard.realtime.presence import presence
from tests.support.apps import ApiClient
from tests.support.apps import Jobs
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.databases import Databases
from tests.support.databases import open_databases
from tests.support.page import Page
from tests.support.servers import Desk
from tests.support.servers import Server


def pytest_configure() -> None:
    """A bad variable stops the tests as it stops the server: with one line that names it."""
    with TemporaryDirectory() as folder:
        try:
            Config.from_environment({**os.environ, "DATA_DIR": folder})
        except BadSetting as mistake:
            raise pytest.UsageError(str(mistake)) from None


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark what asks a database at all: the rest says the same whichever it would be."""
    for item in items:
        if "databases" in item.fixturenames:
            item.add_marker("stored")


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    opened = open_databases(tmp_path_factory.mktemp("databases"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def migrated(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database on which every migration has run. It is only ever copied."""
    url = databases.new()
    app = open_app(tmp_path_factory.mktemp("migrated"), url)
    with app.app_context():
        flask_migrate.upgrade()
    close_app(app)
    return url


@pytest.fixture(scope="session")
def built_app(
    databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    app = open_app(tmp_path_factory.mktemp("data"), databases.new(copy_of=migrated))
    yield app
    close_app(app)


@pytest.fixture
def app(built_app: Flask) -> Iterator[Flask]:
    """The app inside one outer transaction, thrown away at the end: what a test commits goes too."""
    with built_app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            db.engines[None] = connection  # the session takes it for the engine
            db.session.configure(join_transaction_mode="create_savepoint")
            yield built_app
            db.session.remove()
            outer.rollback()
        db.engines[None] = engine


@pytest.fixture
def make_app(databases: Databases, migrated: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """`make_app(PUBLIC_URL="https://…")`: another app on a fresh database, where commits are real."""
    made: list[tuple[Flask, str]] = []

    def make(**environ: str) -> Flask:
        url = databases.new(copy_of=migrated)
        made.append((open_app(tmp_path / f"data{len(made)}", url, **environ), url))
        return made[-1][0]

    yield make
    for app, url in made:
        close_app(app)
        databases.drop(url)


@pytest.fixture(scope="session")
def live(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The desk as `make run` starts it: one for all tests, each of which makes its own accounts there."""
    server = Server(tmp_path_factory.mktemp("live"), databases.new(copy_of=migrated))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def near(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Another one, which may call what is on this machine."""
    url = databases.new(copy_of=migrated)
    server = Server(tmp_path_factory.mktemp("near"), url, OUTGOING_ALLOW="127.0.0.0/8")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(live: Server) -> Desk:
    """Two fresh accounts with the cast in them."""
    return live.make_desk()


@pytest.fixture(autouse=True)
def _nothing_lasts() -> Iterator[None]:
    yield
    clock.shift(timedelta())
    presence.forget()
    ledger.forget()
    write_intent.set(True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page(app: Flask) -> Page:
    return Page(app)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return make_cast()


@pytest.fixture
def api(app: Flask) -> Callable[..., ApiClient]:
    """`api(cast.ada).get("/api/v1/…")`; of a bot too; without either, no token is sent."""

    def client_of(actor: Actor | None = None) -> ApiClient:
        return ApiClient(app, actor)

    return client_of


@pytest.fixture
def jobs(app: Flask) -> Jobs:
    return Jobs()
