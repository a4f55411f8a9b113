"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import Dialect
from sqlalchemy import Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.types import TypeDecorator

Json = JSON().with_variant(JSONB(), "postgresql")
# An object whose keys may be changed in place and is written again. A type of its own: being mutable is noted
# on the type, and a list must not be taken for one.
JsonObject = MutableDict.as_mutable(JSON().with_variant(JSONB(), "postgresql"))


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored in UTC, aware when read. A naive one is refused, it could be any time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time must be aware")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers its rows only where the key is spelled INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")
