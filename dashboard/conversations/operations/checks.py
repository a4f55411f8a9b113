"""What a conversation may hold and a message may be; the limits and the words are upstream's."""

from datetime import UTC
from datetime import datetime
from typing import Any

from dashboard.conversations.models import CONTENT_TYPES
from dashboard.conversations.models import STATUSES
from dashboard.lib import clock
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.checks import one_of
from dashboard.lib.errors import Invalid
from dashboard.lib.sizes import check_size
from dashboard.lib.text import N_

LONGEST_CONTENT = 150_000  # characters of a message
LONGEST_VALUE = 1500  # characters of an attribute's text
LARGEST_VALUE = 9_999_999_999
LATEST_SNOOZE = datetime(9999, 12, 30, tzinfo=UTC)  # ours: later, some time zones are past their last year
ITEM_KEYS = {
    "input_select": {"title", "value"},
    "cards": {"title", "description", "media_url", "actions"},
    "form": {
        "type",
        "placeholder",
        "label",
        "name",
        "options",
        "default",
        "required",
        "pattern",
        "title",
        "pattern_error",
    },
    "article": {"title", "description", "link"},
}
ACTION_KEYS = {"text", "type", "payload", "uri"}


def check_status(status: str, snoozed_until: datetime | None) -> None:
    """Say what is wrong with a status and the end of its snooze.

    Raises:
        Invalid: the status is none of the four, or the end is in the past or further off than calendars go.
    """
    one_of("status", status, STATUSES)
    if snoozed_until is not None and snoozed_until <= clock.now():
        raise Invalid("snoozed_until", N_("must be in the future"))
    if snoozed_until is not None and snoozed_until > LATEST_SNOOZE:
        raise Invalid("snoozed_until", N_("is invalid"))


def check_attributes(field: str, attributes: dict[str, Any]) -> None:
    """Say what is wrong with the attributes of a conversation.

    Raises:
        Invalid: a text is too long, a number too large, or all together too much.
    """
    check_size(field, attributes)
    for key, value in attributes.items():
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise Invalid(field, N_("%(key)s length should be < 1500"), key=key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_VALUE:
            raise Invalid(field, N_("%(key)s value should be < 9999999999"), key=key)


def check_content(content: str) -> None:
    """Say what is wrong with the text of a message.

    Raises:
        Invalid: it is too long, or has a character that no database keeps.
    """
    if len(content) > LONGEST_CONTENT:
        raise Invalid("content", TOO_LONG, limit=LONGEST_CONTENT)
    if "\x00" in content:
        raise Invalid("content", N_("is invalid"))


def check_items(content_type: str, attributes: dict[str, Any]) -> None:
    """Say what is wrong with the kind of a message and the items that upstream asks of that kind.

    Raises:
        Invalid: there is no such kind, it has no items, or an item has what upstream does not know.
    """
    one_of("content_type", content_type, CONTENT_TYPES)
    allowed = ITEM_KEYS.get(content_type)
    if allowed is None:
        return
    items = attributes.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise Invalid("content_attributes", N_("must have at least one item"))
    for item in items:
        if not set(item) <= allowed or (content_type == "cards" and not _has_good_actions(item)):
            raise Invalid("content_attributes", N_("contains invalid keys for items"))


def _has_good_actions(card: dict[str, Any]) -> bool:
    actions = card.get("actions")
    return (
        isinstance(actions, list)
        and bool(actions)
        and all(isinstance(action, dict) and set(action) <= ACTION_KEYS for action in actions)
    )
