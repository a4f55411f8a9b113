"""How much programs may say in JSON: it is kept, travels with every event, and stands in pages."""

import json
from typing import Any

from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_

LARGEST = 64 << 10  # characters


def check_size(field: str, value: Any) -> None:
    """Say whether that is more than anybody means.

    Raises:
        Invalid: it is.
    """
    if len(json.dumps(value, ensure_ascii=False)) > LARGEST:
        raise Invalid(field, N_("is too large (maximum is %(limit)s characters of JSON)"), limit=LARGEST)
