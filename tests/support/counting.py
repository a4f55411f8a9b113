"""How much a page asks of the database: more rows must not mean more questions."""

from sqlalchemy import event

from dashboard.extensions import db
from tests.support.page import Page


def count_selects(page: Page, path: str) -> int:
    """How many SELECTs it takes to answer this page."""
    asked: list[str] = []

    def note(*details: object) -> None:
        asked.append(str(details[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    page.get(path)
    event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in asked if statement.startswith("SELECT")])
