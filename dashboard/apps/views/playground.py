"""Settings → Dashboard apps → Playground: an address is tried as an app, and nothing that it does is kept."""

import json
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask import jsonify
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.apps.forms.access import SCOPES as WORDS
from dashboard.apps.forms.app import pretty
from dashboard.apps.forms.app import read_json
from dashboard.apps.forms.app import syntax_error
from dashboard.apps.forms.tries import TryForm
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.asking import CallRefused
from dashboard.apps.operations.trying import ANY
from dashboard.apps.operations.trying import TITLE
from dashboard.apps.operations.trying import Trial
from dashboard.apps.operations.trying import answer_trial
from dashboard.apps.operations.trying import tried_app
from dashboard.apps.payloads import MESSAGES_READ
from dashboard.apps.payloads import app_context
from dashboard.apps.queries.apps import app_of
from dashboard.apps.schemas.access import LIMITS
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.calls import TRIED_CALL
from dashboard.apps.schemas.calls import WRITTEN
from dashboard.apps.schemas.explained import explained
from dashboard.apps.schemas.invented import invented_context
from dashboard.apps.schemas.invented import invented_conversation
from dashboard.apps.schemas.tries import LARGEST_CONTEXT
from dashboard.apps.schemas.tries import checked_context
from dashboard.apps.schemas.tries import condensed
from dashboard.apps.schemas.tries import told
from dashboard.apps.serializers import app_frames
from dashboard.apps.serializers import features_of
from dashboard.apps.serializers import origins_of
from dashboard.apps.views.disclosures import note_afterwards
from dashboard.attributes.queries import definitions_of
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import head_of
from dashboard.http.addresses import house_rules
from dashboard.http.addresses import reader_of
from dashboard.http.bodies import body
from dashboard.http.bodies import checked
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.errors import say
from dashboard.http.guards import requires
from dashboard.http.headers import allow_frames
from dashboard.http.pages import is_htmx
from dashboard.http.pages import page_or_part
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound

_ELSEWHERE = {"learn_url", "context_url", "signed"}  # where the desk tells and asks what a try does not

bp = Blueprint("playground", __name__)


@dataclass(frozen=True)
class Written:
    """The context as it stands in the editor; `context` is the last that could be used."""

    text: str
    context: dict[str, Any]
    error: str = ""


@bp.route("/playground", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
def any_address() -> ResponseReturnValue:
    """With whatever address is typed."""
    return _page(None)


@bp.route("/<int:app_id>/playground", methods=["GET", "POST"])
@requires(Permission.APPS_MANAGE)
def of_app(app_id: int) -> ResponseReturnValue:
    """It begins with the app's own address, and with what it is granted."""
    return _page(app_of(current_account().id, app_id))


@bp.post("/playground/calls")
@requires(Permission.APPS_MANAGE)
def call() -> ResponseReturnValue:
    """What a tried app asks of the server: answered out of what the page sends along."""
    try:
        sent = checked(body(), TRIED_CALL)
        context = checked_context(sent["context"])
        trial = Trial(context, sent["scopes"], sent["actions"], sent.get("state"))
        result = answer_trial(trial, sent["method"], sent.get("params", {}))
    except CallRefused as error:
        return jsonify(ok=False, error={"code": error.code, "message": str(error)})
    except Invalid as error:
        problems = "; ".join(f"{each.field}: {each}" for each in error.problems)
        return jsonify(ok=False, error={"code": "invalid", "message": problems})
    return jsonify(
        ok=True,
        result=result,
        context=trial.context,
        text=pretty(trial.context),
        data=told(trial.context, trial.scopes),
        state=trial.state,
    )


@bp.get("/playground/inspector")
@requires(Permission.APPS_MANAGE)
def inspector() -> ResponseReturnValue:
    """The drawer of the inspector, as beside any app."""
    return render_template("apps/_inspector.html", app={"title": TITLE})


@bp.post("/playground/inspector")
@requires(Permission.APPS_MANAGE)
def inspected() -> ResponseReturnValue:
    """What the page sends along as a tree: each part with the scope that lets it through."""
    sent = checked(body(), WRITTEN)
    context = checked_context(sent["context"])
    whole = context["conversation"] and told(context, SCOPES)
    groups = explained(whole, sent["scopes"]) if whole else []
    number = context["conversation"].get("id", 0)
    return render_template("apps/_inspected.html", groups=groups, words=WORDS, number=number, is_here=True)


def _page(app: DashboardApp | None) -> ResponseReturnValue:
    form = TryForm.of(app, request.args, theme=current_user().theme)
    is_ready = form.is_ready(house_rules())
    summary = _chosen(form)
    written = _written(summary)
    parts: dict[str, Any] = {
        "form": form,
        "app": app,
        "written": written,
        "tried": None,
        "is_part": is_htmx(),
    }
    if is_ready and not form.errors:
        parts |= _try(form, app, summary, written)
    response = page_or_part("apps/playground.html", "apps/_playground_context.html", **parts)
    response.status_code = 422 if form.errors or written.error else 200
    return response


def _chosen(form: TryForm) -> Summary | None:
    """The conversation that was typed, if the person who asks may see it."""
    if not (form.conversation.data or "").strip():
        return None
    try:
        return head_of(current_membership(), form.number or 0)
    except (NotAllowed, NotFound):
        form.conversation.errors = [gettext("You have no conversation of that number.")]
        return None


def _written(summary: Summary | None) -> Written:
    """What was typed, or else the conversation that was chosen."""
    chosen = _context_of(summary)
    if request.method != "POST":
        return Written(pretty(chosen), chosen)
    text = request.form.get("context", "")
    try:
        if len(text) > LARGEST_CONTEXT:
            raise Invalid("context", TOO_LONG, limit=LARGEST_CONTEXT)
        return Written(text, checked_context(read_json(text)))
    except json.JSONDecodeError as error:
        return Written(text, chosen, syntax_error(error))
    except Invalid as error:
        return Written(text, chosen, say(error.problems[0]))


def _context_of(summary: Summary | None) -> dict[str, Any]:
    agent = current_user()
    if summary is None:
        return invented_context({"id": agent.id, "name": agent.name, "email": agent.email})
    data = app_context(
        summary,
        messages_of(summary.conversation, limit=MESSAGES_READ),
        agent=agent,
        theme="",
        definitions=definitions_of(current_account()),
        scopes=SCOPES,
    )
    return condensed(data)


def _try(
    form: TryForm, app: DashboardApp | None, summary: Summary | None, written: Written
) -> dict[str, Any]:
    """What the page needs to host the app, and the headers that let it."""
    url, scopes, actions = form.url.data or "", form.scopes.data or [], form.actions.data or []
    account = current_account()
    tried = tried_app(
        account,
        url=url,
        app=app,
        format=form.format.data,
        scopes=scopes,
        actions=actions,
    )
    allow_frames(origins_of([tried]), features_of([tried]))
    data = told(written.context, scopes)
    if summary is not None:
        note_afterwards(tried, summary.conversation.contact, data)
    conversation = summary.conversation if summary else invented_conversation()
    reader = replace(reader_of(conversation), locale=form.locale.data, theme=form.theme.data)
    (shown,) = app_frames([tried], reader)
    spec = {name: value for name, value in shown.items() if name not in _ELSEWHERE}
    return {
        "tried": tried,
        "key": str(conversation.display_id) if written.context["conversation"] else "",
        "data": data,
        "spec": {**spec, "id": ANY, "places": [form.place.data]},
        "granted": {"scopes": scopes, "actions": actions, "features": tried.features, "limits": LIMITS},
    }
