"""Databases for tests: migrated once, copied from then on. The same words for SQLite and PostgreSQL."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

import psycopg
from sqlalchemy import make_url

from tests.support.postgres import Cluster


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new(self, *, copy_of: str | None = None) -> str:
        """The address of an empty database, or of a copy of one that nobody has open."""
        path = self.folder / f"{token_hex(6)}.db"
        if copy_of is not None:
            shutil.copy(copy_of.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """It is one small file."""

    def close(self) -> None:
        """Pytest throws the folder away."""


class PostgresqlDatabases:
    """On the server at `url`, whose user may create databases."""

    def __init__(self, url: str, cluster: Cluster | None = None) -> None:
        self.url = url
        self.cluster = cluster
        self.names: list[str] = []

    def new(self, *, copy_of: str | None = None) -> str:
        name = f"deskframe_test_{token_hex(6)}"
        template = make_url(copy_of).database if copy_of else "template0"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.names.append(name)
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Nobody needs it any more."""
        self._execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')
        self.names.remove(make_url(url).database)

    def close(self) -> None:
        if self.cluster is not None:
            self.cluster.stop()
            return
        for name in self.names:
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


Databases = SqliteDatabases | PostgresqlDatabases


def open_databases(folder: Path, environ: Mapping[str, str] = os.environ) -> Databases:
    """DATABASE_URL names a server to use; DATABASE=postgresql starts one; otherwise it is SQLite."""
    given = environ.get("DATABASE_URL", "")
    if given and not given.startswith("sqlite"):
        return PostgresqlDatabases(
            given.replace("postgres://", "postgresql://", 1).replace("+psycopg", "", 1)
        )
    if environ.get("DATABASE", "sqlite") == "sqlite":
        return SqliteDatabases(folder)
    cluster = Cluster()
    cluster.start()
    return PostgresqlDatabases(cluster.url, cluster)
