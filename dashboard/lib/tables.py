"""Tables as CSV: rows on their way out, in a file beside the uploads."""

import csv
import io
import tempfile
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.lib.files import waiting_file

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> str:
    """The value as text that is no formula for programs that show tables."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text


def table_of(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, folder: Path
) -> tempfile.SpooledTemporaryFile[bytes]:
    """The rows below the names of their columns; nothing in them is a formula."""
    table = waiting_file(folder)
    lines = io.TextIOWrapper(table, "utf-8", newline="", write_through=True)
    writer = csv.writer(lines)
    writer.writerow(columns)
    writer.writerows([harmless(value) for value in row] for row in rows)
    lines.detach()
    table.seek(0)
    return table
