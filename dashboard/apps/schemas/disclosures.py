"""What a context tells, by the names of its fields."""

from collections.abc import Iterator
from typing import Any

COLUMNS = ("day", "contact_id", "app_id", "app", "origin", "fields")
_WITH_PARTS = {"additional_attributes", "custom_attributes", "meta"}
_SAID_ELSEWHERE = {"contact", "sender"}
# Where else in a context the contact stands, and what has it inside.
_CONTACT_TOO = ("conversation.contact", "conversation.meta.sender")
_WITH_CONTACT = {"conversation", "conversation.meta"}


def fields_in(data: dict[str, Any]) -> set[str]:
    """The names of what a context says of a contact and of a conversation: `contact.email`,
    `contact.custom_attributes.plan`. What is empty tells nothing."""
    return {
        f"{about}.{name}"
        for about in ("contact", "conversation")
        for name in _names(data.get(about) or {})
        if name not in _SAID_ELSEWHERE
    }


def fields_at(fields: set[str], path: list[Any]) -> set[str]:
    """Those of the fields that are at a place in the context, inside it, or around it."""
    place = ".".join(str(step) for step in path)
    for other in _CONTACT_TOO:
        if f"{place}.".startswith(f"{other}."):
            place = f"contact{place.removeprefix(other)}"
    places = {place, "contact"} if place in _WITH_CONTACT else {place}
    inside = {field for field in fields if any(_is_in(field, each) for each in places)}
    return inside or {field for field in fields if _is_in(place, field)}


def _is_in(field: str, place: str) -> bool:
    return not place or f"{field}.".startswith(f"{place}.")


def _names(values: dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if value in (None, "", [], {}):
            continue
        if name in _WITH_PARTS and isinstance(value, dict):
            yield from (f"{name}.{part}" for part in value if part not in _SAID_ELSEWHERE)
        else:
            yield name
