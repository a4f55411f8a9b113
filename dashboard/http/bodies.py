"""What clients send, made one shape: wrapped, flat, Rails-nested forms and multipart become a dict."""

import json
import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from typing import NoReturn

from flask import request
from jsonschema import Draft202012Validator
from jsonschema import ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.http.errors import NotJson
from dashboard.http.errors import ParameterMissing
from dashboard.http.errors import Refused
from dashboard.lib.checks import BLANK
from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.shapes import Schema
from dashboard.lib.text import N_

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
DEEPEST = 100  # levels of lists and objects: beyond that nobody means it
LARGEST_JSON = 4 << 20  # bytes: the longest message, every letter of it escaped, and as much again
MOST_PAIRS = 1000  # of a form; as many parts may a multipart body have
MOST_PROBLEMS = 50  # are told of one body
NOT_AN_OBJECT = "The body must be a JSON object"
NO_FILES = "Files can only be sent with a message, as attachments[]"
TOO_MANY_PAIRS = f"The form has more than {MOST_PAIRS} values: send them as JSON"
NOT_TEXT = "The body has text that cannot be stored: a null character or half of a surrogate pair"

_PART = re.compile(r"\[([^\[\]]*)\]")
_SUSPECT = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TRUE, _FALSE = {"true", "1", "t", "on"}, {"false", "0", "f", "off"}

_SENTENCES = {
    "required": BLANK,
    "minLength": BLANK,
    "maxLength": TOO_LONG,
    "enum": NOT_LISTED,
}
_validators: dict[int, Draft202012Validator] = {}


def accepted(schema: Schema, *, under: str | None = None, files: str = "") -> dict[str, Any]:
    """What was sent of what the schema knows, in the types that it asks for. Unknown keys are dropped in
    silence, as upstream does, and so are the differences between `"3"` and `3`. `files` as in `body`.

    Raises:
        ParameterMissing: nothing was sent under that name, nor flat.
        Invalid: with one problem for each place that does not fit.
    """
    sent = resource(under) if under else body(files=files)
    return checked(fitted(sent, schema), schema)


def body(*, files: str = "") -> dict[str, Any]:
    """The parameters of this request's body, whatever they were wrapped in for the way. `files` names the
    one list that may have files in it; those are told by `files_under`.

    Raises:
        NotJson: the body says that it is JSON and is not.
        RequestEntityTooLarge: it is larger than anybody means it.
        Refused: it is no object, there are files in it, or text that no database keeps.
    """
    if any(file.filename for name, file in _files() if not files or _plain(name) != files):
        raise Refused(NO_FILES)
    if request.mimetype in FORMS:
        pairs = list(request.form.items(multi=True))
        if len(pairs) > MOST_PAIRS:
            raise Refused(TOO_MANY_PAIRS)
        if any(_UNSTORABLE.search(key + value) for key, value in pairs):
            raise Refused(NOT_TEXT)
        return nested(pairs)
    raw = request.get_data(cache=True)
    if not raw:
        return {}
    if len(raw) > LARGEST_JSON:
        raise RequestEntityTooLarge
    sent = _parsed(raw)
    if not isinstance(sent, dict):
        raise Refused(NOT_AN_OBJECT)
    return sent


def files_under(name: str) -> list[FileStorage]:
    """The files that were sent in a list of that name, however clients spell it."""
    return [file for key, file in _files() if file.filename and _plain(key) == name]


def resource(name: str) -> dict[str, Any]:
    """The body's attributes of one resource: under its name, or flat in a JSON body.

    Raises:
        ParameterMissing: there are none.
    """
    sent = body()
    found = sent.get(name)
    if found is None and request.mimetype not in FORMS:
        found = {key: value for key, value in sent.items() if key != name}
    if not found or not isinstance(found, dict):
        raise ParameterMissing(name)
    return found


