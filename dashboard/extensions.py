"""The Flask extensions, created here and configured in `create_app`; of ours they know the settings alone."""

from contextvars import ContextVar
from threading import Lock

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

from dashboard.config import Config

# Names that both databases and Alembic agree on, so that a constraint can be found again and dropped.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
login = LoginManager()
babel = Babel()
limiter = Limiter(get_remote_address)

# True where the transaction may write: jobs, commands and every request but GET, HEAD and OPTIONS.
# SQLite must take its write lock at BEGIN, or a read followed by a write loses other people's updates.
write_intent: ContextVar[bool] = ContextVar("write_intent", default=True)

# By which scheme and host this request came; nothing where there is none.
asked_at: ContextVar[str] = ContextVar("asked_at", default="")

_PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "wal_autocheckpoint=0",  # the worker alone checkpoints, see docs/decisions
    "temp_store=MEMORY",
    "cache_size=-2000",  # kB for each of twenty connections; the system keeps the file in memory once for all
)

# Writers of this process go one after the other. Who finds SQLite locked sleeps, longer each time: of sixteen
# at once a few would wait a second. Other processes still meet at SQLite's own lock.
_TURN = Lock()
_LONGEST_TURN = 10.0  # seconds; then SQLite is asked all the same


def settings() -> Config:
    """What the desk that is at work was started with."""
    config: Config = current_app.config["DESK"]
    return config


def desk_url() -> str:
    """Where others find this desk: PUBLIC_URL, else as whoever asks just now has found it."""
    config = settings()
    return config.public_url or asked_at.get() or config.local_url


def prepare_engine(engine: Engine) -> None:
    """Teach a SQLite engine when to begin, and set its pragmas; other databases are left as they are."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "commit", _end_turn)
    event.listen(engine, "rollback", _end_turn)


def _prepare_sqlite(raw: object, _: object) -> None:
    raw.isolation_level = None  # type: ignore[attr-defined]  # the driver's own BEGIN comes too late
    for pragma in _PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _begin_sqlite(connection: Connection) -> None:
    if not write_intent.get():
        connection.exec_driver_sql("BEGIN")
        return
    connection.info["has_turn"] = _TURN.acquire(timeout=_LONGEST_TURN)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:  # nothing was begun, so nothing will end the turn: the others would wait for ever
        _end_turn(connection)
        raise


def _end_turn(connection: Connection) -> None:
    if connection.info.pop("has_turn", False):
        _TURN.release()
