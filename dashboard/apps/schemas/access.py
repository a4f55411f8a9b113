"""What an app may see and do, and who sees it: the words, and what may be stored of them."""

from typing import Any

from dashboard.accounts.permissions import ROLES
from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.schemas.framing import some_of
from dashboard.lib.errors import Invalid
from dashboard.lib.numbers import LARGEST
from dashboard.lib.text import N_

SCOPES = (*USUAL_SCOPES, "notes")
ACTIONS = (
    "reply.insert",
    "note.insert",
    "toast",
    "confirm",
    "modal.open",
    "frame.resize",
    "badge.set",
    "navigate",
    "link.open",
    "clipboard.write",
    "download",
    "attributes.set",
    "labels.add",
    "labels.remove",
    "status.set",
    "assign",
    "context.get",
    "messages.list",
    "token.get",
    "state.get",
    "state.set",
)
# What a page takes from an app before it stops listening: told to the app, so that it can keep to it.
LIMITS = {"message_bytes": 65_536, "depth": 12, "messages_per_second": 20, "burst": 40, "pending_calls": 16}
MOST_CHOSEN = 200  # agents or inboxes of one app

_LISTS = {"roles", "agent_ids", "inbox_ids"}


def viewers(field: str, rule: Any) -> dict[str, list[Any]]:
    """Who sees the app: lists that must all hold, without the empty ones.

    Raises:
        Invalid: it is no such rule.
    """
    if not isinstance(rule, dict) or not rule.keys() <= _LISTS:
        raise Invalid(field, N_("is invalid"))
    found: dict[str, list[Any]] = {
        "roles": some_of(field, rule.get("roles", []), ROLES),
        "agent_ids": _numbers(field, rule.get("agent_ids", [])),
        "inbox_ids": _numbers(field, rule.get("inbox_ids", [])),
    }
    return {name: chosen for name, chosen in found.items() if chosen}


def _numbers(field: str, ids: Any) -> list[int]:
    if not isinstance(ids, list) or len(ids) > MOST_CHOSEN:
        raise Invalid(field, N_("is invalid"))
    if not all(type(each) is int and 0 < each <= LARGEST for each in ids):
        raise Invalid(field, N_("is invalid"))
    return sorted(set(ids))
