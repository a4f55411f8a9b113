"""Every method that an app may call, and the order in which a call is looked at."""

import json
from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations import acting
from dashboard.apps.operations import reading
from dashboard.apps.operations import states
from dashboard.apps.operations.asking import Call
from dashboard.apps.operations.asking import CallRefused
from dashboard.apps.schemas import calls
from dashboard.lib.nesting import levels
from dashboard.lib.shapes import Schema

Result = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """What is run, what the agent must be allowed, and what the params look like. The grant that the app
    needs has the method's own name."""

    run: Callable[[Call], Result]
    permission: Permission
    params: Draft202012Validator


def _method(run: Callable[[Call], Result], permission: Permission, params: Schema) -> Method:
    return Method(run, permission, Draft202012Validator(params))


_WORK, _SEE = Permission.CONVERSATIONS_WORK, Permission.APPS_SEE
METHODS: dict[str, Method] = {
    "attributes.set": _method(acting.set_attributes, _WORK, calls.ATTRIBUTES),
    "labels.add": _method(acting.add_labels, _WORK, calls.LABELS),
    "labels.remove": _method(acting.remove_labels, _WORK, calls.LABELS),
    "status.set": _method(acting.set_status, _WORK, calls.STATUS),
    "assign": _method(acting.assign, _WORK, calls.ASSIGNEE),
    "context.get": _method(reading.get_context, _SEE, calls.PATH),
    "messages.list": _method(reading.list_messages, _WORK, calls.MESSAGES),
    "token.get": _method(reading.get_token, _SEE, calls.NOTHING),
    "state.get": _method(states.kept_state, _SEE, calls.NOTHING),
    "state.set": _method(states.keep_state, _SEE, calls.STATE),
}


def answer(call: Call) -> Result:
    """Do what an app asks, if the desk knows how, an administrator has granted it, and the agent may.

    Raises:
        CallRefused: one of these does not hold, or the params cannot be used.
        Invalid: a value cannot be used, by the rules that hold for agents too.
    """
    method = granted_method(call.app.actions, call.method)
    call.needs(method.permission)
    check_params(call.params, method)
    result = method.run(call)
    if _size(result) > calls.LARGEST_RESULT:
        raise CallRefused("too_large", "The answer is too large: ask for a part of it")
    return result


def granted_method(actions: Collection[str], name: str) -> Method:
    """The method of that name, for an app that may call these.

    Raises:
        CallRefused: there is none, or the app may not call it.
    """
    method = METHODS.get(name)
    if method is None:
        raise CallRefused("unsupported", "There is no such method")
    if name not in actions:
        raise CallRefused("denied_scope", f"The app may not call {name}")
    return method


def check_params(params: dict[str, Any], method: Method) -> None:
    """Go on where the params are such that the method takes.

    Raises:
        CallRefused: they are not; it says which.
    """
    if _is_deep(params):
        raise CallRefused("invalid", f"params: more than {calls.DEEPEST} levels deep")
    if _size(params) > calls.LARGEST_PARAMS:
        raise CallRefused("too_large", f"params: more than {calls.LARGEST_PARAMS} bytes")
    error = next(method.params.iter_errors(params), None)
    if error is not None:
        place = ".".join(str(step) for step in error.absolute_path) or "params"
        raise CallRefused("invalid", f"{place}: does not fit ({error.validator})")


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _is_deep(value: Any) -> bool:
    return any(level > calls.DEEPEST for _, level in levels(value))
