"""A context as a tree for people: every part with the scope that lets it through, and whether it does."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from dashboard.apps.schemas.projection import AGENT
from dashboard.apps.schemas.projection import CONTACT
from dashboard.apps.schemas.projection import CONVERSATION
from dashboard.lib.text import shorten

_LONGEST = 120
_APART = {"contact", "meta", "messages", "last_non_activity_message"}  # shown once, in a place of their own

Table = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Part:
    """`scope` is empty where none is needed."""

    name: str
    text: str
    scope: str
    is_told: bool
    parts: tuple["Part", ...] = ()


def explained(data: dict[str, Any], scopes: Collection[str]) -> list[Part]:
    """The whole `data` of a context, as an app with these scopes would and would not be told it."""
    conversation = data["conversation"]
    assignee = conversation["meta"].get("assignee")
    flat = {name: value for name, value in conversation.items() if name not in _APART}
    groups = [
        _group("contact", data["contact"], CONTACT, scopes),
        _group("conversation", flat, CONVERSATION, scopes),
        _group("currentAgent", data["currentAgent"], AGENT, scopes),
        Part("messages", "", "", True, tuple(_message(each, scopes) for each in conversation["messages"])),
    ]
    if assignee:
        is_told = "conversation.basic" in scopes
        parts = _parts(assignee, AGENT, scopes if is_told else ())
        told = tuple(part if is_told else _kept_back(part, "conversation.basic") for part in parts)
        groups.insert(2, Part("assignee", "", "", True, told))
    return groups


def _group(name: str, face: dict[str, Any], table: Table, scopes: Collection[str]) -> Part:
    return Part(name, "", "", True, _parts(face, table, scopes))


def _parts(face: dict[str, Any], table: Table, scopes: Collection[str]) -> tuple[Part, ...]:
    parts = []
    for name, value in face.items():
        needed = [scope for scope, names in table.items() if name in names]
        is_told = any(scope in {"", *scopes} for scope in needed)
        parts.append(_part(name, value, needed[0] if needed else "", is_told))
    return tuple(parts)


def _part(name: str, value: Any, scope: str, is_told: bool) -> Part:
    if isinstance(value, dict) and value:
        inner = tuple(_part(str(key), each, scope, is_told) for key, each in value.items())
        return Part(name, "", scope, is_told, inner)
    return Part(name, _text(value), scope, is_told)


def _message(message: dict[str, Any], scopes: Collection[str]) -> Part:
    scope = "notes" if message.get("private") else "messages"
    text = _text(message.get("content"))
    files = message.get("attachments", [])
    inner = tuple(_part("data_url", file.get("data_url"), scope, scope in scopes) for file in files)
    return Part(str(message.get("id")), text, scope, scope in scopes, inner)


def _kept_back(part: Part, scope: str) -> Part:
    return Part(part.name, part.text, scope, False, part.parts)


def _text(value: Any) -> str:
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shorten(written, _LONGEST)
