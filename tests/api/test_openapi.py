"""The API's description is whole and true: random requests made from it find nothing that it does not say."""

from collections.abc import Callable
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import Case
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance
from schemathesis.specs.openapi.checks import response_schema_conformance
from schemathesis.specs.openapi.checks import status_code_conformance

from dashboard.http.openapi import path_of
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

# Not among them: whether what breaks the description is refused. Like upstream, the doors drop what they do
# not know and read "3" as 3.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
Client = Any


@pytest.fixture
def described(app: Flask, api: Callable[..., Client]) -> Any:
    return api().get("/api/openapi.json")


def test_the_description_is_valid(described: Any) -> None:
    OpenAPIV31SpecValidator(described).validate()


def test_every_door_is_in_it(app: Flask, described: Any) -> None:
    doors = {
        (path_of(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api", "/auth/", "/public/api")) and rule.rule != "/api/docs"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert doors == {(path, method) for path, methods in described["paths"].items() for method in methods}


def test_it_says_who_needs_no_token(described: Any) -> None:
    free = {
        path for path, methods in described["paths"].items() if methods.get("get", {}).get("security") == []
    }

    assert {path for path in free if not path.startswith("/public/api/")} == {"/api", "/api/openapi.json"}


def test_it_says_what_bots_may_do(described: Any) -> None:
    of_one = described["paths"]["/api/v1/accounts/{account_id}/conversations/{conversation_id}"]

    assert of_one["get"]["description"] == "Bots may do this too."
    assert "Bots" not in of_one["delete"].get("description", "")


def test_bodies_may_be_wrapped_or_flat(described: Any) -> None:
    door = described["paths"]["/api/v1/accounts/{account_id}/dashboard_apps"]["post"]

    wrapped, flat = door["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    assert wrapped == {
        "type": "object",
        "required": ["dashboard_app"],
        "properties": {"dashboard_app": flat},
    }
    assert flat["properties"]["content"]["maxItems"] == 20


def test_the_api_says_that_it_is_there(api: Callable[..., Client], cast: Cast) -> None:
    assert api().get("/api")["name"] == api(cast.bo).get("/api/")["name"] == "Deskframe"
    assert api().get("/api/v1/nothing", expect=404) == {"error": "Resource could not be found"}
    assert api().post("/api", expect=405) == {"error": "Method not allowed"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.timeout(600)
def test_random_requests_find_nothing(app: Flask, cast: Cast, mode: GenerationMode) -> None:
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme))
    headers = {"api_access_token": cast.token(cast.ada)}
    ids = {
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
        "conversation_uuid": conversation.uuid,
        "identifier": cast.inbox.identifier,
        "source_id": conversation.contact_inbox.source_id,
    }

    make_message(conversation, content_type="input_csat", message_type="outgoing")

    def wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
        with app.app_context():
            return app.wsgi_app(environ, start_response)

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", wsgi)
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.endswith(("/reset_access_token", "/sign_in")):
            continue  # they would lock the others out

        @settings(
            max_examples=5,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = ids[name]
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS)

        with suppress(Unsatisfiable):  # nothing to break in a door without parameters
            ask()
