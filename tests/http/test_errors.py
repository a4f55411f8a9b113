"""A full disk and a locked database: whoever asks is told, nothing is half kept, and reading goes on."""

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from dashboard.apps.models.apps import DashboardApp
from dashboard.extensions import db
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.cast import make_cast

LARGE = {
    "title": "Orders",
    "content": [{"type": "frame", "url": f"https://orders.example.com/{'x' * 1500}/{n}"} for n in range(20)],
}


@dataclass
class Desk:
    """A desk on a SQLite file of its own, with little patience."""

    app: Flask
    file: Path
    path: str
    token: str

    def ask(self, method: str, **body: Any) -> TestResponse:
        client = self.app.test_client()
        return client.open(self.path, method=method, headers={"api_access_token": self.token}, **body)

    def count(self) -> int:
        with self.app.app_context():
            return db.session.query(DashboardApp).count()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "desk.db"
    app = open_app(tmp_path, f"sqlite:///{file}")
    app.testing = False  # the answer is wanted, not the exception
    app.test_client_class = FlaskClient
    with app.app_context():
        flask_migrate.upgrade()
        event.listen(db.engine, "connect", _be_impatient)
        db.engine.dispose()
        cast = make_cast()
        db.session.commit()
        path = f"/api/v1/accounts/{cast.acme.id}/dashboard_apps"
        token = cast.token(cast.ada)
    yield Desk(app, file, path, token)
    close_app(app)


def _be_impatient(raw: sqlite3.Connection, _: object) -> None:
    raw.execute("PRAGMA busy_timeout=50")


def test_a_locked_database_says_to_come_back_and_is_still_read(desk: Desk) -> None:
    with sqlite3.connect(desk.file) as somebody:
        somebody.execute("BEGIN IMMEDIATE")

        answer = desk.ask("POST", json=LARGE)

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "try again" in answer.json["error"]
        assert desk.ask("GET").json == []
    assert desk.ask("POST", json=LARGE).status_code == 200


def test_a_full_disk_says_so_and_keeps_nothing(desk: Desk) -> None:
    with desk.app.app_context():
        pages = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        db.session.rollback()
        db.session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")
        db.session.rollback()

    answers = [desk.ask("POST", json=LARGE) for _ in range(6)]

    assert answers[-1].status_code == 507
    assert answers[-1].json == {"error": "The disk of the desk is full. Nothing was saved."}
    assert desk.count() == sum(answer.status_code == 200 for answer in answers)
    assert desk.ask("GET").status_code == 200


def test_a_page_says_it_too(desk: Desk) -> None:
    @desk.app.get("/full")
    def full() -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    answer = desk.app.test_client().get("/full")

    assert answer.status_code == 507
    assert "The disk of the desk is full. Nothing was saved." in answer.text
