"""On which conversations an app is opened: conditions that must all hold."""

from typing import Any

from dashboard.conversations.models import Conversation
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_

EXISTS, ABSENT, EQUALS, ONE_OF = TESTS = ("exists", "absent", "equals", "one_of")
FIELDS = (
    "conversation.status",
    "conversation.priority",
    "conversation.labels",
    "conversation.inbox_id",
    "contact.name",
    "contact.email",
    "contact.phone_number",
    "contact.identifier",
    "contact.blocked",
)
FAMILIES = ("conversation.custom_attributes.", "contact.custom_attributes.")
MOST_CONDITIONS = 10
MOST_VALUES = 50
LONGEST = 255

_INVALID = N_("is invalid")


def checked_conditions(field: str, given: Any) -> list[dict[str, Any]]:
    """The conditions as they are stored: each with what its test needs and no more.

    Raises:
        Invalid: one of them cannot be asked.
    """
    if not isinstance(given, list) or len(given) > MOST_CONDITIONS:
        raise Invalid(field, _INVALID)
    return [_checked(field, each) for each in given]


def all_hold(conditions: list[dict[str, Any]], conversation: Conversation) -> bool:
    """Whether the conversation is one of those that are meant."""
    return all(_holds(each, _found(each["field"], conversation)) for each in conditions)


def _checked(field: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or given.get("test") not in TESTS or not _is_field(given.get("field")):
        raise Invalid(field, _INVALID)
    test = given["test"]
    condition = {"field": given["field"], "test": test}
    if test == EQUALS:
        condition["value"] = _value(field, given.get("value"))
    if test == ONE_OF:
        values = given.get("values")
        if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
            raise Invalid(field, N_("A condition lacks what to compare with."))
        condition["values"] = [_value(field, value) for value in values]
    return condition


def _is_field(name: Any) -> bool:
    if not isinstance(name, str) or len(name) > LONGEST or not name.isprintable():
        return False
    return name in FIELDS or any(name.startswith(family) and name != family for family in FAMILIES)


def _value(field: str, value: Any) -> str:
    word = _word(value).strip()
    if not word:
        raise Invalid(field, N_("A condition lacks what to compare with."))
    if len(word) > LONGEST or not word.isprintable():
        raise Invalid(field, _INVALID)
    return word


def _holds(condition: dict[str, Any], found: Any) -> bool:
    words = [_word(each) for each in (found if isinstance(found, list) else [found])]
    known = [word for word in words if word]
    if condition["test"] == EXISTS:
        return bool(known)
    if condition["test"] == ABSENT:
        return not known
    wanted = condition["values"] if condition["test"] == ONE_OF else [condition["value"]]
    return any(word in wanted for word in known)


def _found(name: str, conversation: Conversation) -> Any:
    owner = conversation if name.startswith("conversation.") else conversation.contact
    for family in FAMILIES:
        if name.startswith(family):
            return owner.custom_attributes.get(name.removeprefix(family))
    column = name.partition(".")[2]
    return getattr(owner, "priority_name" if column == "priority" else column)


def _word(value: Any) -> str:
    """How a value is written where people compare it; what is no single value is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""
