"""Who may do what: one table."""

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.accounts.models import Membership


class Permission(Enum):
    """What a door may ask for. The value is how templates name it."""

    ACCOUNT_SEE = "account_see"
    AGENTS_SEE = "agents_see"
    AGENTS_MANAGE = "agents_manage"
    APPS_SEE = "apps_see"
    APPS_MANAGE = "apps_manage"
    ATTRIBUTES_SEE = "attributes_see"
    ATTRIBUTES_MANAGE = "attributes_manage"
    BOTS_SEE = "bots_see"
    BOTS_MANAGE = "bots_manage"
    CANNED_RESPONSES_EDIT = "canned_responses_edit"
    CONTACTS_EDIT = "contacts_edit"
    CONTACTS_DELETE = "contacts_delete"
    CONTACTS_MOVE = "contacts_move"  # in and out, as tables
    CONVERSATIONS_WORK = "conversations_work"
    CONVERSATIONS_DELETE = "conversations_delete"
    INBOXES_SEE = "inboxes_see"
    INBOXES_MANAGE = "inboxes_manage"
    INTEGRATIONS_MANAGE = "integrations_manage"
    LABELS_SEE = "labels_see"
    LABELS_MANAGE = "labels_manage"


ROLES: dict[str, set[Permission]] = {
    "administrator": set(Permission),
    "agent": {
        Permission.ACCOUNT_SEE,
        Permission.AGENTS_SEE,
        Permission.APPS_SEE,
        Permission.ATTRIBUTES_SEE,
        Permission.BOTS_SEE,
        Permission.CANNED_RESPONSES_EDIT,
        Permission.CONTACTS_EDIT,
        Permission.CONVERSATIONS_WORK,
        Permission.INBOXES_SEE,
        Permission.LABELS_SEE,
    },
}


def may(membership: "Membership | None", permission: Permission) -> bool:
    """Whether somebody may, by the role of the membership. Which rows they reach is up to the queries."""
    return membership is not None and permission in ROLES[membership.role]
