"""Who sees an app, and in which conversations: pages, policies and answers all ask here."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from typing import Any
from typing import Protocol

from dashboard.accounts.models import Membership
from dashboard.apps.models.apps import DRAFT
from dashboard.apps.models.apps import PAUSED
from dashboard.apps.models.apps import PLACES
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.conditions import all_hold
from dashboard.conversations.models import Conversation


class Seen(Protocol):
    """As much of an app as decides who sees it."""

    @property
    def state(self) -> str: ...

    @property
    def user_id(self) -> int | None: ...

    @property
    def visibility(self) -> dict[str, list[Any]]: ...


class Paged(Seen, Protocol):
    """As much of an app as decides who has a page of it."""

    @property
    def placement(self) -> str: ...

    @property
    def conditions(self) -> list[dict[str, Any]]: ...


def sees(
    membership: Membership, app: Seen | DashboardApp, *, inbox_ids: Callable[[], Collection[int]]
) -> bool:
    """Whether the app is there at all for somebody. `inbox_ids`: where they work, asked if it matters."""
    if app.state == PAUSED:
        return False
    if app.state == DRAFT and not (membership.is_administrator or app.user_id == membership.user_id):
        return False
    roles, agents, inboxes = (app.visibility.get(name) for name in ("roles", "agent_ids", "inbox_ids"))
    return (
        (not roles or membership.role in roles)
        and (not agents or membership.user_id in agents)
        and (not inboxes or not set(inboxes).isdisjoint(inbox_ids()))
    )


def inspects(membership: Membership, app: Seen | DashboardApp) -> bool:
    """Whether somebody who sees the app is shown what the page and the app say to each other."""
    return membership.is_administrator or app.user_id == membership.user_id


def is_for(app: DashboardApp, conversation: Conversation | None) -> bool:
    """Whether an app that somebody sees has a tab and a context here; `None` is where nothing is open."""
    inbox_ids = app.visibility.get("inbox_ids")
    if conversation is None:
        return _is_for_any(app)
    is_here = not inbox_ids or conversation.inbox_id in inbox_ids
    return is_here and all_hold(app.conditions, conversation)


def has_page(membership: Membership, app: Paged | DashboardApp) -> bool:
    """Whether the main navigation leads somebody to a page of the app, where no conversation is open."""
    return "page" in PLACES[app.placement] and _is_for_any(app) and sees(membership, app, inbox_ids=set)


def closed_among(apps: Iterable[DashboardApp], conversation: Conversation | None) -> set[int]:
    """The ids of those that have no tab and no context here."""
    return {app.id for app in apps if not is_for(app, conversation)}


def _is_for_any(app: Paged | DashboardApp) -> bool:
    """Nothing is asked of the conversation: only then is it there without one."""
    return not app.visibility.get("inbox_ids") and not app.conditions
