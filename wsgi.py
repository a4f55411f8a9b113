"""What tools and servers import: `app` is the plain WSGI application, `asgi` is what `make run` serves."""

from importlib import import_module
from typing import Any

import click

from dashboard import create_app
from dashboard.config import BadSetting
from dashboard.config import Config
from dashboard.realtime.bus.exchange import connect

_command = click.get_current_context(silent=True)
if _command is not None and _command.info_name == "run":
    raise SystemExit("`flask run` drops the API's token header and runs no worker: use `make run`.")

try:
    config = Config.from_environment()
except BadSetting as mistake:
    raise SystemExit(str(mistake)) from None

app = create_app(config)
connect(config)
if _command is not None:
    import_module("dashboard.cli").register(app)


def __getattr__(name: str) -> Any:
    """`asgi` is made when a server asks for it, so that commands need not load what only serving needs."""
    if name != "asgi":
        raise AttributeError(name)
    return import_module("dashboard.server.asgi").Shell(app, config)
