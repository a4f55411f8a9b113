"""Finding what the last checks of apps have found."""

from sqlalchemy import bindparam
from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.checks import AppCheck
from dashboard.extensions import db

_OF_APP = select(AppCheck).where(AppCheck.app_id == bindparam("app_id")).order_by(AppCheck.number)


def checks_of(app: DashboardApp) -> list[AppCheck | None]:
    """For each endpoint what was found at the address that it has now; None where nobody has looked."""
    found = {(check.number, check.url): check for check in db.session.scalars(_OF_APP, {"app_id": app.id})}
    return [found.get((number, url)) for number, url in enumerate(app.urls)]


def last_desk_of(app_id: int) -> str | None:
    """From which origin the app was looked at last."""
    query = select(AppCheck.desk).where(AppCheck.app_id == app_id).order_by(AppCheck.checked_at.desc())
    return db.session.scalar(query.limit(1))


def unframed_apps(apps: list[DashboardApp]) -> dict[int, AppCheck]:
    """Of these apps those that cannot be framed, each with why: a server that fails may be back soon."""
    query = select(AppCheck).where(AppCheck.app_id.in_([app.id for app in apps])).order_by(AppCheck.number)
    urls = {app.id: app.urls for app in apps}
    found: dict[int, AppCheck] = {}
    for check in db.session.scalars(query):
        if check.verdict in {"blocked", "deaf"} and urls[check.app_id][check.number : check.number + 1] == [
            check.url
        ]:
            found.setdefault(check.app_id, check)
    return found
