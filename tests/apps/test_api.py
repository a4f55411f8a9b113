"""Dashboard apps over the API: upstream's paths and codes, the guide's seven keys."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from dashboard.apps.models.apps import DashboardApp
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.factories import make_app as make_dashboard_app
from tests.support.queries import counted

Client = Any
FRAME = {"type": "frame", "url": "https://crm.example/"}


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/dashboard_apps"


@pytest.fixture
def ada(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.ada)


@pytest.fixture
def bo(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.bo)


def only_app() -> DashboardApp:
    db.session.expire_all()
    return db.session.query(DashboardApp).one()


@pytest.mark.parametrize("wrap", [lambda sent: sent, lambda sent: {"dashboard_app": sent}])
@pytest.mark.database
def test_an_app_is_added(ada: Client, bo: Client, path: str, cast: Cast, wrap: Callable[[Any], Any]) -> None:
    made = ada.post(path, wrap({"title": "CRM", "content": [FRAME], "format": "ndoto", "user_id": 5}))

    app = only_app()
    assert made == {
        "id": app.id,
        "title": "CRM",
        "content": [FRAME],
        "user_id": cast.ada.id,
        "account_id": cast.acme.id,
        "created_at": clock.iso(app.created_at),
        "updated_at": clock.iso(app.updated_at),
    }
    assert made["created_at"].endswith("Z")
    assert (app.format, app.placement, app.reloads) == ("chatwoot", "side", False)
    assert bo.get(path) == [made]
    assert bo.get(f"{path}/{app.id}") == made


def test_apps_are_listed_in_the_order_in_which_they_were_added(bo: Client, path: str, cast: Cast) -> None:
    for title in ("Zebra", "Ape", "Mouse"):
        make_dashboard_app(cast.acme, title=title)
    make_dashboard_app(cast.other, title="Elsewhere")

    assert [app["title"] for app in bo.get(path)] == ["Zebra", "Ape", "Mouse"]


def test_the_list_is_two_queries_however_long(bo: Client, path: str, cast: Cast) -> None:
    for _ in range(8):
        make_dashboard_app(cast.acme)

    with counted() as queries:
        bo.get(path)

    assert queries.number == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example/x?account_id={{account_id}}&u={{user_id}}#{{contact.id}}",
        "https://crm.example/{{conversation.id}}/",
        "http://localhost:3000/",
        "http://10.0.0.7/",
    ],
)
def test_an_address_is_kept_as_it_is(ada: Client, path: str, url: str) -> None:
    assert ada.post(path, {"title": "CRM", "content": [{"url": url, "type": "frame"}]})["content"] == [
        {"url": url, "type": "frame"}
    ]


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (None, "/content"),
        ([], "/content"),
        ({}, "/content"),
        ("https://crm.example/", "/content"),
        (["https://crm.example/"], "/content"),
        ([{"type": "frame"}], "/content/0"),
        ([{"url": "https://crm.example/"}], "/content/0"),
        ([{**FRAME, "type": "page"}], "/content/0/type"),
        ([FRAME, {**FRAME, "url": "ftp://crm.example/"}], "/content/1/url"),
        ([{**FRAME, "url": "javascript:alert(1)"}], "/content/0/url"),
        ([{**FRAME, "url": "https://a;sandbox/"}], "/content/0/url"),
        ([{**FRAME, "url": "https://user:secret@crm.example/"}], "/content/0/url"),
        ([{**FRAME, "url": None}], "/content/0/url"),
        ([{**FRAME, "url": 5}], "/content/0/url"),
        ([FRAME] * 21, "/content"),
    ],
)
def test_content_that_is_none_is_refused_in_upstreams_words(
    ada: Client, path: str, content: Any, pointer: str
) -> None:
    answer = ada.post(path, {"title": "CRM", "content": content}, expect=422)

    assert (answer["message"], answer["attributes"]) == ("Content : Invalid data", ["content"])
    assert answer["errors"][0]["pointer"] == pointer
    assert answer["errors"][0]["message"] not in {"", "Invalid data"}


@pytest.mark.parametrize(
    ("title", "message"),
    [
        (None, "Title can't be blank"),
        ("", "Title can't be blank"),
        ("x" * 256, "Title is too long (maximum is 255 characters)"),
    ],
)
def test_a_title_that_is_none_is_refused(ada: Client, path: str, title: Any, message: str) -> None:
    answer = ada.post(path, {"title": title, "content": [FRAME]}, expect=422)

    assert (answer["message"], answer["attributes"]) == (message, ["title"])
    assert answer["errors"] == [{"pointer": "/title", "message": message.removeprefix("Title ")}]


@pytest.mark.parametrize("body", [None, {}, {"dashboard_app": {}}, {"dashboard_app": "x"}])
def test_a_body_without_an_app_is_told_so(ada: Client, path: str, body: Any) -> None:
    assert ada.post(path, body, expect=422) == {
        "error": "param is missing or the value is empty: dashboard_app"
    }


def test_what_is_not_sent_stays(ada: Client, path: str, cast: Cast) -> None:
    app = make_dashboard_app(
        cast.acme, user_id=cast.bo.id, title="Old", format="ndoto", placement="both", reloads=True
    )
    where = f"{path}/{app.id}"

    assert ada.patch(where, {"title": "New"})["content"] == app.content
    assert ada.put(where, {"dashboard_app": {"content": [FRAME]}})["title"] == "New"
    assert ada.patch(where, {"title": "New", "content": None})["content"] == [FRAME]
    assert ada.patch(where, {"content": []}, expect=422)["message"] == "Content : Invalid data"
    changed = only_app()
    assert (changed.format, changed.placement, changed.reloads) == ("ndoto", "both", True)
    assert changed.user_id == cast.bo.id


def test_an_app_outlives_who_added_it(ada: Client, path: str, cast: Cast) -> None:
    app = make_dashboard_app(cast.acme, user_id=None)

    assert ada.patch(f"{path}/{app.id}", {"title": "Orphan"})["user_id"] is None


def test_a_removed_app_is_gone(ada: Client, path: str, cast: Cast) -> None:
    where = f"{path}/{make_dashboard_app(cast.acme).id}"

    answer = ada.client.delete(where, headers=ada.headers)

    assert (answer.status_code, answer.data) == (204, b"")
    ada.get(where, expect=404)
    ada.delete(where, expect=404)


def test_another_accounts_app_is_not_found(ada: Client, path: str, cast: Cast) -> None:
    where = f"{path}/{make_dashboard_app(cast.other).id}"

    assert ada.get(where, expect=404) == {"error": "Resource could not be found"}
    ada.patch(where, {"title": "Mine"}, expect=404)
    ada.delete(where, expect=404)


def test_agents_change_nothing_and_learn_nothing(bo: Client, path: str, cast: Cast) -> None:
    refused = {"error": "You are not authorized to do this action"}

    for app_id in (make_dashboard_app(cast.acme).id, make_dashboard_app(cast.other).id, 987_654):
        assert bo.patch(f"{path}/{app_id}", {"title": "Mine"}, expect=401) == refused
        assert bo.delete(f"{path}/{app_id}", expect=401) == refused
    assert bo.post(path, {"title": "CRM", "content": [FRAME]}, expect=401) == refused


def test_the_fifty_first_app_is_refused(ada: Client, path: str, cast: Cast) -> None:
    for _ in range(50):
        make_dashboard_app(cast.acme)

    answer = ada.post(path, {"title": "One more", "content": [FRAME]}, expect=422)

    assert "at most 50 apps" in answer["message"]


def test_plain_http_is_refused_where_the_desk_says_so(make_app: Callable[..., Flask]) -> None:
    app = make_app(REQUIRE_HTTPS_APPS="1")
    with app.app_context():
        cast = make_cast()
        ada, path = ApiClient(app, cast.ada), f"/api/v1/accounts/{cast.acme.id}/dashboard_apps"
        sent = {"title": "CRM", "content": [{"type": "frame", "url": "http://crm.example/"}]}

        assert ada.post(path, sent, expect=422)["message"] == "Content : Invalid data"
        ada.post(path, {"title": "CRM", "content": [FRAME]})


def test_the_desks_own_address_is_refused(ada: Client, path: str) -> None:
    mirror = {"title": "Mirror", "content": [FRAME, {"type": "frame", "url": "http://localhost/x"}]}

    answer = ada.post(path, mirror, expect=422)

    assert answer["message"] == "Content : Invalid data"
    (error,) = answer["errors"]
    assert error["pointer"] == "/content/1/url"
    assert "address of the desk itself" in error["message"]


def test_a_form_of_rails_is_understood(ada: Client, path: str) -> None:
    form = [
        ("dashboard_app[title]", "CRM"),
        ("dashboard_app[content][][type]", "frame"),
        ("dashboard_app[content][][url]", "https://a.example/"),
        ("dashboard_app[content][][type]", "frame"),
        ("dashboard_app[content][][url]", "https://b.example/"),
    ]
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        made = ada.client.post(path, data=MultiDict(form), content_type=kind, headers=ada.headers)
        assert made.status_code == 200, made.text
        assert [frame["url"] for frame in made.json["content"]] == [
            "https://a.example/",
            "https://b.example/",
        ]
    flat = ada.client.post(path, data={"title": "CRM"}, headers=ada.headers)
    assert flat.json == {"error": "param is missing or the value is empty: dashboard_app"}
