"""Numbers of rows, as they come in addresses, forms and frames."""

LARGEST = 2**63 - 1  # that fits the column, on both databases
_MOST_DIGITS = 18  # that fit it, whichever they are


def row_number(text: str | None) -> int | None:
    """The number that a text is, if it can be a row's; None for anything else."""
    if text and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    return None
