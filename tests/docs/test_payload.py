"""The page about what each scope lets through is as `python -m docs.payload` writes it."""

from dashboard.apps.schemas.access import SCOPES
from docs.payload import PAGE
from docs.payload import TABLES
from docs.payload import with_tables
from tests.support.documents import tables_of


def test_every_field_stands_with_its_scope() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert with_tables(page) == page, "python -m docs.payload"


def test_every_table_of_fields_is_written_by_it() -> None:
    assert {*TABLES, "What an app may be told"} == set(tables_of(PAGE))


def test_every_scope_is_explained() -> None:
    assert tables_of(PAGE)["What an app may be told"] == list(SCOPES)
