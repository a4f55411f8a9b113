"""Settings → Dashboard apps → Signing keys: what the desk signs with, for all accounts, and a new key."""

from flask import Blueprint
from flask import current_app
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.keys import replace_keys
from dashboard.apps.operations.keys import rotate_keys
from dashboard.apps.queries.keys import published_keys
from dashboard.extensions import limiter
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.errors import say
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import page_or_part
from dashboard.lib import clock
from dashboard.lib.errors import Invalid

AT_MOST = "5/hour"  # new keys, for the whole desk

bp = Blueprint("keys", __name__, url_prefix="/keys")


@bp.get("")
@requires(Permission.APPS_MANAGE)
def index() -> ResponseReturnValue:
    """Every key that is published, the newest first, and which of them signs now."""
    keys, now = published_keys(), clock.now()
    signing = next((key.id for key in keys if key.active_from <= now), None)
    return render_template("apps/keys.html", keys=keys, signing=signing, now=now)


@bp.route("/rotation", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
@limiter.limit(AT_MOST, methods=["POST"], key_func=lambda: "keys")
def rotate() -> ResponseReturnValue:
    """A new key that nobody notices. Asks first."""
    if request.method != "POST":
        return _question(at_once=False)
    try:
        key = rotate_keys()
    except Invalid as error:
        return back_to(_index(), say(error.problems[0]), "error")
    current_app.logger.info("User %s has rotated the signing keys: %s", current_user().id, key.kid)
    return back_to(_index(), gettext("A new key is published. It signs from tomorrow on."))


@bp.route("/replacement", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
@limiter.limit(AT_MOST, methods=["POST"], key_func=lambda: "keys")
def replace() -> ResponseReturnValue:
    """A new key at once, because the old one may be in other hands. Asks first."""
    if request.method != "POST":
        return _question(at_once=True)
    key = replace_keys()
    current_app.logger.warning("User %s has replaced the signing keys: %s", current_user().id, key.kid)
    return back_to(_index(), gettext("The desk signs with a new key. All others are thrown away."))


def _question(*, at_once: bool) -> ResponseReturnValue:
    return page_or_part("apps/key_question.html", "apps/_key_question.html", at_once=at_once)


def _index() -> str:
    return url_for(".index", account_id=current_account().id)
