"""What only a real connection shows: header spellings, trailing slashes, multipart, a body on DELETE."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from http.client import HTTPMessage
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.databases import Databases
from tests.support.servers import Desk
from tests.support.servers import Server

FRAME = {"type": "frame", "url": "https://crm.example/"}
BOUNDARY = "----wire"


@pytest.fixture(scope="module")
def server(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("wire"), databases.new(copy_of=migrated)).start()
    yield server
    server.stop()


@pytest.fixture
def desk(server: Server) -> Desk:
    return server.make_desk()


def ask(
    server: Server, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, Any, HTTPMessage]:
    """One request with exactly these headers; redirects are not followed."""
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return response.status, json.loads(content) if is_json else content, response.headers


def multipart(*parts: tuple[str, str]) -> tuple[bytes, dict[str, str]]:
    lines = []
    for name, value in parts:
        lines += [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="{name}"', "", value]
    body = "\r\n".join([*lines, f"--{BOUNDARY}--", ""]).encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.mark.parametrize(
    "spelling",
    [
        "api_access_token",
        "API_ACCESS_TOKEN",
        "Api-Access-Token",
        "api-access-token",
        "HTTP_API_ACCESS_TOKEN",
        "bearer",
    ],
)
def test_the_token_comes_in_every_spelling(server: Server, desk: Desk, spelling: str) -> None:
    token = desk.bo.token
    headers = {"Authorization": f"Bearer {token}"} if spelling == "bearer" else {spelling: token}

    status, profile, _ = ask(server, "GET", "/api/v1/profile", headers=headers)

    assert (status, profile["id"]) == (200, desk.bo.id)


def test_of_two_tokens_the_one_of_the_api_counts(server: Server, desk: Desk) -> None:
    both = {"Api-Access-Token": desk.bo.token, "Authorization": f"Bearer {desk.ada.token}"}
    assert ask(server, "GET", "/api/v1/profile", headers=both)[1]["id"] == desk.bo.id

    wrong = {"Api-Access-Token": "nobody", "Authorization": f"Bearer {desk.ada.token}"}
    assert ask(server, "GET", "/api/v1/profile", headers=wrong)[:2] == (
        401,
        {"error": "Invalid Access Token"},
    )


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}, {"api_access_token": " "}],
)
def test_without_a_token_nobody_is_known(server: Server, desk: Desk, headers: dict[str, str]) -> None:
    status, answer, _ = ask(
        server, "GET", f"/api/v1/profile?api_access_token={desk.bo.token}", headers=headers
    )

    assert (status, answer) == (401, {"errors": ["You need to sign in or sign up before continuing."]})


def test_a_trailing_slash_is_answered_without_a_redirect(server: Server, desk: Desk) -> None:
    headers = {"api_access_token": desk.ada.token, "Content-Type": "application/json"}
    inboxes = f"/api/v1/accounts/{desk.account_id}/inboxes"
    sent = json.dumps({"name": "Shop", "channel": {"type": "api"}}).encode()

    status, made, _ = ask(server, "POST", f"{inboxes}/", sent, headers)
    assert (status, made["name"]) == (200, "Shop")
    assert ask(server, "GET", f"{inboxes}/{made['id']}/", headers=headers)[0] == 200
    assert ask(server, "GET", "/api/", headers=headers)[:2] == ask(server, "GET", "/api")[:2]
    assert ask(server, "GET", "/api")[1]["name"] == "Deskframe"


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_app_is_added_wrapped_and_flat(server: Server, desk: Desk, wrapped: bool) -> None:
    sent: dict[str, Any] = {"title": "CRM", "content": [FRAME]}
    body = json.dumps({"dashboard_app": sent} if wrapped else sent).encode()
    headers = {"api_access_token": desk.ada.token, "Content-Type": "application/json"}

    status, made, answered = ask(
        server, "POST", f"/api/v1/accounts/{desk.account_id}/dashboard_apps", body, headers
    )

    assert (status, made["content"]) == (200, [FRAME])
    assert answered["Content-Type"] == "application/json"
    assert answered["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answered


def test_an_app_is_added_by_a_form(server: Server, desk: Desk) -> None:
    path = f"/api/v1/accounts/{desk.account_id}/dashboard_apps"
    fields = (
        ("dashboard_app[title]", "CRM"),
        ("dashboard_app[content][][type]", "frame"),
        ("dashboard_app[content][][url]", FRAME["url"]),
    )
    body, headers = multipart(*fields)
    status, made, _ = ask(server, "POST", path, body, {**headers, "api_access_token": desk.ada.token})
    assert (status, made["content"]) == (200, [FRAME])

    body = "&".join(f"{name}={value}" for name, value in fields).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "api_access_token": desk.ada.token}
    assert ask(server, "POST", path, body, headers)[1]["content"] == [FRAME]


def test_what_is_removed_answers_with_nothing(server: Server, desk: Desk) -> None:
    headers = {"api_access_token": desk.ada.token, "Content-Type": "application/json"}
    apps = f"/api/v1/accounts/{desk.account_id}/dashboard_apps"
    made = ask(server, "POST", apps, json.dumps({"title": "CRM", "content": [FRAME]}).encode(), headers)[1]

    status, content, _ = ask(server, "DELETE", f"{apps}/{made['id']}", headers=headers)

    assert (status, content) == (204, b"")
    assert ask(server, "DELETE", f"{apps}/{made['id']}", headers=headers)[0] == 404


def test_a_delete_may_carry_a_body(server: Server, desk: Desk) -> None:
    headers = {"api_access_token": desk.ada.token, "Content-Type": "application/json"}
    members = f"/api/v1/accounts/{desk.account_id}/inbox_members"
    sent = json.dumps({"inbox_id": desk.inbox_id, "user_ids": [desk.bo.id]}).encode()

    assert ask(server, "DELETE", members, sent, headers)[:2] == (200, b"")

    assert ask(server, "GET", f"{members}/{desk.inbox_id}", headers=headers)[1] == {"payload": []}


def test_a_message_comes_by_multipart(server: Server, desk: Desk) -> None:
    client = server.api(desk.bo.token)
    account = f"/api/v1/accounts/{desk.account_id}"
    contact = client.post(f"{account}/contacts", {"name": "Zoe", "inbox_id": desk.inbox_id}).body
    source_id = contact["contact_inboxes"][0]["source_id"]
    conversation = client.post(f"{account}/conversations", {"source_id": source_id}).body
    path = f"{account}/conversations/{conversation['id']}/messages"
    token = {"Api-Access-Token": desk.bo.token}

    body, headers = multipart(
        ("content", "Grüße"),
        ("message_type", "incoming"),
        ("private", "false"),
        ("content_attributes", '{"a": 1}'),
    )
    status, message, _ = ask(server, "POST", path, body, {**headers, **token})
    assert (status, message["content"], message["message_type"]) == (200, "Grüße", 0)
    assert (message["private"], message["content_attributes"]) == (False, {"a": 1})

    part = 'Content-Disposition: form-data; name="attachments[]"; filename="a.png"'
    file = f"--{BOUNDARY}\r\n{part}\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode()
    status, answer, _ = ask(server, "POST", path, file, {**headers, **token})
    assert status == 200
    assert (answer["attachments"][0]["file_type"], answer["attachments"][0]["file_size"]) == ("file", 1)
    status, content, _ = ask(server, "GET", urlsplit(answer["attachments"][0]["data_url"]).path)
    assert (status, content) == (200, b"x")