def nested(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Rails' spelling of nested values in a form: `a[b][][c]=1` becomes `{"a": {"b": [{"c": "1"}]}}`."""
    result: dict[str, Any] = {}
    for key, value in pairs:
        head = key.split("[", 1)[0]
        path = [head, *_PART.findall(key[len(head) :])]
        if len(path) <= DEEPEST:
            _put(result, path, value)
    return result


def checked(sent: dict[str, Any], schema: Schema) -> dict[str, Any]:
    """What was sent, if it fits the schema.

    Raises:
        Invalid: with one problem for each place that does not.
    """
    validator = _validators.get(id(schema))
    if validator is None:
        validator = _validators[id(schema)] = Draft202012Validator(schema)
    problems = [_problem(error) for error in islice(validator.iter_errors(sent), MOST_PROBLEMS)]
    if problems:
        raise Invalid.of(problems)
    return sent


def fitted(value: Any, schema: Schema) -> Any:
    """The value in the type that the schema names, where it can be read as one; otherwise as it is.

    Forms know nothing but text, and clients are as careless in JSON: `"3"`, `3` and `"true"` are understood.
    """
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, str) and ("object" in kinds or "array" in kinds) and "string" not in kinds:
        value = _json_in_text(value)
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {key: fitted(item, known[key]) for key, item in value.items() if key in known}
    if isinstance(value, list) and "items" in schema:
        return [fitted(item, schema["items"]) for item in value]
    if isinstance(value, bool):
        return value if "boolean" in kinds or "string" not in kinds else str(value).lower()
    if isinstance(value, int | float):
        return _fitted_number(value, kinds)
    return _fitted_text(value, kinds) if isinstance(value, str) else value


def _fitted_number(value: float, kinds: list[str]) -> Any:
    if "integer" in kinds or "number" in kinds:
        return int(value) if "number" not in kinds and value == int(value) else value
    if "boolean" in kinds and value in (0, 1):
        return bool(value)
    return str(value) if "string" in kinds else value


def _fitted_text(value: str, kinds: list[str]) -> Any:
    if "string" in kinds or not kinds:
        return value
    word = value.strip().lower()
    if "integer" in kinds and re.fullmatch(r"-?[0-9]{1,30}", word):
        return int(word)
    if "boolean" in kinds and word in _TRUE | _FALSE:
        return word in _TRUE
    return None if "null" in kinds and word in {"", "null"} else value


def _json_in_text(value: str) -> Any:
    """Multipart bodies carry objects as JSON."""
    try:
        return _parsed(value.encode()) if value.strip() else value
    except NotJson:
        return value


def _parsed(raw: bytes) -> Any:
    """Decoded here and strictly: left to itself, `json` takes UTF-16 too, and halves of surrogate pairs."""
    try:
        sent = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise NotJson from None
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and any(level > DEEPEST for _, level in _parts(sent)):
        raise NotJson
    if _SUSPECT.search(raw) and any(_is_unstorable(part) for part, _ in _parts(sent)):
        raise Refused(NOT_TEXT)
    return sent


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


def _parts(value: Any) -> Iterator[tuple[Any, int]]:
    """Everything inside a value, keys too, with the level that it stands on."""
    waiting = [(value, 0)]
    while waiting:
        part, level = waiting.pop()
        yield part, level
        if isinstance(part, dict):
            waiting.extend((inner, level + 1) for pair in part.items() for inner in pair)
        elif isinstance(part, list):
            waiting.extend((inner, level + 1) for inner in part)


def _is_unstorable(part: Any) -> bool:
    return isinstance(part, str) and _UNSTORABLE.search(part) is not None


def _problem(error: ValidationError) -> Problem:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "required":
        path.append(next(name for name in error.validator_value if name not in error.instance))
    names = [part for part in path if not part.isdigit()]
    message = _SENTENCES.get(str(error.validator), N_("is invalid"))
    values = {"limit": error.validator_value} if "%(limit)s" in message else {}
    return Problem(names[-1] if names else "base", message, values, pointer="/" + "/".join(path))


def _files() -> list[tuple[str, FileStorage]]:
    return list(request.files.items(multi=True))


def _plain(name: str) -> str:
    """`message[attachments][]` and `attachments[0]` are `attachments`."""
    return re.sub(r"\[\d*\]$", "", name).rpartition("[")[2].removesuffix("]")


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
    """In a list of objects a value belongs to the first one that has none of its name yet: forms are read
    name by name, so the order between names is lost."""
    if not path:
        items.append(value)
        return
    waiting = [item for item in items if isinstance(item, dict) and not _has(item, path)]
    if not waiting:
        waiting = [{}]
        items.append(waiting[0])
    _put(waiting[0], path, value)


def _has(item: Any, path: list[str]) -> bool:
    for name in path:
        if not isinstance(item, dict) or name not in item:
            return False
        item = item[name]
    return True
