"""What is wrong with the machine is told as that, and not as a mistake of ours."""

import errno
import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from dashboard.http.guards import public

FULL = OSError(errno.ENOSPC, "No space left on device")
TABLES_FULL = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
LOCKED = OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))
OTHER = OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(
    ("trouble", "status", "sentence"),
    [
        (FULL, 507, "The disk of the desk is full. Nothing was saved."),
        (TABLES_FULL, 507, "The disk of the desk is full. Nothing was saved."),
        (LOCKED, 503, "The desk is busy. Try again in a moment."),
        (OTHER, 500, "Internal Server Error"),
    ],
)
def test_a_full_disk_and_a_locked_database_say_so(
    make_app: Callable[..., Flask], trouble: Exception, status: int, sentence: str
) -> None:
    app = make_app()
    app.testing = False

    @public
    def fail() -> str:
        raise trouble

    app.add_url_rule("/api/fail", "api_fail", fail)
    app.add_url_rule("/fail", "fail", fail)
    client = app.test_client()

    with app.app_context():
        answer, page = client.get("/api/fail"), client.get("/fail")

    assert (answer.status_code, answer.json) == (status, {"error": sentence})
    assert page.status_code == status
    assert page.mimetype == "text/html"
    assert (answer.headers.get("Retry-After") == "5") == (status == 503)
