"""The reference of events, and the schemas beside it, are as `python -m docs.events` writes them."""

from docs.events import FOLDER
from docs.events import PAGE
from docs.events import schemas
from docs.events import with_reference


def test_the_reference_is_as_the_program_is() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert with_reference(page) == page, "python -m docs.events"


def test_every_schema_is_published_as_it_is() -> None:
    published = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "schemas").glob("*")}

    assert published == schemas(), "python -m docs.events"
