"""Apps for tests, and the ways in which tests speak to them."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard import cli
from dashboard import create_app
from dashboard import wiring
from dashboard.accounts.queries import access_token_of
from dashboard.bots.models import Actor
from dashboard.bots.models import AgentBot
from dashboard.config import Config
from dashboard.extensions import db
from dashboard.queue.models import Job
from dashboard.queue.worker import run_all
from dashboard.webhooks.worker.sender import send_all
from tests.support.page import DeskClient


def open_app(folder: Path, database_url: str, **environ: str) -> Flask:
    """An app with exactly these settings, whatever the environment says."""
    app = create_app(
        Config.from_environment({"DATA_DIR": str(folder), "DATABASE_URL": database_url, **environ})
    )
    cli.register(app)
    app.testing = True
    app.test_client_class = DeskClient
    return app


def close_app(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class ApiClient:
    """Speaks JSON with the token of a person, or of a bot; `expect` is the status that must come."""

    def __init__(self, app: Flask, actor: Actor | None = None) -> None:
        self.client = app.test_client()
        token = actor if isinstance(actor, AgentBot) or actor is None else access_token_of(actor)
        self.headers = {"api_access_token": token.token} if token else {}

    def get(self, path: str, *, expect: int = 200) -> Any:
        return self.send("GET", path, expect=expect)

    def post(self, path: str, json: Any = None, *, expect: int = 200) -> Any:
        return self.send("POST", path, json, expect=expect)

    def put(self, path: str, json: Any = None, *, expect: int = 200) -> Any:
        return self.send("PUT", path, json, expect=expect)

    def patch(self, path: str, json: Any = None, *, expect: int = 200) -> Any:
        return self.send("PATCH", path, json, expect=expect)

    def delete(self, path: str, json: Any = None, *, expect: int = 200) -> Any:
        return self.send("DELETE", path, json, expect=expect)

    def send(self, method: str, path: str, json: Any = None, *, expect: int) -> Any:
        """The body of the answer, parsed; None where there is none."""
        response: TestResponse = self.client.open(path, method=method, json=json, headers=self.headers)
        assert response.status_code == expect, f"{method} {path}: {response.status}\n{response.text[:2000]}"
        return response.get_json(silent=True)


class Jobs:
    """The queue, and a worker that works when it is told to."""

    def run_all(self) -> None:
        """Run and send what is due until nothing is; a job that fails fails the test."""
        is_busy = True
        while is_busy:
            for failure in run_all(wiring.JOBS):
                raise failure
            is_busy = send_all()

    def waiting(self, kind: str | None = None) -> list[Job]:
        """The jobs in the table, the next one first."""
        query = select(Job).order_by(Job.due_at, Job.id)
        return list(db.session.scalars(query.where(Job.kind == kind) if kind else query))
