"""What is kept of apps that tried to leave their frame, and letting them."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.violations import AppViolation
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.events import kept_from
from dashboard.apps.operations.events import note_app_event
from dashboard.apps.operations.usage import note_usage
from dashboard.apps.queries.violations import violations_of
from dashboard.apps.schemas.framing import check_origin
from dashboard.apps.schemas.usage import BLOCKED
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.addresses import NO_RULES
from dashboard.lib.addresses import HouseRules
from dashboard.transactions import transaction

MOST_KEPT = 20  # origins of one app: further ones take the place of the oldest
PAUSE = timedelta(seconds=1)  # of one app nothing is counted more often, whoever tells it


def note_violation(
    app: DashboardApp, origin: object, *, rules: HouseRules = NO_RULES, actor: User | None
) -> bool:
    """An agent's browser stopped the app on its way to that origin. The log has the first time.

    Returns whether it was counted.

    Raises:
        Invalid: that is no origin that an app could be allowed.
    """
    aim = check_origin("origin", origin, rules)
    with transaction():
        db.session.execute(select(DashboardApp.id).where(DashboardApp.id == app.id).with_for_update())
        kept = violations_of(app)
        if kept and clock.now() - kept[0].last_at < PAUSE:
            return False
        found = next((each for each in kept if each.origin == aim), None)
        if found is None:
            found = AppViolation(app_id=app.id, origin=aim, count=0)
            db.session.add(found)
            note_app_event(app, "blocked", actor=actor, detail={"origin": aim})
            for old in kept[MOST_KEPT - 1 :]:
                db.session.delete(old)
        found.count += 1
        found.last_at = clock.now()
        note_usage(app.id, {(BLOCKED, 0): 1})
    return True


def allow_origin(app: DashboardApp, origin: str, *, rules: HouseRules = NO_RULES, actor: User | None) -> None:
    """Let pages of that origin be shown in the app's frame. They are told nothing.

    Raises:
        Invalid: that is no origin that an app could be allowed, or the app has too many.
    """
    wanted = check_origin("origin", origin, rules)
    with transaction():
        if wanted not in app.frame_origins:
            change_app(app, frame_origins=[*app.frame_origins, wanted], rules=rules, actor=actor)
        for violation in violations_of(app):
            if violation.origin == wanted:
                db.session.delete(violation)


def forget_old_violations() -> None:
    """Throw away where apps tried to go long ago, and have not since: few, for of each app few are kept."""
    old = delete(AppViolation).where(AppViolation.last_at < kept_from())
    with transaction():
        db.session.execute(old, execution_options={"synchronize_session": False})
