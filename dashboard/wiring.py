"""Who is mounted where, and who hears of what: on one page."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint
from flask import Flask

from dashboard import transactions
from dashboard.accounts import views as accounts_views
from dashboard.cli import register as register_commands

# What the worker knows how to do, and what comes back by itself, after which time.
JOBS: dict[str, Callable[..., None]] = {}
PERIODIC: dict[str, timedelta] = {}


def wire(app: Flask) -> None:
    """Mount every door and connect every reaction."""
    settings = Blueprint("settings", __name__, url_prefix="/accounts/<int:account_id>/settings")
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for blueprint in (settings, api, accounts_views.bp):
        app.register_blueprint(blueprint)
    transactions.DURABLE.clear()
    register_commands(app)
