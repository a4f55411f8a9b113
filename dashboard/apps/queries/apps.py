"""Finding the apps of an account."""

from collections.abc import Callable
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dashboard.accounts.models import Membership
from dashboard.apps.models.apps import PLACES
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.permissions import has_page
from dashboard.apps.permissions import sees
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import inboxes_of
from dashboard.lib.errors import NotFound

# Made once, because every page with apps asks them: to build one takes longer than to ask it.
_OF_ACCOUNT = (
    select(DashboardApp)
    .where(DashboardApp.account_id == bindparam("account_id"))
    .order_by(DashboardApp.position, DashboardApp.id)
)

_TOLD = (
    select(
        DashboardApp.id,
        DashboardApp.title,
        DashboardApp.content,
        DashboardApp.user_id,
        DashboardApp.account_id,
        DashboardApp.created_at,
        DashboardApp.updated_at,
        DashboardApp.state,
        DashboardApp.visibility,
    )
    .where(DashboardApp.account_id == bindparam("account_id"))
    .order_by(DashboardApp.position, DashboardApp.id)
)
_OUTLINES = select(
    DashboardApp.position, DashboardApp.content, DashboardApp.frame_origins, DashboardApp.features
).where(DashboardApp.account_id == bindparam("account_id"))

# Asked on every page that has the navigation: no more than it says of them.
_PAGES = (
    select(
        DashboardApp.id,
        DashboardApp.title,
        DashboardApp.icon,
        DashboardApp.placement,
        DashboardApp.user_id,
        DashboardApp.state,
        DashboardApp.visibility,
        DashboardApp.conditions,
    )
    .where(
        DashboardApp.account_id == bindparam("account_id"),
        DashboardApp.placement.in_([placement for placement, places in PLACES.items() if "page" in places]),
    )
    .order_by(DashboardApp.position, DashboardApp.id)
)


class Told(NamedTuple):
    """What the API tells of an app, and what decides who is told."""

    id: int
    title: str
    content: list[dict[str, Any]]
    user_id: int | None
    account_id: int
    created_at: datetime
    updated_at: datetime
    state: str
    visibility: dict[str, list[Any]]


class Page(NamedTuple):
    """What the main navigation says of an app, and what decides who is led to it."""

    id: int
    title: str
    icon: str
    placement: str
    user_id: int | None
    state: str
    visibility: dict[str, list[Any]]
    conditions: list[dict[str, Any]]


class Outline(NamedTuple):
    """What the headers of a page say of an app, and its place."""

    position: int
    content: list[dict[str, Any]]
    frame_origins: list[str]
    features: list[str]

    @property
    def urls(self) -> list[str]:
        return [frame["url"] for frame in self.content]


def outlines_of(account_id: int) -> list[Outline]:
    """Of every app of an account, without making each a row of the session."""
    return [Outline(*row) for row in db.session.execute(_OUTLINES, {"account_id": account_id})]


def apps_of(account_id: int) -> list[DashboardApp]:
    """Every app of an account, in the order of the tabs."""
    return list(db.session.scalars(_OF_ACCOUNT, {"account_id": account_id}))


def find_apps(account_id: int, words: str) -> list[DashboardApp]:
    """The apps whose name or address holds every word, with the people who added them.

    Searched here and not in SQL: an account has fifty at most, and addresses are inside JSON.
    """
    query = (
        select(DashboardApp)
        .where(DashboardApp.account_id == account_id)
        .options(joinedload(DashboardApp.author))
        .order_by(DashboardApp.position, DashboardApp.id)
    )
    wanted = words.casefold().split()
    return [app for app in db.session.scalars(query) if _holds(app, wanted)]


def app_of(account_id: int, app_id: int) -> DashboardApp:
    """One app of an account.

    Raises:
        NotFound: the account has no app of that number.
    """
    query = select(DashboardApp).where(DashboardApp.account_id == account_id, DashboardApp.id == app_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def apps_seen_by(
    membership: Membership, *, inboxes: Callable[[], Iterable[Inbox]] | None = None
) -> list[DashboardApp]:
    """Those of the account's apps that somebody sees. `inboxes`: where they work, if it is known."""

    def inbox_ids() -> set[int]:
        return {inbox.id for inbox in (inboxes() if inboxes else inboxes_of(membership))}

    return [app for app in apps_of(membership.account_id) if sees(membership, app, inbox_ids=inbox_ids)]


def told_apps_of(membership: Membership) -> list[Told]:
    """For the API, without making each a row of the session: whoever manages apps is told of all, others of
    those that they see."""
    told = [Told(*row) for row in db.session.execute(_TOLD, {"account_id": membership.account_id})]
    if membership.is_administrator:
        return told

    def inbox_ids() -> set[int]:
        return {inbox.id for inbox in inboxes_of(membership)}

    return [app for app in told if sees(membership, app, inbox_ids=inbox_ids)]


def app_seen_by(membership: Membership, app_id: int) -> DashboardApp:
    """One app that somebody sees.

    Raises:
        NotFound: the account has no app of that number, or it is closed to them.
    """
    app = app_of(membership.account_id, app_id)
    if not sees(membership, app, inbox_ids=lambda: {inbox.id for inbox in inboxes_of(membership)}):
        raise NotFound
    return app


def pages_seen_by(membership: Membership) -> list[Page]:
    """The apps to which the main navigation leads somebody, in their order."""
    pages = (Page(*row) for row in db.session.execute(_PAGES, {"account_id": membership.account_id}))
    return [page for page in pages if has_page(membership, page)]


def app_with_page_for(membership: Membership, app_id: int) -> DashboardApp:
    """One app that has a page of its own for somebody.

    Raises:
        NotFound: the account has no app of that number, or no page of it for them.
    """
    app = app_of(membership.account_id, app_id)
    if not has_page(membership, app):
        raise NotFound
    return app


def app_of_client(client_id: str) -> DashboardApp | None:
    """The app that calls itself so, of whichever account."""
    return db.session.scalar(select(DashboardApp).where(DashboardApp.client_id == client_id))


def _holds(app: DashboardApp, wanted: list[str]) -> bool:
    text = " ".join([app.title, *app.urls]).casefold()
    return all(word in text for word in wanted)
