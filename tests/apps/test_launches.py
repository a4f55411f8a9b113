"""Opening an app that wants to know from whom: who gets a token, for which address, what the page may do."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.queries import member_of
from dashboard.apps.models.apps import LIVE
from dashboard.apps.models.apps import PAUSED
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.events import AppEvent
from dashboard.apps.operations.tokens import url_hash
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_conversation
from tests.support.page import Page
from tests.support.tokens import read

URL = "https://orders.example.com/panel?v=2"
SETTINGS = "/accounts/{account}/settings/integrations/dashboard-apps"


@pytest.fixture
def orders(cast: Cast) -> DashboardApp:
    return make_app(
        cast.acme, urls=(URL, "http://127.0.0.1:9/{{conversation.id}}"), launch="post", placement="both"
    )


def open_app(page: Page, app: DashboardApp, *, expect: int = 200, **fields: Any) -> Any:
    page.post(f"/accounts/{app.account_id}/apps/{app.id}/launch", fields, expect=expect)
    assert page.response is not None
    return page.response.get_json(silent=True)


def test_an_agents_page_gets_a_token_for_the_frame_that_it_opens(
    page: Page, cast: Cast, orders: DashboardApp
) -> None:
    maria = make_conversation(cast.inbox)
    page.sign_in(cast.bo)

    aim = open_app(page, orders, frame=0, conversation=maria.display_id, place="tab")

    claims = read(aim["token"]).claims
    assert aim["url"] == URL
    assert (claims["azp"], claims["uh"]) == ("https://orders.example.com", url_hash(URL))
    assert (claims["sub"], claims["plc"]) == (f"agent:{cast.bo.id}", "tab")
    assert claims["conv"]["id"] == maria.display_id
    other = open_app(page, orders, frame=1, place="nowhere", conversation=maria.display_id)
    assert other["url"] == f"http://127.0.0.1:9/{maria.display_id}"
    assert read(other["token"]).claims["azp"] == "http://127.0.0.1:9"
    assert read(other["token"]).claims["plc"] == "side"


def test_who_opened_what_is_in_the_log(page: Page, cast: Cast, orders: DashboardApp) -> None:
    maria = make_conversation(cast.inbox)
    page.sign_in(cast.bo)

    open_app(page, orders, frame=1, conversation=maria.display_id)
    open_app(page, orders, expect=404, frame=9)

    (entry,) = db.session.scalars(select(AppEvent))
    assert (entry.app_id, entry.kind, entry.user_id) == (orders.id, "launched", cast.bo.id)
    assert (entry.conversation, entry.detail) == (maria.display_id, {"origin": "http://127.0.0.1:9"})


def test_an_app_that_takes_no_form_gets_it_in_the_address(
    page: Page, cast: Cast, orders: DashboardApp
) -> None:
    orders.launch = "query"
    page.sign_in(cast.bo)

    aim = open_app(page, orders)

    assert aim["token"] is None
    token = aim["url"].removeprefix(f"{URL}&desk_token=")
    assert read(token).claims["uh"] == url_hash(aim["url"]) == url_hash(URL)


def test_only_those_who_see_the_app_and_the_conversation(
    page: Page, cast: Cast, orders: DashboardApp
) -> None:
    maria = make_conversation(cast.inbox)
    open_app(page, orders, expect=302)
    page.sign_in(cast.eve)
    open_app(page, orders, expect=404)
    page.sign_in(cast.cy)
    open_app(page, orders, expect=403, conversation=maria.display_id)
    page.sign_in(cast.bo)
    open_app(page, orders, expect=404, conversation=987_654)
    open_app(page, orders, expect=404, frame=2)
    open_app(page, orders, expect=404, frame=-1)
    open_app(page, make_app(cast.other, launch="post"), expect=404)
    open_app(page, make_app(cast.acme, urls=(URL,)), expect=404)


def test_nobody_is_made_to_ask_by_another_site(
    app: Flask, page: Page, cast: Cast, orders: DashboardApp
) -> None:
    page.sign_in(cast.bo)

    answer = page.client.post(f"/accounts/{cast.acme.id}/apps/{orders.id}/launch", data={"frame": "0"})

    assert answer.status_code == 400


def test_an_app_that_is_open_gets_a_context_token_for_as_long_as_it_may(
    page: Page, cast: Cast, orders: DashboardApp
) -> None:
    maria = make_conversation(cast.inbox)
    orders.actions = ["token.get"]
    page.sign_in(cast.bo)
    path = f"/accounts/{cast.acme.id}/apps/{orders.id}/calls"

    def ask(*, expect: int = 200) -> Any:
        sent = {"method": "token.get", "conversation": maria.display_id, "session": "frame-1"}
        headers = {"X-CSRFToken": page.csrf_token()}
        answer = page.client.post(path, json=sent, headers=headers)
        assert answer.status_code == expect
        return answer.get_json()

    told = ask()["result"]
    claims = read(told["token"]).claims
    assert claims["exp"] == told["expires_at"]
    assert (claims["sub"], claims["sid"].split(".")[0]) == (f"agent:{cast.bo.id}", "frame-1")
    assert claims["conv"]["id"] == maria.display_id
    answer = page.client.post("/api/apps/introspect", json={"token": told["token"]})
    assert answer.get_json()["active"] is True

    orders.visibility = {"roles": ["administrator"]}
    assert ask(expect=404)["error"]["code"] == "denied_user"
    member_of(cast.acme.id, cast.bo.id).role = "administrator"
    assert ask()["ok"] is True
    orders.state = PAUSED
    assert ask(expect=404)["error"]["code"] == "denied_user"
    orders.state = LIVE
    orders.actions = []
    assert ask()["error"]["code"] == "denied_scope"
    page.sign_out()
    assert ask(expect=401)["error"]["code"] == "denied_user"


def test_the_page_may_send_forms_to_the_apps_that_take_one_and_to_no_other(
    page: Page, cast: Cast, orders: DashboardApp
) -> None:
    make_app(cast.acme, urls=("https://query.example.com/",), launch="query")
    make_app(cast.acme, urls=("https://plain.example.com/",))
    page.sign_in(cast.bo)

    html = page.get(f"/accounts/{cast.acme.id}/conversations")

    assert page.response is not None
    policy = page.response.headers["Content-Security-Policy"]
    assert re.search(r"form-action ([^;]*);", policy)[1] == (  # type: ignore[index]
        "'self' http://127.0.0.1:9 https://orders.example.com"
    )
    block = html.find(id="apps").get_text()  # type: ignore[union-attr]
    assert block.count("launch_url") == 2


def test_a_page_without_such_apps_sends_forms_to_the_desk_alone(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)
    app = make_app(cast.acme, urls=(URL,))

    page.get(f"{SETTINGS.format(account=cast.acme.id)}/{app.id}")

    assert page.response is not None
    assert "form-action 'self';" in page.response.headers["Content-Security-Policy"]


def test_an_administrator_chooses_and_sees_what_the_app_is_called(page: Page, cast: Cast) -> None:
    orders = make_app(cast.acme, urls=(URL,), launch="post")
    page.sign_in(cast.ada)
    path = f"{SETTINGS.format(account=cast.acme.id)}/{orders.id}/edit"

    html = page.get(path)
    assert html.find(id="client-id")["value"] == orders.client_id  # type: ignore[index]
    page.submit("#app-form form", {"launch": "query"})

    db.session.refresh(orders)
    assert orders.launch == "query"
    page.get(path)
    page.submit("#app-form form", {"launch": "pigeon"}, expect=422)
    assert "Choose one of the list" in page.html.get_text()


def test_every_app_is_called_something_else(cast: Cast) -> None:
    names = {make_app(cast.acme).client_id for _ in range(20)}

    assert len(names) == 20
    assert {len(name) for name in names} == {24}
