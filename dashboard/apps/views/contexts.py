"""What an app is told that does not stand in the page: asked for by the page that frames it."""

from typing import Any

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.tokens import context_token
from dashboard.apps.payloads import context_for
from dashboard.apps.permissions import closed_among
from dashboard.apps.permissions import is_for
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.queries.apps import apps_seen_by
from dashboard.apps.schemas.access import LIMITS
from dashboard.apps.serializers import app_frames
from dashboard.apps.views.disclosures import note_afterwards
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import head_of
from dashboard.http import arguments
from dashboard.http.addresses import reader_of
from dashboard.http.current import caller
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.lib import clock
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound

bp = Blueprint("app_contexts", __name__, url_prefix="/accounts/<int:account_id>/apps")


@bp.get("")
@requires(Permission.APPS_SEE)
def index() -> ResponseReturnValue:
    """What the page's `#apps` block would say now: asked when apps have changed, or what is open."""
    summary = opened()
    apps = apps_seen_by(current_membership())
    conversation = summary.conversation if summary else None
    return _told(app_frames(apps, reader_of(conversation), closed=closed_among(apps, conversation)))


@bp.get("/<int:app_id>/context")
@requires(Permission.APPS_SEE)
def context(app_id: int) -> ResponseReturnValue:
    """The context of the conversation that is named, or of none, as this app may know it."""
    app, summary = app_seen_by(current_membership(), app_id), opened()
    about = _about(app, summary)
    if app.hears_token:
        about["data"]["meta"]["token"] = _token(app, summary)
    return _told(about)


@bp.get("/<int:app_id>/welcome")
@requires(Permission.APPS_SEE)
def welcome(app_id: int) -> ResponseReturnValue:
    """The same with what the app may do: what it hears first when it has said hello."""
    app = app_seen_by(current_membership(), app_id)
    return _told(
        {
            "app": {"client_id": app.client_id, "title": app.title, "version": clock.iso(app.updated_at)},
            "granted": {
                "scopes": app.scopes,
                "actions": app.actions,
                "features": app.features,
                "limits": LIMITS,
            },
            **_about(app, opened()),
        }
    )


def _about(app: DashboardApp, summary: Summary | None) -> dict[str, Any]:
    if not is_for(app, summary.conversation if summary else None):
        raise NotFound
    data = context_for(app, summary, account=current_account(), agent=current_user())
    if summary is not None:
        note_afterwards(app, summary.conversation.contact, data)
    return {"key": str(summary.conversation.display_id) if summary else "", "data": data}


def _token(app: DashboardApp, summary: Summary | None) -> str:
    known, conversation = caller(), summary.conversation if summary else None
    token, _ = context_token(
        app,
        agent=current_user(),
        login=known.session if known else None,
        conversation=conversation,
        session="",
        placement=app.place_for(conversation),
    )
    return token


def opened() -> Summary | None:
    """The conversation that the page names, where the person who asks may see it."""
    display_id = arguments.number("conversation")
    if display_id is None:
        return None
    try:
        return head_of(current_membership(), display_id)
    except NotAllowed:
        raise NotFound from None


def _told(answer: dict[str, Any] | list[dict[str, Any]]) -> Response:
    response = jsonify(answer)
    response.headers["Cache-Control"] = "no-store"
    return response
