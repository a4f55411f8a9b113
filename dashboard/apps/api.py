"""JSON doors: dashboard apps, under upstream's paths; and what an app's own server asks about a token."""

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.introspection import introspect
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.queries.apps import told_apps_of
from dashboard.apps.schemas.content import CONTENT
from dashboard.apps.schemas.content import LONGEST_TITLE
from dashboard.apps.schemas.tokens import ANSWER
from dashboard.apps.schemas.tokens import QUESTION
from dashboard.apps.serializers import app_json
from dashboard.extensions import limiter
from dashboard.extensions import write_intent
from dashboard.http.addresses import chatwoot_rules
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.bodies import resource
from dashboard.http.callers import calling_network
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import public
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of

NAME = "dashboard_app"
MOST_QUESTIONS = 600  # a minute, about tokens, from one network
CHANGES: Schema = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE},
        "content": CONTENT,
    },
}
CREATION: Schema = {**CHANGES, "required": ["title", "content"]}
APP: Schema = {
    "title": "DashboardApp",
    "type": "object",
    "required": ["id", "title", "content", "user_id", "account_id", "created_at", "updated_at"],
    "properties": {
        "id": NUMBER,
        "title": TEXT,
        "content": CONTENT,
        "user_id": {"type": ["integer", "null"], "description": "Who added it"},
        "account_id": NUMBER,
        "created_at": {"type": "string", "format": "date-time"},
        "updated_at": {"type": "string", "format": "date-time"},
    },
}

bp = Blueprint("dashboard_apps", __name__, url_prefix="/accounts/<int:account_id>/dashboard_apps")
tokens = Blueprint("tokens", __name__, url_prefix="/api/apps")


@bp.get("")
@requires(Permission.APPS_SEE)
@describes("List the dashboard apps", answer=list_of(APP))
def index() -> ResponseReturnValue:
    """Whoever manages apps is told of all, others of those that they see."""
    return jsonify([app_json(app) for app in told_apps_of(current_membership())])


@bp.get("/<int:app_id>")
@requires(Permission.APPS_SEE)
@describes("Show a dashboard app", answer=APP)
def show(app_id: int) -> ResponseReturnValue:
    account, membership = current_account(), current_membership()
    known = app_of(account.id, app_id) if membership.is_administrator else app_seen_by(membership, app_id)
    return jsonify(app_json(known))


@bp.post("")
@requires(Permission.APPS_MANAGE)
@describes("Add a dashboard app", body=CREATION, under=NAME, answer=APP)
def create() -> ResponseReturnValue:
    given = resource(NAME)
    app = add_app(
        current_account(),
        title=given.get("title"),
        content=given.get("content"),
        rules=chatwoot_rules(),
        actor=current_user(),
    )
    return jsonify(app_json(app))


@bp.route("/<int:app_id>", methods=["PATCH", "PUT"])
@requires(Permission.APPS_MANAGE)
@describes("Change a dashboard app; what is not sent stays", body=CHANGES, under=NAME, answer=APP)
def change(app_id: int) -> ResponseReturnValue:
    app = app_of(current_account().id, app_id)
    given = resource(NAME)
    change_app(
        app,
        title=given.get("title"),
        content=given.get("content"),
        rules=chatwoot_rules(),
        actor=current_user(),
    )
    return jsonify(app_json(app))


@bp.delete("/<int:app_id>")
@requires(Permission.APPS_MANAGE)
@describes("Remove a dashboard app for good", status=204)
def remove(app_id: int) -> ResponseReturnValue:
    remove_app(app_of(current_account().id, app_id), actor=current_user())
    return empty(204)


@tokens.post("/introspect")
@limiter.limit(f"{MOST_QUESTIONS}/minute", key_func=calling_network)
@public
@describes(
    "Ask whether a signed token still holds",
    body=QUESTION,
    answer=ANSWER,
    details="For the server of an app, before it does something that cannot be undone. Where the token "
    "holds, `active` is true and its claims stand beside it. A launch token is good for one question.",
)
def ask() -> ResponseReturnValue:
    write_intent.set(False)  # only a launch token leaves something behind
    sent = accepted(QUESTION)
    return jsonify(introspect(sent["token"], url=sent.get("url")))
