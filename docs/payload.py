"""Writes what each scope lets through into the tables of apps/payload.md: `python -m docs.payload`."""

import re
from pathlib import Path

from dashboard.apps.schemas import projection

PAGE = Path(__file__).parent / "apps" / "payload.md"
# By heading: the lines of the program, and what a field is said to need that no scope keeps out.
TABLES = {
    "`contact`": (projection.CONTACT, ""),
    "`conversation`": (projection.CONVERSATION, "none needed"),
    "`conversation.meta`": (projection.META, "none needed"),
    "Messages": (projection.MESSAGE, "none beside `messages` or `notes`"),
    "`conversation` of a message": (projection.AROUND_MESSAGE, ""),
    "Agents": (projection.AGENT, "none needed"),
}


def with_tables(page: str) -> str:
    """The page with its tables as the program is."""
    for heading, (lines, otherwise) in TABLES.items():
        head = rf"(^## {re.escape(heading)}\n[^#]*?^\| fields \| scope \|\n\|---\|---\|\n)"
        rows = rows_of(lines, otherwise)
        page, count = re.subn(rf"{head}(?:\|.*\n)*", rf"\g<1>{rows}", page, flags=re.MULTILINE)
        assert count == 1, heading
    return page


def rows_of(lines: dict[str, tuple[str, ...]], otherwise: str) -> str:
    return "".join(
        f"| {', '.join(f'`{name}`' for name in names)} | {f'`{scope}`' if scope else otherwise} |\n"
        for scope, names in lines.items()
    )


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
