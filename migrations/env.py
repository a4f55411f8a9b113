"""How migrations run: on a connection of their own, all or nothing, and on SQLite without foreign keys."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import text
from sqlalchemy.pool import NullPool

from dashboard.extensions import db
from dashboard.lib.columns import UtcDateTime

# Full-text tables with the shadows that SQLite keeps of them, and the indexes that only PostgreSQL has.
SEARCH = re.compile(r"\w+_search(_\w+)?")
# Keys that stand in their columns: to write them beside, SQLite would have copied large tables. It cannot be
# asked for their terms; PostgreSQL can.
IN_COLUMNS = {"agent_bot_id", "assignee_bot_id", "sender_bot_id"}
ONE_AT_A_TIME = 7_303_014  # two processes that start at once must not both migrate


def include_object(found: Any, name: str | None, kind: str, *_: object) -> bool:
    """Leave out what the models do not describe: what search needs is made by hand in its migration."""
    if kind == "foreign_key_constraint" and context.get_bind().dialect.name == "sqlite":
        return IN_COLUMNS.isdisjoint(found.column_keys)
    return not (kind in {"table", "index"} and name is not None and SEARCH.fullmatch(name))


def render_item(kind: str, item: object, _: object) -> str | bool:
    """Write our own types as what they are: a migration must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def load_models() -> None:
    """Every street's tables, also those that no door has asked for yet."""
    package = Path(import_module("dashboard").__path__[0])
    for file in sorted(package.rglob("models*/**/*.py")) + sorted(package.rglob("models.py")):
        import_module(".".join(file.relative_to(package.parent).with_suffix("").parts))


def run() -> None:
    load_models()
    engine = create_engine(current_app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            render_item=render_item,
            render_as_batch=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if engine.dialect.name == "sqlite":
            _check_foreign_keys(connection)
        connection.commit()
    engine.dispose()


def _prepare_sqlite(raw: Any, _: object) -> None:
    """A batch migration drops the table that it copied: foreign keys would delete the children with it."""
    raw.isolation_level = None
    for pragma in ("foreign_keys=OFF", "busy_timeout=60000", "journal_mode=WAL"):
        raw.execute(f"PRAGMA {pragma}")


def _check_foreign_keys(connection: Connection) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if dangling:
        raise RuntimeError(f"the migration would leave rows that point to nothing: {dangling[:5]}")


if context.is_offline_mode():
    raise SystemExit("Migrations need the database itself: they are not written out as SQL.")
run()
