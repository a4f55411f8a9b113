"""The context block of a page, as its script reads it."""

import json
from functools import reduce
from operator import getitem
from typing import Any


def unpacked(text: str) -> dict[str, Any]:
    """The same as `static/js/lib/bridge.js` makes of it."""
    block: dict[str, Any] = json.loads(text)
    common, shared = block.pop("common", {}), block.pop("shared", [])
    for message in block["data"]["conversation"].get("messages", []):
        message.update(common)
    for each in shared:
        for *way, last in each["at"]:
            reduce(getitem, way, block["data"])[last] = each["value"]
    return block
