"""One's own profile: what one says about oneself, the password, the key to the API."""

from datetime import timedelta

import pytest

from dashboard.accounts.operations.sessions import start_session
from dashboard.accounts.queries import caller_of_session
from dashboard.extensions import db
from dashboard.lib import clock
from tests.support.cast import Cast
from tests.support.factories import PASSWORD
from tests.support.page import Page

DETAILS = "form[action='/profile']"
SECRETS = "form[action='/profile/password']"


@pytest.fixture(autouse=True)
def bo_is_here(page: Page, cast: Cast) -> None:
    page.sign_in(cast.bo)
    page.get("/profile")


def test_the_profile_is_saved(page: Page, cast: Cast) -> None:
    page.submit(
        DETAILS,
        {
            "name": "Bo Better",
            "email": "BO@better.example",
            "locale": "en_GB",
            "time_zone": "Asia/Tokyo",
            "theme": "dark",
        },
    )

    db.session.refresh(cast.bo)
    bo = cast.bo
    assert (bo.name, bo.email) == ("Bo Better", "bo@better.example")
    assert (bo.locale, bo.time_zone, bo.theme) == ("en_GB", "Asia/Tokyo", "dark")
    html = page.follow()
    assert html.find("html")["data-theme"] == "dark"
    assert html.find("html")["lang"] == "en-GB"
    assert "Your profile is saved." in html.select_one("#toasts").get_text()


def test_the_language_may_be_left_to_the_browser(page: Page, cast: Cast) -> None:
    page.submit(DETAILS, {"locale": "en_AU"})
    page.get("/profile")

    page.submit(DETAILS, {"locale": ""})

    db.session.refresh(cast.bo)
    assert cast.bo.locale is None
    assert page.get("/profile", headers={"Accept-Language": "en-ZA"}).find("html")["lang"] == "en-ZA"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 256),
        ("email", "nobody"),
        ("email", "TAKEN"),
        ("locale", "tlh"),
        ("time_zone", "Moon/Crater"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(page: Page, cast: Cast, field: str, value: str) -> None:
    page.submit(DETAILS, {field: cast.cy.email if value == "TAKEN" else value}, expect=422)

    assert page.html.select_one(f"#{field}-error") is not None
    db.session.refresh(cast.bo)
    assert cast.bo.name == "Bo Agent"


def test_a_new_password_asks_for_the_current_one(page: Page, cast: Cast) -> None:
    page.submit(SECRETS, {"current_password": "wrong", "password": "a new password"}, expect=422)
    assert "not your current password" in page.html.select_one("#current_password-error").get_text()

    page.submit(SECRETS, {"current_password": PASSWORD, "password": "short"}, expect=422)
    assert "at least 8" in page.html.select_one("#new-password-error").get_text()
    assert PASSWORD not in page.response.text


def test_a_new_password_keeps_this_browser_and_no_other(page: Page, cast: Cast) -> None:
    there = start_session(cast.bo)

    page.submit(SECRETS, {"current_password": PASSWORD, "password": "a new password"})

    page.follow()
    assert caller_of_session(there, None) is None


def test_the_token_is_shown_on_request_only(page: Page, cast: Cast) -> None:
    token = cast.token(cast.bo)
    assert token not in page.response.text

    html = page.get("/profile/access-token")
    assert html.select_one("#token")["value"] == token
    assert page.response.headers["Cache-Control"] == "no-store"
    part = page.get("/profile/access-token", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.find("html") is None
    assert part.select_one("#token")["value"] == token


def test_the_token_can_be_replaced(page: Page, cast: Cast) -> None:
    old = cast.token(cast.bo)

    page.submit("#access-token", expect=200)

    db.session.expire_all()
    assert cast.token(cast.bo) != old
    assert page.html.select_one("#token")["value"] == cast.token(cast.bo)


def test_the_theme_changes_from_any_page(page: Page, cast: Cast) -> None:
    page.post("/theme", {"theme": "light"}, headers={"Referer": "http://localhost/profile?x=1"})
    assert page.response.headers["Location"] == "/profile?x=1"
    page.post("/theme", {"theme": "plaid"}, headers={"Referer": "https://evil.example/"})
    assert page.response.headers["Location"] == "/"

    db.session.refresh(cast.bo)
    assert cast.bo.theme == "light"


def test_availability_changes_from_any_page(page: Page, cast: Cast) -> None:
    path = f"/accounts/{cast.acme.id}/availability"
    page.post(path, {"availability": "busy"}, headers={"Referer": "http://localhost/profile"})
    assert page.response.headers["Location"] == "/profile"
    page.post(path, {"availability": "asleep"}, headers={"HX-Request": "true"}, expect=204)
    page.post(f"/accounts/{cast.other.id}/availability", {"availability": "offline"}, expect=404)

    page.get("/profile")
    assert page.html.select_one("[name=availability][aria-pressed=true]")["value"] == "busy"


@pytest.mark.parametrize("path", ["/profile", "/profile/access-token"])
def test_nobody_has_no_profile(page: Page, path: str) -> None:
    page.sign_out()

    page.get(path, expect=302)
    assert page.response.headers["Location"] == f"/login?next={path}"


def test_a_token_cannot_be_had_with_an_ended_session(page: Page) -> None:
    clock.shift(timedelta(days=15))

    page.get("/profile/access-token", expect=302)
    page.post("/profile/access-token", expect=302)
