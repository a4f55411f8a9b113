"""Writes the reference of events, and the schema of each, into webhooks/: `python -m docs.events`."""

import json
from pathlib import Path
from typing import Any

from dashboard.webhooks.schemas.events import SCHEMAS
from dashboard.webhooks.schemas.events import TOLD
from dashboard.webhooks.schemas.names import EVENTS
from dashboard.webhooks.schemas.names import OF_BOT
from dashboard.webhooks.schemas.names import OF_CALLBACK
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS
from dashboard.webhooks.schemas.parts import PARTS

FOLDER = Path(__file__).parent / "webhooks"
PAGE = FOLDER / "events.md"
START = "\n## Who is told what\n"
HEAD = "| field | type | |\n|---|---|---|\n"
YES, NO = "yes", ""


def with_reference(page: str) -> str:
    """The page, from its first table on as the program is."""
    text, start, _ = page.partition(START)
    events = "".join(_event(name) for name in EVENTS)
    parts = "".join(f"\n### {name}\n\n{HEAD}{_rows(part)}" for name, part in PARTS.items())
    return f"{text}{start}\n{_receivers()}\n## The events\n{events}\n## What they are made of\n{parts}"


def schemas() -> dict[str, str]:
    """What is published, by name of file."""
    return {f"{event}.json": json.dumps(schema, indent=2) + "\n" for event, schema in SCHEMAS.items()}


def _receivers() -> str:
    rows = "".join(
        f"| [`{name}`](#{name}) | {_yes(name in SUBSCRIPTIONS)} | {_yes(name in OF_CALLBACK)} "
        f"| {_yes(name in OF_BOT)} |\n"
        for name in EVENTS
    )
    return f"| event | webhooks | callbacks | bots |\n|---|---|---|---|\n{rows}"


def _yes(is_told: bool) -> str:
    return YES if is_told else NO


def _event(name: str) -> str:
    fact = TOLD[name]
    head = f"\n### {name}\n\n{fact.when} ([schema](schemas/{name}.json))\n\n"
    twin = next(
        other for other in EVENTS if (TOLD[other].about, TOLD[other].fields) == (fact.about, fact.fields)
    )
    if twin != name and fact.fields:
        return f"{head}With the same fields as [`{twin}`](#{twin}).\n"
    more = f"Everything of a [{fact.about}](#{fact.about}), and:\n\n" if fact.about else ""
    return f"{head}{more}{HEAD}| `event` | string | `{name}` |\n{_fields(fact.fields)}"


def _rows(part: dict[str, Any]) -> str:
    return _fields(part["properties"])


def _fields(fields: dict[str, Any]) -> str:
    return "".join(f"| `{name}` | {_type(schema)} | {_about(schema)} |\n" for name, schema in fields.items())


def _about(schema: dict[str, Any]) -> str:
    if "description" in schema:
        return str(schema["description"])
    words = [schema["const"]] if "const" in schema else [word for word in schema.get("enum", ()) if word]
    return ", ".join(f"`{word}`" for word in words)


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "anyOf" in schema:
        return " or ".join(_type(kind) for kind in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return "string or null" if None in schema.get("enum", ()) else "string"
    if schema["type"] == "array":
        inner = schema["items"]
        return f"list of {_type(inner)}" if "$ref" in inner else "list"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(
        {"date-time": "time"}.get(schema.get("format", ""), kind) if kind == "string" else kind
        for kind in kinds
    )


if __name__ == "__main__":
    PAGE.write_text(with_reference(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    for file, text in schemas().items():
        (FOLDER / "schemas" / file).write_text(text, encoding="utf-8")
