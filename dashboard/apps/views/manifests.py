"""Apps as a file: out of this desk, and into it from another one, Chatwoot's included."""

import json

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import ngettext

from dashboard.accounts.permissions import Permission
from dashboard.apps.forms.manifests import ChatwootForm
from dashboard.apps.forms.manifests import ManifestForm
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.manifests import add_drafts
from dashboard.apps.operations.moving import chatwoot_list
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import apps_of
from dashboard.apps.schemas.manifests import MANIFEST
from dashboard.apps.schemas.manifests import Draft
from dashboard.apps.schemas.manifests import drafts_in
from dashboard.apps.schemas.manifests import key_of
from dashboard.apps.schemas.manifests import manifest_of
from dashboard.extensions import limiter
from dashboard.http.addresses import chatwoot_rules
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import public
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blame
from dashboard.http.pages import form_page
from dashboard.lib.errors import Invalid

bp = Blueprint("manifests", __name__)
published = Blueprint("published", __name__)


@published.get("/schemas/deskframe-1.json")
@public
def schema() -> ResponseReturnValue:
    """The JSON Schema of the file, so that editors and scripts can check one before it is brought in."""
    response = _as_json(MANIFEST)
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    return response


@bp.get("/export")
@requires(Permission.APPS_MANAGE)
def export() -> ResponseReturnValue:
    """Every app of the account."""
    return _download(apps_of(current_account().id))


@bp.get("/<int:app_id>/export")
@requires(Permission.APPS_MANAGE)
def export_one(app_id: int) -> ResponseReturnValue:
    """One app."""
    return _download([app_of(current_account().id, app_id)])


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
def bring() -> ResponseReturnValue:
    """Asks for the file, shows what would be added, adds what is ticked."""
    form = ManifestForm()
    text = form.text if form.validate_on_submit() else None
    if text is None:
        return form_page("apps/import.html", form)
    try:
        drafts = drafts_in(text, chatwoot_rules())
        if "add" in request.form:
            return _add([drafts[place] for place in _picked(len(drafts))])
    except Invalid as error:
        form.manifest.data = text
        blame(form, error)
        return form_page("apps/import.html", form)
    return _preview(text, drafts)


@bp.route("/import/chatwoot", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
@limiter.limit("10 per minute", methods=["POST"])
def bring_from_chatwoot() -> ResponseReturnValue:
    """Asks a Chatwoot desk for its apps, and shows what would be added."""
    form = ChatwootForm()
    if not form.validate_on_submit():
        return form_page("apps/import_chatwoot.html", form)
    given = (str(field.data or "").strip() for field in (form.address, form.account, form.token))
    try:
        text = chatwoot_list(*given)
        drafts = drafts_in(text, chatwoot_rules())
    except Invalid as error:
        blame(form, error)
        return form_page("apps/import_chatwoot.html", form)
    return _preview(text, drafts)


def _picked(count: int) -> list[int]:
    wanted = set(request.form.getlist("pick"))
    return [place for place in range(count) if str(place) in wanted]


def _add(drafts: list[Draft]) -> ResponseReturnValue:
    apps = add_drafts(current_account(), drafts, rules=chatwoot_rules(), actor=current_user())
    said = ngettext("%(num)s app is added.", "%(num)s apps are added.", len(apps))
    return back_to(url_for("settings.apps.index", account_id=current_account().id), said)


def _preview(text: str, drafts: list[Draft]) -> ResponseReturnValue:
    here = {key_of(app.title, app.urls) for app in apps_of(current_account().id)}
    lines = [
        {
            "draft": draft,
            "is_here": not draft.problems and draft.key in here,
            "complaints": [_sentence(problem.message, problem.values) for problem in draft.problems],
        }
        for draft in drafts
    ]
    return render_template("apps/import_preview.html", text=text, lines=lines)


def _sentence(message: str, values: dict[str, object]) -> str:
    told: str = gettext(message)
    return told % values if values else told


def _download(apps: list[DashboardApp]) -> Response:
    response = _as_json(manifest_of(apps))
    response.headers["Content-Disposition"] = "attachment; filename=deskframe.json"
    return response


def _as_json(document: object) -> Response:
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return Response(text, mimetype="application/json")
