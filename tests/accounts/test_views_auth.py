"""Coming in: set-up, sign-in, sign-out, links; and what attackers try there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from dashboard.accounts.models import Account
from dashboard.accounts.models import UserSession
from dashboard.accounts.operations.agents import remove_agent
from dashboard.accounts.operations.passwords import make_password_link
from dashboard.accounts.queries import member_of
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.factories import PASSWORD
from tests.support.factories import make_account
from tests.support.factories import make_membership
from tests.support.factories import make_user
from tests.support.page import Page

FIRST = {"account": "Acme", "name": "Ada", "email": "ada@example.com", "password": PASSWORD}
ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "///evil.example",
    " //evil.example",
    "@evil.example",
    "/a\\..\\\\evil.example",
]


def sign_in(page: Page, email: str, password: str = PASSWORD, *, expect: int = 303, **fields: str) -> None:
    page.get("/login")
    page.submit("main form", {"email": email, "password": password, **fields}, expect=expect)


def where(page: Page) -> str:
    assert page.response is not None
    return page.response.headers["Location"]


# set-up


def test_an_empty_desk_leads_to_its_set_up(page: Page) -> None:
    page.get("/", expect=302)
    assert where(page) == "/login"
    page.get("/login", expect=302)
    assert where(page) == "/setup"


def test_setting_up_signs_in_and_can_never_be_reached_again(page: Page) -> None:
    page.get("/setup")
    page.submit("main form", {**FIRST, "time_zone": "Europe/Berlin", "sample": []})

    assert page.get("/profile").select_one("select[name=time_zone] [selected]")["value"] == "Europe/Berlin"
    page.get("/setup", expect=302)
    page.sign_out()
    page.get("/setup", expect=302)
    page.post("/setup", {**FIRST, "email": "eve@example.com"}, expect=302)
    assert where(page) == "/login"
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("account", "", "Fill this in."),
        ("name", "", "Fill this in."),
        ("email", "nobody", "Is invalid"),
        ("password", "short", "at least 8 characters"),
    ],
)
def test_a_slip_in_the_set_up_is_said_beside_its_field(
    page: Page, field: str, value: str, sentence: str
) -> None:
    page.get("/setup")

    page.submit("main form", {**FIRST, field: value}, expect=422)

    assert sentence in page.html.select_one(f"#{field}-error").get_text()
    assert page.html.select_one("#account")["value"] == ("" if field == "account" else "Acme")
    assert PASSWORD not in page.response.text


@pytest.mark.parametrize("settings", [{"HOST": "0.0.0.0"}, {"PUBLIC_URL": "http://desk.example"}])
def test_where_others_can_reach_it_the_set_up_asks_for_the_code(
    make_app: Callable[..., Flask], settings: dict[str, str]
) -> None:
    app = make_app(**settings)
    code = app.config["DESK"].setup_code
    with app.app_context():
        page = Page(app)
        answers = {**FIRST, "sample": []}
        for wrong in ("", "AAAA-BBBB-CCCC", code[:-1]):
            page.get("/setup")
            page.submit("main form", {**answers, "code": wrong}, expect=422)
            assert "terminal" in page.html.select_one("#code-error").get_text()
        assert db.session.scalar(select(func.count()).select_from(Account)) == 0

        page.submit("main form", {**answers, "code": f" {code.lower().replace('-', ' ')}"})

        assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_at_this_machine_no_code_is_asked_for(page: Page) -> None:
    assert page.get("/setup").select_one("#code") is None


# signing in


def test_signing_in_leads_to_the_page_one_was_on_the_way_to(page: Page, cast: Cast) -> None:
    path = f"/accounts/{cast.acme.id}/settings/agents?x=1"
    page.get(path, expect=302)

    page.get(where(page))
    page.submit("main form", {"email": cast.ada.email, "password": PASSWORD})

    assert where(page) == path


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(page: Page, cast: Cast, target: str) -> None:
    page.get("/login", query_string={"next": target})
    page.submit("main form", {"email": cast.bo.email, "password": PASSWORD, "next": target})
    assert where(page) == "/"

    page.get("/login", query_string={"next": target}, expect=302)
    assert where(page) == "/"


def test_a_wrong_password_and_an_unknown_person_read_alike(page: Page, cast: Cast) -> None:
    sign_in(page, cast.bo.email, "wrong", expect=422)
    known = page.html.select_one("[role=alert]").get_text()
    assert page.html.select_one("#email")["value"] == cast.bo.email
    sign_in(page, "nobody@example.com", "wrong", expect=422)

    assert page.html.select_one("[role=alert]").get_text() == known
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0


def test_what_was_left_empty_is_said_beside_it(page: Page, cast: Cast) -> None:
    sign_in(page, "", "", expect=422)

    assert page.html.select_one("#email-error") is not None
    assert page.html.select_one("#password-error") is not None


def test_the_sixth_attempt_is_slowed_down(page: Page, cast: Cast) -> None:
    for _ in range(5):
        sign_in(page, cast.bo.email, "wrong", expect=422)

    sign_in(page, cast.bo.email, expect=429)

    assert "Wait five minutes" in page.html.select_one("[role=alert]").get_text()
    assert page.html.select_one("#email")["value"] == cast.bo.email
    clock.shift(timedelta(minutes=6))
    sign_in(page, cast.bo.email)


def test_a_session_from_before_is_not_kept(page: Page, cast: Cast) -> None:
    page.get("/login")
    with page.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]

    sign_in(page, cast.bo.email)

    with page.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_signing_in_as_somebody_else_ends_the_first_session(page: Page, cast: Cast) -> None:
    sign_in(page, cast.bo.email)
    token = make_password_link(cast.cy)

    page.get(f"/set-password/{token}")
    page.submit("main form", {"password": "a new password"})

    owners = db.session.scalars(select(UserSession.user_id)).all()
    assert list(owners) == [cast.cy.id]


@pytest.mark.parametrize(("remember", "is_kept"), [("y", True), ("", False)])
def test_remember_me_outlives_the_browser(page: Page, cast: Cast, remember: str, is_kept: bool) -> None:
    sign_in(page, cast.bo.email, remember=remember)

    cookie = next(
        line for line in page.response.headers.getlist("Set-Cookie") if line.startswith("deskframe=")
    )
    assert ("Expires=" in cookie) is is_kept
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_behind_https_cookies_are_secure(make_app: Callable[..., Flask]) -> None:
    app = make_app(PUBLIC_URL="https://desk.example")
    with app.app_context():
        cast, page = make_cast(), Page(app)
        html = page.get("/login", base_url="https://desk.example")
        token = html.select_one("[name=csrf_token]")["value"]

        answer = page.client.post(
            "/login",
            data={"email": cast.bo.email, "password": PASSWORD, "csrf_token": token},
            base_url="https://desk.example",
            headers={"Referer": "https://desk.example/login"},
        )

    assert answer.status_code == 303
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_the_first_sign_in_notes_the_browsers_time_zone_and_later_ones_keep_it(
    page: Page, cast: Cast
) -> None:
    sign_in(page, cast.bo.email, time_zone="Asia/Tokyo")
    sign_out(page)
    sign_in(page, cast.bo.email, time_zone="Europe/Paris")

    db.session.refresh(cast.bo)
    assert cast.bo.time_zone == "Asia/Tokyo"


def test_a_time_zone_that_is_none_keeps_nobody_out(page: Page, cast: Cast) -> None:
    sign_in(page, cast.bo.email, time_zone="Moon/Crater'--")

    db.session.refresh(cast.bo)
    assert cast.bo.time_zone is None


# sessions


def test_a_session_and_a_form_are_good_nine_hours_later(page: Page, cast: Cast) -> None:
    sign_in(page, cast.ada.email)
    path = f"/accounts/{cast.acme.id}/settings/agents/{cast.bo.id}"
    page.get(path)

    clock.shift(timedelta(hours=9))

    page.submit("main form.panel", {"name": "Bo Later", "role": "agent", "availability": "busy"})
    db.session.refresh(cast.bo)
    assert cast.bo.name == "Bo Later"


def test_fourteen_days_count_from_the_last_use(page: Page, cast: Cast) -> None:
    sign_in(page, cast.bo.email, remember="y")

    clock.shift(timedelta(days=10))
    page.get("/profile")
    clock.shift(timedelta(days=20))
    page.get("/profile")
    clock.shift(timedelta(days=35))

    page.get("/profile", expect=302)
    assert where(page) == "/login?next=/profile"


def test_a_cookie_stolen_before_the_sign_out_is_worth_nothing(page: Page, cast: Cast, app: Flask) -> None:
    sign_in(page, cast.bo.email)
    stolen = page.client.get_cookie("deskframe")
    assert stolen is not None
    sign_out(page)

    thief = Page(app)
    thief.client.set_cookie("deskframe", stolen.value)

    thief.get("/profile", expect=302)


def test_signing_out_forgets_the_drafts_once(page: Page, cast: Cast) -> None:
    sign_in(page, cast.bo.email)
    assert page.client.get("/logout").status_code == 405

    sign_out(page)

    assert page.follow().select_one("[data-module~=forget-drafts]") is not None
    assert page.get("/login").select_one("[data-module~=forget-drafts]") is None


def test_an_ended_session_keeps_the_drafts(page: Page, cast: Cast) -> None:
    sign_in(page, cast.bo.email)
    clock.shift(timedelta(days=15))
    page.get("/profile", expect=302)

    assert page.follow().select_one("[data-module~=forget-drafts]") is None


def test_with_an_ended_session_htmx_leads_the_whole_page_to_the_sign_in(page: Page, cast: Cast) -> None:
    path = f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{path}?q=x"}

    page.get(f"{path}?q=xy", headers=headers, expect=401)

    assert page.response.headers["HX-Redirect"] == f"/login?next={path}?q%3Dx"
    page.get(path, headers={**headers, "HX-Current-URL": "https://evil.example/"}, expect=401)
    assert page.response.headers["HX-Redirect"] == "/login?next=/"


@pytest.mark.parametrize("path", ["/login", "/setup", "/logout", "/theme", "/profile", "/profile/password"])
def test_a_form_that_is_not_ours_is_refused(page: Page, cast: Cast, path: str) -> None:
    page.sign_in(cast.bo)

    assert page.client.post(path, data={"theme": "dark"}).status_code == 400
    answer = page.client.post(path, data={"theme": "dark", "csrf_token": "forged"})
    assert answer.status_code == 400


# where one arrives


def test_home_is_the_account_that_this_browser_showed_last(page: Page, cast: Cast) -> None:
    second = make_account("Aardvark")
    make_membership(second, cast.ada)
    page.sign_in(cast.ada)

    page.get("/", expect=302)
    assert where(page) == f"/accounts/{second.id}/conversations"
    page.get(f"/accounts/{cast.acme.id}/settings/agents")
    page.get("/", expect=302)
    assert where(page) == f"/accounts/{cast.acme.id}/conversations"

    page.sign_in(cast.eve)
    page.get("/", expect=302)
    assert where(page) == f"/accounts/{cast.other.id}/conversations"


def test_who_is_in_no_account_is_told_so(page: Page, app: Flask) -> None:
    make_account("Acme")
    page.sign_in(make_user(None, name="Lone Wolf"))

    assert "You are in no account" in page.get("/").get_text()
    page.get("/profile")


def test_a_removed_agent_is_signed_out_at_once(page: Page, cast: Cast) -> None:
    sign_in(page, cast.bo.email)

    remove_agent(member_of(cast.acme.id, cast.bo.id), actor=cast.ada)

    page.get("/profile", expect=302)


# links that set a password


def test_a_link_sets_a_password_and_signs_in(page: Page, cast: Cast) -> None:
    token = make_password_link(cast.bo)
    html = page.get(f"/set-password/{token}")
    assert cast.bo.email in html.get_text()
    assert page.response.headers["Cache-Control"] == "no-store"

    page.submit("main form", {"password": "short"}, expect=422)
    page.submit("main form", {"password": "a new password", "time_zone": "Asia/Tokyo"})

    assert where(page) == "/"
    assert page.get("/profile").select_one("#email")["value"] == cast.bo.email
    assert "no longer works" in page.get(f"/set-password/{token}", expect=404).get_text()
    page.post(f"/set-password/{token}", {"password": "another password"}, expect=404)


@pytest.mark.parametrize("token", ["x", "0" * 32, "%00", "a" * 5000])
def test_a_link_that_nobody_made_does_not_work(page: Page, cast: Cast, token: str) -> None:
    page.get(f"/set-password/{token}", expect=404)


def sign_out(page: Page) -> None:
    page.get("/profile")
    page.submit("form[action='/logout']")
