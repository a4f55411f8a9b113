"""Finding the apps of an account."""

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dashboard.apps.models.apps import DashboardApp
from dashboard.extensions import db
from dashboard.lib.errors import NotFound

# Made once, because every page with apps asks them: to build one takes longer than to ask it.
_OF_ACCOUNT = (
    select(DashboardApp).where(DashboardApp.account_id == bindparam("account_id")).order_by(DashboardApp.id)
)


def apps_of(account_id: int) -> list[DashboardApp]:
    """Every app of an account, in the order in which they were added: the order of the tabs."""
    return list(db.session.scalars(_OF_ACCOUNT, {"account_id": account_id}))


def find_apps(account_id: int, words: str) -> list[DashboardApp]:
    """The apps whose name or address holds every word, with the people who added them.

    Searched here and not in SQL: an account has fifty at most, and addresses are inside JSON.
    """
    query = (
        select(DashboardApp)
        .where(DashboardApp.account_id == account_id)
        .options(joinedload(DashboardApp.author))
        .order_by(DashboardApp.id)
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


def _holds(app: DashboardApp, wanted: list[str]) -> bool:
    text = " ".join([app.title, *app.urls]).casefold()
    return all(word in text for word in wanted)
