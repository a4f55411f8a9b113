"""What clients send, made one shape: wrapped, flat, Rails-nested forms and multipart become a dict."""

import re
from typing import Any

from flask import request
from jsonschema import Draft202012Validator
from werkzeug.exceptions import BadRequest

from dashboard.http.errors import ParameterMissing
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_

_PART = re.compile(r"\[([^\[\]]*)\]")


def body() -> dict[str, Any]:
    """The parameters of this request's body (files left out), whatever they were wrapped in for the way.

    Raises:
        BadRequest: the body says that it is JSON and is not.
    """
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return nested(list(request.form.items(multi=True)))
    if not request.get_data(cache=True):
        return {}
    sent = request.get_json(force=True)
    if not isinstance(sent, dict):
        raise BadRequest("the body must be a JSON object")
    return sent


def resource(name: str) -> dict[str, Any]:
    """The body's attributes of one resource: under its name, or flat in a JSON body.

    Raises:
        ParameterMissing: there are none.
    """
    sent = body()
    found = sent.get(name)
    if isinstance(found, dict) and found:
        return found
    if found is None and request.mimetype not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        found = {key: value for key, value in sent.items() if key != name}
    if not found or not isinstance(found, dict):
        raise ParameterMissing(name)
    return found


def nested(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Rails' spelling of nested values in a form: `a[b][][c]=1` becomes `{"a": {"b": [{"c": "1"}]}}`."""
    result: dict[str, Any] = {}
    for key, value in pairs:
        head = key.split("[", 1)[0]
        _put(result, [head, *_PART.findall(key[len(head) :])], value)
    return result


def _put(into: Any, path: list[str], value: Any) -> None:
    name, rest = path[0], path[1:]
    if not rest:
        into[name] = value
    elif rest[0] != "":
        if not isinstance(into.get(name), dict):
            into[name] = {}
        _put(into[name], rest, value)
    else:
        if not isinstance(into.get(name), list):
            into[name] = []
        _append(into[name], rest[1:], value)


def _append(items: list[Any], path: list[str], value: Any) -> None:
    """A list of objects starts its next one when a key comes round again."""
    if not path:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or (len(path) == 1 and path[0] in items[-1]):
        items.append({})
    _put(items[-1], path, value)


def checked(sent: dict[str, Any], validator: Draft202012Validator) -> dict[str, Any]:
    """What was sent, if it fits the schema.

    Raises:
        Invalid: with one problem for each place that does not.
    """
    problems = [
        Problem(
            str(error.path[0]) if error.path else str(error.validator),
            N_("is invalid"),
            pointer="/" + "/".join(str(part) for part in error.path),
        )
        for error in validator.iter_errors(sent)
    ]
    if problems:
        raise Invalid.of(problems)
    return sent
