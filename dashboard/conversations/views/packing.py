"""The context as the page carries it: what stands in it several times is written once, with its places."""

import json
from collections.abc import Iterator
from typing import Any

Place = tuple[dict[str, Any], list[str | int]]  # who has it, and the way there from the context's `data`


def packed(data: dict[str, Any]) -> dict[str, Any]:
    """`{"data": …, "shared": [{"value": …, "at": [way, …]}, …], "common": {…}}`, a third smaller.

    The page puts each shared value back at the end of its ways, and what is common into every message.
    `data` loses both.
    """
    shared: dict[str, dict[str, Any]] = {}
    for owner, way in _places(data):
        value = owner.pop(str(way[-1]), None)
        if value is not None:
            mark = json.dumps(value)
            shared.setdefault(mark, {"value": value, "at": []})["at"].append(way)
    return {"data": data, "shared": list(shared.values()), "common": _common(data)}


def _places(data: dict[str, Any]) -> Iterator[Place]:
    yield data, ["contact"]
    conversation = data["conversation"]
    yield conversation, ["conversation", "contact"]
    yield conversation["meta"], ["conversation", "meta", "sender"]
    if last := conversation["last_non_activity_message"]:
        yield last, ["conversation", "last_non_activity_message", "sender"]
    for number, message in enumerate(conversation["messages"]):
        yield message, ["conversation", "messages", number, "sender"]


def _common(data: dict[str, Any]) -> dict[str, Any]:
    messages = data["conversation"]["messages"]
    if len(messages) < 2:
        return {}
    common = {
        name: value
        for name, value in messages[0].items()
        if all(name in message and message[name] == value for message in messages)
    }
    for message in messages:
        for name in common:
            del message[name]
    return common
