"""How many statements the database was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import event

_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Counted(list[str]):
    """The statements, in the order in which they were asked."""

    @property
    def number(self) -> int:
        return len(self)


@contextmanager
def counted() -> Iterator[Counted]:
    """`with counted() as queries:` … `assert queries.number == 3`; beginnings and ends are none."""
    asked = Counted()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.upper().startswith(_TRANSACTIONS):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
