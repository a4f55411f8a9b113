"""“Check this app”: what browsers make of its addresses, for administrators; a sentence for agents."""

from flask import Blueprint
from flask import jsonify
from flask import redirect
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.accounts.permissions import may
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.checks import AppCheck
from dashboard.apps.operations.checks import check_on_demand
from dashboard.apps.operations.checks import is_being_checked
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.queries.checks import checks_of
from dashboard.apps.schemas.verdicts import FIXES
from dashboard.apps.schemas.verdicts import FRAMING
from dashboard.apps.schemas.verdicts import SENTENCES
from dashboard.apps.schemas.verdicts import WARNINGS
from dashboard.extensions import desk_url
from dashboard.extensions import limiter
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import page_or_part
from dashboard.lib.outgoing import Answer

AT_MOST = "20/minute"  # of one account: each makes the desk call addresses that somebody typed

bp = Blueprint("checks", __name__, url_prefix="/<int:app_id>/check")
verdicts = Blueprint("app_verdicts", __name__, url_prefix="/accounts/<int:account_id>/apps/<int:app_id>")


@bp.get("")
@requires(Permission.APPS_MANAGE)
def show(app_id: int) -> ResponseReturnValue:
    """What the last check found, or that one is under way."""
    app = app_of(current_account().id, app_id)
    return page_or_part("apps/check.html", "apps/_check.html", app=app, **check_panel(app))


@bp.post("")
@requires(Permission.APPS_MANAGE)
def ask(app_id: int) -> ResponseReturnValue:
    """Have a job look at the app now."""
    app = app_of(current_account().id, app_id)
    with limiter.limit(AT_MOST, key_func=lambda: f"account {current_account().id}"):
        check_on_demand(app, actor=current_user())
    return redirect(url_for(".show", account_id=current_account().id, app_id=app.id), 303)


@verdicts.get("/verdict")
@requires(Permission.APPS_SEE)
def verdict(app_id: int) -> ResponseReturnValue:
    """For each endpoint why the desk cannot show it, as far as is known; asked where a frame stays empty."""
    app = app_seen_by(current_membership(), app_id)
    found = checks_of(app)
    told: dict[str, object] = {"frames": [_reason(check) for check in found]}
    if may(current_membership(), Permission.APPS_MANAGE):
        address = url_for("settings.apps.checks.show", account_id=current_account().id, app_id=app.id)
        told["check"] = {"url": address, "text": gettext("Check this app")}
    return jsonify(told)


def _reason(check: AppCheck | None) -> dict[str, str]:
    """Nothing where the app is seen, and where nobody knows."""
    if check is None or check.is_shown:
        return {}
    return {"verdict": check.verdict, "sentence": sentence_of(check)}


def check_panel(app: DashboardApp) -> dict[str, object]:
    """What the panel on an app's page is made from."""
    found = checks_of(app)
    return {
        "checks": list(zip(app.urls, found, strict=True)),
        "is_being_checked": is_being_checked(app),
        "fixes": FIXES if any(check and check.cause in FRAMING for check in found) else (),
        "desk": desk_url(),
    }


@bp.app_template_filter("verdict_sentence")
def sentence_of(check: AppCheck) -> str:
    """What the verdict means, in the language of the page."""
    about = Answer(int(check.about)).sentence if check.cause == "status" else check.about
    message: str = gettext(SENTENCES[check.cause])
    return message % {"about": about, "desk": check.desk}


@bp.app_template_filter("warning_sentence")
def warning_of(name: str) -> str:
    return str(gettext(WARNINGS[name]))
