"""Every door of the API is asked by everybody: nobody, a stranger, an agent, somebody outside the inbox."""

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from dashboard.accounts.permissions import ROLES
from dashboard.accounts.permissions import Permission
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_bot
from tests.support.factories import make_canned_response
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_label
from tests.support.factories import make_message
from tests.support.factories import make_note
from tests.support.factories import make_webhook

NOBODY = {"errors": ["You need to sign in or sign up before continuing."]}
NOT_YOURS = {"error": "You are not authorized to access this account"}
NOT_ALLOWED = {"error": "You are not authorized to do this action"}
UNKNOWN = {"error": "Resource could not be found"}
IN_AN_INBOX = {"inbox_id", "conversation_id"}
BODIES = {
    "api.inbox_members": {"inbox_id": 987_654, "user_ids": [1]},
    "api.agents": {"agent": {"name": "X"}},
    "api.dashboard_apps": {"title": "X"},
    "api.messages": {"content": "Hello"},
}


def doors(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule below an account, with a method and the permission that its view asks for."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api.") and "account_id" in rule.arguments:
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule, method, app.view_functions[rule.endpoint].permission


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme))
    return {
        "account_id": cast.acme.id,
        "agent_id": cast.cy.id,
        "app_id": make_app(cast.acme).id,
        "bot_id": make_bot(cast.acme).id,
        "canned_response_id": make_canned_response(cast.acme).id,
        "contact_id": conversation.contact_id,
        "definition_id": make_definition(cast.acme).id,
        "conversation_id": conversation.display_id,
        "inbox_id": cast.inbox.id,
        "label_id": make_label(cast.acme).id,
        "note_id": make_note(conversation.contact).id,
        "message_id": make_message(conversation).id,
        "webhook_id": make_webhook(cast.acme).id,
    }


def path_of(rule: Rule, values: dict[str, int]) -> str:
    return "".join(f"/{values[part]}"[1:] if is_name else part for is_name, part in rule._trace).lstrip("|")


def body_for(rule: Rule) -> dict[str, Any]:
    return BODIES.get(rule.endpoint.rpartition(".")[0], {})


def test_nobody_is_asked_to_sign_in(app: Flask, api: Callable[..., Any], ids: dict[str, int]) -> None:
    for rule, method, _ in doors(app):
        assert api().send(method, path_of(rule, ids), expect=401) == NOBODY


def test_a_wrong_token_is_told_so(app: Flask, api: Callable[..., Any], ids: dict[str, int]) -> None:
    client = api()
    client.headers = {"api_access_token": "no-such-token"}

    for rule, method, _ in doors(app):
        assert client.send(method, path_of(rule, ids), expect=401) == {"error": "Invalid Access Token"}


def test_the_session_cookie_opens_nothing(app: Flask, page: Any, cast: Cast, ids: dict[str, int]) -> None:
    page.sign_in(cast.ada)

    for rule, method, _ in doors(app):
        answer = page.client.open(path_of(rule, ids), method=method)
        assert (answer.status_code, answer.json) == (401, NOBODY)
    assert page.client.get("/api/v1/profile").json == NOBODY


def test_a_stranger_stays_outside(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int]
) -> None:
    for rule, method, _ in doors(app):
        assert api(cast.eve).send(method, path_of(rule, ids), expect=401) == NOT_YOURS


def test_an_account_that_does_not_exist_is_not_found(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int]
) -> None:
    for rule, method, _ in doors(app):
        path = path_of(rule, {**ids, "account_id": 987_654})
        assert api(cast.ada).send(method, path, expect=404) == UNKNOWN


def test_an_agent_may_not_do_what_administrators_do(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int]
) -> None:
    for rule, method, permission in doors(app):
        if Permission(permission) not in ROLES["agent"]:
            assert api(cast.bo).send(method, path_of(rule, ids), expect=401) == NOT_ALLOWED


def test_who_is_not_in_the_inbox_may_do_nothing_with_it(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int]
) -> None:
    asked = 0
    for rule, method, permission in doors(app):
        if rule.arguments & IN_AN_INBOX and Permission(permission) in ROLES["agent"]:
            asked += 1
            assert api(cast.cy).send(method, path_of(rule, ids), body_for(rule), expect=401) == NOT_ALLOWED
    assert asked > 15


def test_what_does_not_exist_is_not_found(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int]
) -> None:
    for rule, method, _ in doors(app):
        for name in rule.arguments - {"account_id"}:
            for missing in (987_654, 2**63, 10**25):
                path = path_of(rule, {**ids, name: missing})
                assert api(cast.ada).send(method, path, body_for(rule), expect=404) == UNKNOWN


def test_what_is_another_accounts_is_not_found(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int]
) -> None:
    for rule, method, _ in doors(app):
        if rule.arguments - {"account_id", "conversation_id", "message_id"}:
            path = path_of(rule, {**ids, "account_id": cast.other.id})
            assert api(cast.eve).send(method, path, body_for(rule), expect=404) == UNKNOWN


@pytest.mark.parametrize("garbage", [b"{", b'{"a": NaN}', b'{"a": 1e999}', b"[" * 5000, b"\xff\xfe{}"])
def test_a_body_that_is_no_json_is_refused(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int], garbage: bytes
) -> None:
    client = api(cast.ada)
    path = f"/api/v1/accounts/{cast.acme.id}/contacts"

    answer = client.client.post(path, data=garbage, headers=client.headers, content_type="application/json")

    assert (answer.status_code, answer.json) == (400, {"error": "The body is not valid JSON"})


@pytest.mark.parametrize("garbage", [[1], "text", 5, {"name": "\x00"}, {"name": "\ud800"}])
def test_a_body_that_nothing_can_be_made_of_is_refused(
    app: Flask, api: Callable[..., Any], cast: Cast, ids: dict[str, int], garbage: Any
) -> None:
    answer = api(cast.ada).post(f"/api/v1/accounts/{cast.acme.id}/contacts", garbage, expect=422)

    assert answer["error"].startswith("The body ")
