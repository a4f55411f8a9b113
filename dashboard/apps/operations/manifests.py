"""Bringing in apps that a file or another desk describes."""

from collections.abc import Sequence

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import add_app
from dashboard.apps.schemas.manifests import Draft
from dashboard.lib.addresses import NO_RULES
from dashboard.lib.addresses import HouseRules
from dashboard.transactions import transaction


def add_drafts(
    account: Account, drafts: Sequence[Draft], *, rules: HouseRules = NO_RULES, actor: User | None
) -> list[DashboardApp]:
    """Add all of them, or none.

    Raises:
        Invalid: one of them cannot be added, or the account has no room for all.
    """
    with transaction():
        return [
            add_app(
                account,
                title=draft.title,
                content=draft.content,
                rules=rules,
                actor=actor,
                **draft.settings,
            )
            for draft in drafts
        ]
