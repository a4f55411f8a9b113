"""Settings → Integrations → Dashboard apps; and one app by itself, where no conversation is open."""

from flask import Blueprint
from flask import Response
from flask import flash
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import members_of
from dashboard.apps.forms.access import FIELDS
from dashboard.apps.forms.access import TESTS
from dashboard.apps.forms.app import AppForm
from dashboard.apps.models.apps import PAUSED
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import order_apps
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.violations import allow_origin
from dashboard.apps.payloads import empty_context
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import apps_of
from dashboard.apps.queries.apps import find_apps
from dashboard.apps.queries.checks import unframed_apps
from dashboard.apps.queries.usage import opened_lately
from dashboard.apps.queries.violations import violations_of
from dashboard.apps.schemas.variables import NAMES
from dashboard.apps.serializers import app_frames
from dashboard.apps.serializers import features_of
from dashboard.apps.serializers import form_origins_of
from dashboard.apps.serializers import origins_of
from dashboard.apps.views import checks
from dashboard.apps.views import disclosures
from dashboard.apps.views import keys
from dashboard.apps.views import log
from dashboard.apps.views import manifests
from dashboard.apps.views import playground
from dashboard.apps.views import usage
from dashboard.apps.views.checks import check_panel
from dashboard.apps.views.previews import preview_of
from dashboard.attributes.queries import definitions_of
from dashboard.http.addresses import house_rules
from dashboard.http.addresses import reader_of
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.errors import say
from dashboard.http.guards import requires
from dashboard.http.headers import allow_forms
from dashboard.http.headers import allow_frames
from dashboard.http.pages import back_to
from dashboard.http.pages import is_htmx
from dashboard.http.pages import page_or_part
from dashboard.http.pages import public_address
from dashboard.inboxes.queries import inboxes_of
from dashboard.lib.addresses import has_ipv6_host
from dashboard.lib.addresses import is_blocked_on_https
from dashboard.lib.errors import Invalid

bp = Blueprint("apps", __name__, url_prefix="/integrations/dashboard-apps")
bp.register_blueprint(checks.bp)
bp.register_blueprint(disclosures.settings_bp)
bp.register_blueprint(keys.bp)
bp.register_blueprint(log.bp)
bp.register_blueprint(manifests.bp)
bp.register_blueprint(playground.bp)
bp.register_blueprint(usage.bp)
bp.add_app_template_test(is_blocked_on_https, "blocked_on_https")
bp.add_app_template_test(has_ipv6_host, "on_ipv6")


@bp.get("")
@requires(Permission.APPS_MANAGE)
def index() -> ResponseReturnValue:
    """Every app, or those that a search finds."""
    words = request.args.get("q", "").strip()
    apps = find_apps(current_account().id, words)
    return page_or_part("apps/index.html", "apps/_list.html", words=words, **_listed(apps))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
def new() -> ResponseReturnValue:
    """Name and endpoints of one more app."""
    form = AppForm(url=[""], content="[]")
    if not _is_ready(form):
        return _form_page("apps/new.html", form)
    try:
        app = add_app(
            current_account(),
            title=form.title.data,
            content=form.frames,
            rules=form.rules,
            actor=current_user(),
            **form.settings,
        )
    except Invalid as error:
        form.blame(error)
        return _form_page("apps/new.html", form)
    return _saved(app, gettext("“%(title)s” is added.", title=app.title))


