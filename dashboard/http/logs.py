"""What is written to standard error: one line a request, and what went wrong. No secrets, no message text."""

import logging
import re
import sys
from contextvars import ContextVar

from flask import Flask
from flask import Response
from flask import request
from sqlalchemy import inspect

from dashboard.http.current import caller

# Set by the shell before a request reaches its thread, so that every line of a request carries its id.
request_id: ContextVar[str] = ContextVar("request_id", default="-")

# Paths that are themselves a secret: whoever has one may set a password, join an account, or read a file.
_SECRET_PATHS = re.compile(r"^(/set-password/|/join/|/files/)[^/]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # would let a path write lines of its own

access = logging.getLogger("desk.request")


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def configure() -> None:
    """Send every logger of this process to standard error, in one format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s")
    )
    handler.addFilter(_RequestId())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("alembic", "uvicorn.error"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def register(app: Flask) -> None:
    app.after_request(_name_the_user)


def log_request(method: str, path: str, *, status: int, milliseconds: float, user_id: int | None) -> None:
    """The one line of a request. The query string stays out: it may hold what a person typed."""
    shown = _UNPRINTABLE.sub("?", _SECRET_PATHS.sub(r"\1…", path))
    who = "-" if user_id is None else user_id
    access.info("%s %s %s %.0fms user=%s", method, shown, status, milliseconds, who)


def _name_the_user(response: Response) -> Response:
    """Tell the shell who asked; only Flask knows, and only the shell knows how long it took."""
    scope = request.environ.get("asgi.scope")
    known = caller()
    if scope is not None and known is not None:
        # The identity and not the attribute: after a commit that would ask the database once more.
        scope["state"]["user_id"] = inspect(known.user).identity[0]
    return response
