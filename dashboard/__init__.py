"""Deskframe: a support desk whose heart is apps in frames."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.config import Config


def create_app(config: "Config | None" = None) -> "Flask":
    """The application, for the settings given or those of the environment: see `dashboard/application.py`.

    It is loaded when it is called for. The supervisor needs `dashboard.config` and little else, and must not
    wait a second for Flask and SQLAlchemy, nor hold 40 MB of them.
    """
    app: Flask = import_module("dashboard.application").create_app(config)
    return app
