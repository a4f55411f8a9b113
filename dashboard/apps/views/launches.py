"""An agent's page is about to open an app that wants to know from whom: it fetches a signed token here."""

from flask import Blueprint
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.events import note_app_event
from dashboard.apps.operations.tokens import launch_token
from dashboard.apps.operations.tokens import with_token
from dashboard.apps.permissions import is_for
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.serializers import app_frames
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.summaries import conversation_of
from dashboard.extensions import write_intent
from dashboard.http.addresses import reader_of
from dashboard.http.afterwards import afterwards
from dashboard.http.current import caller
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import NotFound

bp = Blueprint("app_launches", __name__, url_prefix="/accounts/<int:account_id>/apps")


@bp.post("/<int:app_id>/launch")
@requires(Permission.APPS_SEE)
def launch(app_id: int) -> ResponseReturnValue:
    """Where the frame is to go, and what it takes there: in a form, or in the address, as the app has it."""
    write_intent.set(False)  # a key is made once; all others only read
    app = app_seen_by(current_membership(), app_id)
    conversation = _conversation()
    if not is_for(app, conversation):
        raise NotFound
    url = _address(app, conversation)
    known = caller()
    token, _ = launch_token(
        app,
        url=url,
        agent=current_user(),
        login=known.session if known else None,
        conversation=conversation,
        placement=_placement(app),
    )
    _note(app, url, conversation)
    if app.launch == "query":
        return jsonify(url=with_token(url, token), token=None)
    return jsonify(url=url, token=token)


def _note(app: DashboardApp, url: str, conversation: Conversation | None) -> None:
    """Who opened what is in the log, and to which address the token went."""
    agent, detail = current_user(), {"origin": origin_of(url)}
    afterwards(lambda: note_app_event(app, "launched", actor=agent, conversation=conversation, detail=detail))


def _address(app: DashboardApp, conversation: Conversation | None) -> str:
    """As the page that asks has it: filled in for who looks at what."""
    frame = request.form.get("frame", 0, type=int)
    (shown,) = app_frames([app], reader_of(conversation))
    if app.launch == "none" or not 0 <= frame < len(shown["frames"]) or not shown["frames"][frame]["url"]:
        raise NotFound
    return str(shown["frames"][frame]["url"])


def _conversation() -> Conversation | None:
    number = request.form.get("conversation", type=int)
    return conversation_of(current_membership(), number) if number else None


def _placement(app: DashboardApp) -> str:
    place = request.form.get("place", "")
    return place if place in app.places else app.places[0]
