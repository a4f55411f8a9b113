"""Calls of an app that is only tried: looked at like all others, answered out of what the page brings."""

from collections.abc import Callable
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from dashboard.accounts.models import Account
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.acting import NOT_DEFINED
from dashboard.apps.operations.asking import CallRefused
from dashboard.apps.operations.calls import check_params
from dashboard.apps.operations.calls import granted_method
from dashboard.apps.operations.reading import USUAL_PAGE
from dashboard.apps.operations.reading import value_at
from dashboard.apps.schemas.tries import told
from dashboard.apps.serializers import pinned_origins
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid

Face = dict[str, Any]
TITLE = "Playground"

ANY = 0  # in place of the number of an app where none is saved: no app has it


def tried_app(
    account: Account, *, url: str, app: DashboardApp | None = None, **settings: Any
) -> DashboardApp:
    """An app as it would be, which is never stored. What its frame may, a saved one has at its own address
    alone: elsewhere that was granted to nobody."""
    is_own = app is not None and origin_of(url) in pinned_origins(app)
    rights = {name: getattr(app, name) if is_own else [] for name in ("sandbox", "features", "frame_origins")}
    return DashboardApp(
        id=app.id if app else ANY,
        account_id=account.id,
        title=app.title if app else TITLE,
        client_id=app.client_id if app else "playground",
        content=[{"type": "frame", "url": url}],
        placement="side",  # the page has places that no app is given, such as a window over it
        reloads=False,
        launch="none",
        visibility={},
        conditions=[],
        **rights,
        **settings,
    )


@dataclass
class Trial:
    """The context as it was written, what the app is granted, what it has stored: the page keeps all that."""

    context: Face
    scopes: list[str]
    actions: list[str]
    state: Any = None

    @property
    def conversation(self) -> Face:
        """The one that is open.

        Raises:
            CallRefused: none is.
        """
        face: Face = self.context["conversation"]
        if not face:
            raise CallRefused("invalid", "No conversation is open")
        return face


def answer_trial(trial: Trial, method: str, params: Face) -> Face:
    """What the app gets to hear. What it changes is changed in the trial and nowhere else.

    Raises:
        CallRefused: there is no such method, the app may not call it, or the params cannot be used.
        Invalid: an attribute is not defined in the context.
    """
    check_params(params, granted_method(trial.actions, method))
    trial.context = deepcopy(trial.context)
    return _ANSWERS[method](trial, params)


def _set_attributes(trial: Trial, params: Face) -> Face:
    about, values = params["of"], params["values"]
    conversation = trial.conversation
    defined = {
        each["attribute_key"]
        for each in trial.context.get("customAttributes", [])
        if each["attribute_model"] == f"{about}_attribute"
    }
    for key in values:
        if key not in defined:
            raise Invalid(key, NOT_DEFINED)
    owners = [conversation] if about == "conversation" else list(_contacts(trial.context))
    for owner in owners:
        changed = {**owner.get("custom_attributes", {}), **values}
        owner["custom_attributes"] = {key: value for key, value in changed.items() if value is not None}
    return {"attributes": owners[0]["custom_attributes"]}


def _contacts(context: Face) -> Iterator[Face]:
    """The contact, wherever it is written."""
    yield context["contact"]
    face = context["conversation"]
    yield from (each for each in (face.get("contact"), face.get("meta", {}).get("sender")) if each)


def _add_labels(trial: Trial, params: Face) -> Face:
    carried = trial.conversation.get("labels", [])
    return _relabel(trial, [*carried, *(label.strip() for label in params["labels"])])


def _remove_labels(trial: Trial, params: Face) -> Face:
    gone = {label.strip() for label in params["labels"]}
    return _relabel(trial, [label for label in trial.conversation.get("labels", []) if label not in gone])


def _relabel(trial: Trial, labels: list[str]) -> Face:
    trial.conversation["labels"] = list(dict.fromkeys(labels))
    return {"labels": trial.conversation["labels"]}


def _set_status(trial: Trial, params: Face) -> Face:
    status, until = params["status"], params.get("snoozed_until")
    if until is not None and status != "snoozed":
        raise CallRefused("invalid", "snoozed_until: only goes with the status snoozed")
    changed = {"status": status, "snoozed_until": until}
    trial.conversation.update(changed)
    return changed


def _assign(trial: Trial, params: Face) -> Face:
    """Nobody works in what was invented but the agent who looks at it."""
    agent, number = trial.context.get("currentAgent", {}), params["agent"]
    if number is not None and number != agent.get("id"):
        raise CallRefused("invalid", "agent: does not work in this inbox")
    meta = trial.conversation.setdefault("meta", {})
    meta.pop("assignee", None)
    if number is not None:
        meta["assignee"] = {**agent, "type": "user"}
    return {"agent": number}


def _get_context(trial: Trial, params: Face) -> Face:
    return {"value": value_at(told(trial.context, trial.scopes), params.get("path", []))}


def _list_messages(trial: Trial, params: Face) -> Face:
    if "messages" not in trial.scopes:
        raise CallRefused("denied_scope", "The app may not see messages")
    before, limit = params.get("before"), int(params.get("limit", USUAL_PAGE))
    face: Face = told({**trial.context, "conversation": trial.conversation}, trial.scopes)["conversation"]
    known = [each for each in face["messages"] if before is None or each.get("id", 0) < before]
    page = known[-limit:]
    return {"messages": page, "before": page[0].get("id") if len(known) > limit else None}


def _get_token(trial: Trial, params: Face) -> Face:
    raise CallRefused("unsupported", "No token is signed for a try")


def _get_state(trial: Trial, params: Face) -> Face:
    return {"value": trial.state}


def _set_state(trial: Trial, params: Face) -> Face:
    trial.state = params["value"]
    return {}


_ANSWERS: dict[str, Callable[[Trial, Face], Face]] = {
    "attributes.set": _set_attributes,
    "labels.add": _add_labels,
    "labels.remove": _remove_labels,
    "status.set": _set_status,
    "assign": _assign,
    "context.get": _get_context,
    "messages.list": _list_messages,
    "token.get": _get_token,
    "state.get": _get_state,
    "state.set": _set_state,
}