@bp.route("/<int:app_id>/edit", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
def edit(app_id: int) -> ResponseReturnValue:
    """Everything that the form knows, with every frame."""
    app = app_of(current_account().id, app_id)
    form = AppForm.of(app)
    if not _is_ready(form, app):
        return _form_page("apps/edit.html", form, app)
    try:
        change_app(
            app,
            title=form.title.data,
            content=form.frames,
            rules=form.rules,
            actor=current_user(),
            **form.settings,
        )
    except Invalid as error:
        form.blame(error)
        return _form_page("apps/edit.html", form, app)
    return _saved(app, gettext("“%(title)s” is saved.", title=app.title))


@bp.post("/order")
@requires(Permission.APPS_MANAGE)
def order() -> ResponseReturnValue:
    """All apps in an order, as they were dragged; or one of them a place up or down."""
    ids, focus = request.form.getlist("ids", type=int), ""
    for verb, step in (("up", -1), ("down", 1)):
        for app_id in request.form.getlist(verb, type=int):
            ids = _moved([app.id for app in apps_of(current_account().id)], app_id, step)
            focus = _button_left(ids, app_id, verb)
    order_apps(current_account(), ids, actor=current_user())
    if not is_htmx():
        return back_to(_index())
    apps = find_apps(current_account().id, "")
    return render_template("apps/_list.html", words="", focus=focus, **_listed(apps))


@bp.route("/<int:app_id>/removal", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
def remove(app_id: int) -> ResponseReturnValue:
    """Asks first, by name."""
    app = app_of(current_account().id, app_id)
    if request.method != "POST":
        return page_or_part("apps/removal.html", "apps/_removal.html", app=app)
    title = app.title
    remove_app(app, actor=current_user())
    return back_to(_index(), gettext("“%(title)s” is deleted.", title=title))


@bp.get("/guide")
@requires(Permission.APPS_MANAGE)
def guide() -> ResponseReturnValue:
    """How to write an app that greets the customer by name."""
    return render_template("apps/guide.html", desk_address=public_address(""))


@bp.get("/<int:app_id>")
@requires(Permission.APPS_MANAGE)
def show(app_id: int) -> ResponseReturnValue:
    """The app in a page of its own, where no conversation is open."""
    app = app_of(current_account().id, app_id)
    shown = [] if app.state == PAUSED else [app]
    allow_frames(origins_of(shown), features_of(shown))
    allow_forms(form_origins_of(shown))
    context = empty_context(
        agent=current_user(),
        theme=current_user().theme,
        definitions=definitions_of(current_account()),
        scopes=app.scopes,
    )
    return render_template(
        "apps/show.html",
        app=app,
        apps=app_frames(shown, reader_of(None)),
        context=context,
        violations=violations_of(app),
    )


@bp.post("/<int:app_id>/frame-origins")
@requires(Permission.APPS_MANAGE)
def allow(app_id: int) -> ResponseReturnValue:
    """One more origin that the app's frame may show: one that it has tried to open."""
    app = app_of(current_account().id, app_id)
    page = url_for(".show", account_id=current_account().id, app_id=app.id)
    origin = request.form.get("origin", "")
    try:
        allow_origin(app, origin, rules=house_rules(), actor=current_user())
    except Invalid as error:
        return back_to(page, say(error.problems[0]), "error")
    return back_to(
        page, gettext("“%(title)s” may show %(origin)s from now on.", title=app.title, origin=origin)
    )


def _listed(apps: list[DashboardApp]) -> dict[str, object]:
    """What the list says of each."""
    return {"apps": apps, "unframed": unframed_apps(apps), "opened": opened_lately(apps)}


def _moved(ids: list[int], app_id: int, step: int) -> list[int]:
    """With one app a place further; as it was where there is no such app or place."""
    if app_id in ids:
        here = ids.index(app_id)
        there = min(max(here + step, 0), len(ids) - 1)
        ids[here], ids[there] = ids[there], ids[here]
    return ids


def _button_left(ids: list[int], app_id: int, verb: str) -> str:
    """Where the person goes on who has just moved an app: at either end one of its buttons is gone."""
    at_end = {ids[0]: "down", ids[-1]: "up"} if ids else {}
    return f"{at_end.get(app_id, verb)}-{app_id}"


def _is_ready(form: AppForm, app: DashboardApp | None = None) -> bool:
    """Whether it was sent to be saved, and may be. Its other buttons only rearrange it."""
    form.rules = house_rules()
    form.offer(
        inboxes=inboxes_of(current_membership()),
        members=members_of(current_account().id),
        definitions=definitions_of(current_account()),
        app=app,
    )
    wish = request.form.get("do", "")
    if wish:
        form.rearrange(wish)
    return not wish and bool(form.validate_on_submit())


def _form_page(page: str, form: AppForm, app: DashboardApp | None = None) -> Response:
    words = {"fields": {name: gettext(word) for name, word in FIELDS.items()}}
    words["tests"] = {name: gettext(word) for name, word in TESTS.items()}
    parts = {"preview": preview_of(form), "condition_words": words, **(check_panel(app) if app else {})}
    parts["variables"] = NAMES
    response = page_or_part(page, "apps/_form.html", form=form, app=app, **parts)
    response.status_code = 422 if form.has_complaints else 200
    return response


def _saved(app: DashboardApp, sentence: str) -> ResponseReturnValue:
    if any(is_blocked_on_https(url) for url in app.urls):
        plain = gettext(
            "“%(title)s” has an http:// address: browsers block it on an https desk.", title=app.title
        )
        flash(plain, "warning")
    if any(has_ipv6_host(url) for url in app.urls):
        number = gettext(
            "“%(title)s” has an IPv6 number as its host: browsers do not show it.", title=app.title
        )
        flash(number, "warning")
    return back_to(_index(), sentence)


def _index() -> str:
    return url_for(".index", account_id=current_account().id)
