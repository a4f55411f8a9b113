"""Is the database there, and is it the one this code was written for? Asked quickly, without SQLAlchemy."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from dashboard.config import CHECKOUT
from dashboard.config import Config

VERSIONS = CHECKOUT / "migrations" / "versions"

_REVISION = re.compile(r"""^revision(?:: str)? = ["'](\w+)["']""", re.MULTILINE)
_DOWN = re.compile(r"""^down_revision(?:: [^=]+)? = ["'](\w+)["']""", re.MULTILINE)
_ASK_REVISION = "SELECT version_num FROM alembic_version"
_ASK_ACCOUNT = "SELECT id FROM accounts LIMIT 1"


class State(Enum):
    CURRENT = "current"
    EMPTY = "empty"
    BEHIND = "behind"
    NEWER = "newer"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Found:
    state: State
    has_account: bool = False
    revision: str = ""
    detail: str = ""  # a revision nobody knows, or why there is no answer


def state_of(config: Config) -> State:
    """Whether the database can be used."""
    return look(config).state


def look(config: Config) -> Found:
    """Open the database for a moment and see what it is."""
    return _look_at_sqlite(config.sqlite_path) if config.is_sqlite else _look_at_postgresql(config.libpq_url)


def copy_before_migration(path: Path, folder: Path, *, at: datetime) -> Path:
    """A copy of an SQLite database, beside which nothing can be lost."""
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-upgrade-{at:%Y%m%d-%H%M%S}.db"
    copy_sqlite(path, copy)
    return copy


def copy_sqlite(path: Path, copy: Path) -> None:
    """A whole copy, made by SQLite: a file that is copied beside a running server is torn."""
    copy.touch(mode=0o600)
    connection = sqlite3.connect(path)
    try:
        connection.execute("VACUUM INTO ?", (str(copy),))
    finally:
        connection.close()


def is_known(revision: str) -> bool:
    """Whether this code has heard of that revision; of a newer version's it has not."""
    return revision in _revisions()[0]


def newest_revision() -> str | None:
    """The revision that this code expects, read from the files: loading Alembic for it takes a second."""
    revisions, downs = _revisions()
    heads = revisions - downs
    return heads.pop() if len(heads) == 1 else None


def _look_at_sqlite(path: Path) -> Found:
    if not path.exists() or path.stat().st_size == 0:
        return Found(State.EMPTY)
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)
        try:
            return _judge(lambda question: connection.execute(question).fetchone(), sqlite3.OperationalError)
        finally:
            connection.close()
    except sqlite3.Error as error:
        return Found(State.UNREACHABLE, detail=str(error))


def _look_at_postgresql(url: str) -> Found:
    psycopg = import_module("psycopg")  # here, because it costs 20 MB that an SQLite desk need not spend
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            return _judge(
                lambda question: connection.execute(question).fetchone(), psycopg.errors.UndefinedTable
            )
    except psycopg.Error as error:
        return Found(State.UNREACHABLE, detail=str(error).partition("\n")[0])


def _judge(ask: Callable[[str], tuple[object, ...] | None], no_table: type[Exception]) -> Found:
    try:
        found = ask(_ASK_REVISION)
    except no_table:
        found = None
    if found is None:
        return Found(State.EMPTY)
    revision = str(found[0])
    if not is_known(revision):
        return Found(State.NEWER, revision=revision, detail=revision)
    state = State.CURRENT if revision == newest_revision() else State.BEHIND
    return Found(state, has_account=ask(_ASK_ACCOUNT) is not None, revision=revision)


def _revisions() -> tuple[set[str], set[str]]:
    """Every revision there is, and every one that another follows."""
    texts = [file.read_text(encoding="utf-8") for file in VERSIONS.glob("*.py")]
    return (
        {name for text in texts for name in _REVISION.findall(text)},
        {name for text in texts for name in _DOWN.findall(text)},
    )
