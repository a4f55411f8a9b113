"""Aliases of tables that many threads use from their first moment on."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import aliased


def ready_alias(model: Any, name: str) -> Any:
    """An alias with its columns and their index made.

    SQLAlchemy makes both when they are first needed, without a lock: of two threads that need them at once
    one finds half an index, and its statement, which is kept, speaks of the wrong table.
    """
    alias = aliased(model, name=name)
    inspect(alias).selectable.c.corresponding_column(model.__table__.c.id)
    return alias
