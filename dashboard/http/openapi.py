"""The description of the API, made from what its doors carry: OpenAPI 3.1."""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import TypeVar

from flask import Flask
from werkzeug.routing import Rule

from dashboard.lib.shapes import ID
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import envelope
from dashboard.lib.shapes import list_of

View = TypeVar("View", bound=Callable[..., Any])

TOKEN = "api_access_token"  # noqa: S105 - the name of a header
PAGE: Schema = {"type": "integer", "minimum": 1, "maximum": 1000}

_ERROR: Schema = {
    "title": "Error",
    "description": "`error` is a sentence; so is `message`, for a value that cannot be used.",
    "type": "object",
    "properties": {
        "error": TEXT,
        "message": TEXT,
        "attributes": list_of(TEXT),
        "errors": {
            "type": "array",
            "items": {
                "anyOf": [
                    TEXT,
                    {"type": "object", "properties": {"pointer": TEXT, "message": TEXT}},
                ]
            },
        },
    },
}
_CLIENT = "client API"
_FOR_BOTS = "Bots may do this too."
_CHAPTERS = {  # blueprints that share one
    "attachments": "messages",
    "conversation": "conversations",
    "contact_identity": "contacts",
    "inbox_members": "inboxes",
    "notes": "contacts",
    "client_contacts": _CLIENT,
    "client_conversations": _CLIENT,
    "client_messages": _CLIENT,
}
_REFUSALS = {
    400: "The body is not JSON, or not what it says it is",
    401: "Nobody has signed in, or the caller may not do this",
    404: "There is no such thing in this account",
    413: "The body is too large",
    422: "A value is missing or cannot be used; `errors` points at it",
}
_CLIENT_REFUSALS = {
    **_REFUSALS,
    401: "The proof of identity is wrong, or missing where the inbox asks for one",
    404: "There is no such inbox, session, conversation or message",
    429: "Too many requests: come back after the seconds that `Retry-After` says",
}
_SIGN_IN_REFUSALS = {
    400: _REFUSALS[400],
    401: "The e-mail or the password is wrong",
    413: _REFUSALS[413],
    422: _REFUSALS[422],
    429: "Too many wrong passwords: come back after the seconds that `Retry-After` says",
}
_WORDS = {
    "identifier": "Identifier of the inbox",
    "source_id": "Name of the session in the inbox",
}
_PREFIXES = ("/api", "/auth", "/public/api")


@dataclass(frozen=True)
class Description:
    """What a door says of itself."""

    summary: str
    body: Schema | None
    under: str | None  # the name that the body may be wrapped in
    query: dict[str, Schema]
    answer: Schema | None
    status: int
    details: str = field(default="")


def describes(
    summary: str,
    *,
    body: Schema | None = None,
    under: str | None = None,
    query: dict[str, Schema] | None = None,
    answer: Schema | None = None,
    status: int = 200,
    details: str = "",
) -> Callable[[View], View]:
    """Say what a door does, takes and answers; without an `answer` its body is empty."""

    def mark(view: View) -> View:
        view.description = Description(  # type: ignore[attr-defined]
            summary, body, under, query or {}, answer, status, details
        )
        return view

    return mark


def document(app: Flask, *, server: str) -> Schema:
    """The whole description of the API of this app."""
    components: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for rule, method, view in _doors(app):
        operation = _operation(rule, method, view, components)
        paths.setdefault(path_of(rule), {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Deskframe",
            "version": "1",
            "description": "Accounts are reached with the access token of one of their people or bots, sent "
            f"as the header `{TOKEN}`, as `Api-Access-Token` where a proxy drops underscores, or as a bearer "
            "token.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}, {"plain_token": []}, {"bearer": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": TOKEN},
                "plain_token": {"type": "apiKey", "in": "header", "name": "Api-Access-Token"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def path_of(rule: Rule) -> str:
    """The path with its parameters in braces."""
    return "".join(f"{{{part}}}" if is_parameter else part for is_parameter, part in rule._trace).lstrip("|")


def _doors(app: Flask) -> Iterator[tuple[Rule, str, Any]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not rule.rule.startswith(_PREFIXES) or not hasattr(view, "description"):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, view


def _operation(rule: Rule, method: str, view: Any, components: dict[str, Schema]) -> Schema:
    told: Description = view.description
    name = rule.endpoint.removeprefix("api.")
    operation: Schema = {
        "tags": [_tag(name.split(".")[0])],
        "operationId": f"{name}.{method.lower()}",
        "summary": told.summary,
        "parameters": [*_path_parameters(rule), *_query_parameters(told)],
        "responses": _responses(told, _refusals(rule, view.permission), components),
    }
    for_bots = _FOR_BOTS if getattr(view, "lets_bots_in", False) else ""
    if told.details or for_bots:
        operation["description"] = f"{told.details} {for_bots}".strip()
    if told.body is not None:
        operation["requestBody"] = _request_body(told, components)
    if view.permission == "public":
        operation["security"] = []
    return operation


def _tag(blueprint: str) -> str:
    name = _CHAPTERS.get(blueprint, blueprint).replace("_", " ")
    return name[:1].upper() + name[1:]


def _path_parameters(rule: Rule) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1} if name in _WORDS else ID,
            "description": _WORDS.get(name, f"Number of the {name.removesuffix('_id')}"),
        }
        for is_parameter, name in rule._trace
        if is_parameter
    ]


def _query_parameters(told: Description) -> list[Schema]:
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in told.query.items()
    ]


def _request_body(told: Description, components: dict[str, Schema]) -> Schema:
    schema = _told_once(told.body, components)
    if told.under:
        schema = {"anyOf": [envelope(**{told.under: schema}), schema]}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _refusals(rule: Rule, permission: str) -> dict[int, str]:
    if rule.rule.startswith("/public"):
        return _CLIENT_REFUSALS
    if permission == "public":
        return _SIGN_IN_REFUSALS if rule.rule.startswith("/auth") else _reading_refusals(rule)
    return _REFUSALS


def _reading_refusals(rule: Rule) -> dict[int, str]:
    """A door that anybody may ask can only mind what was sent."""
    takes_a_body = "POST" in (rule.methods or set())
    return {status: _REFUSALS[status] for status in (400, 413, 422)} if takes_a_body else {}


def _responses(told: Description, refusals: dict[int, str], components: dict[str, Schema]) -> Schema:
    good: Schema = {"description": "Done"}
    if told.answer is not None:
        good["content"] = {"application/json": {"schema": _told_once(told.answer, components)}}
    error = {"application/json": {"schema": _told_once(_ERROR, components)}}
    return {
        str(told.status): good,
        **{str(status): {"description": words, "content": error} for status, words in refusals.items()},
    }


def _told_once(schema: Any, components: dict[str, Schema]) -> Any:
    """The schema, with each part that has a title said once, among the components."""
    if isinstance(schema, list):
        return [_told_once(each, components) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _told_once(value, components) for key, value in schema.items()}
    title = schema.get("title")
    if not isinstance(title, str):
        return plain
    components[title] = {key: value for key, value in plain.items() if key != "title"}
    return {"$ref": f"#/components/schemas/{title}"}
