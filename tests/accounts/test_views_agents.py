"""Settings → Agents, and what cannot be done there."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from dashboard.accounts.models import User
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.operations.joining import make_join_link
from dashboard.accounts.queries import member_of
from dashboard.accounts.queries import members_of
from dashboard.accounts.queries import user_by_email
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.factories import PASSWORD
from tests.support.factories import make_account
from tests.support.factories import make_membership
from tests.support.factories import make_user
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted

AGENTS = "/accounts/{account}/settings/agents"
DOORS = [
    ("GET", "/accounts/{account}/settings"),
    ("GET", AGENTS),
    ("GET", f"{AGENTS}/new"),
    ("POST", f"{AGENTS}/new"),
    ("GET", f"{AGENTS}/{{bo}}"),
    ("POST", f"{AGENTS}/{{bo}}"),
    ("POST", f"{AGENTS}/{{bo}}/password-link"),
    ("GET", f"{AGENTS}/{{bo}}/removal"),
    ("POST", f"{AGENTS}/{{bo}}/removal"),
]
FORM = "main form.panel"


@pytest.fixture
def agents_path(page: Page, cast: Cast) -> str:
    page.sign_in(cast.ada)
    return AGENTS.format(account=cast.acme.id)


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_every_door_asks_who_is_there(page: Page, cast: Cast, method: str, path: str) -> None:
    ask_the_ladder(page, cast, method, path)


def test_the_settings_begin_with_the_agents(page: Page, cast: Cast, agents_path: str) -> None:
    page.get(agents_path.removesuffix("/agents"), expect=302)

    assert page.response.headers["Location"] == agents_path


def test_people_of_other_accounts_do_not_exist(page: Page, cast: Cast, agents_path: str) -> None:
    page.get(f"{agents_path}/{cast.eve.id}", expect=404)
    page.get(f"{agents_path}/{cast.eve.id}/removal", expect=404)
    page.post(f"{agents_path}/{cast.eve.id}/removal", expect=404)
    page.post(f"{agents_path}/{cast.eve.id}/password-link", expect=404)


def test_the_list_says_role_availability_and_status(page: Page, cast: Cast, agents_path: str) -> None:
    pending = add_agent(cast.acme, name="Dee", email="dee@example.com", availability="busy", actor=cast.ada)

    html = page.get(agents_path)

    assert _row(html, cast.ada) == "AA Ada Admin you " + cast.ada.email + " Administrator Online Verified"
    assert _row(html, pending.user) == "D Dee dee@example.com Agent Busy Invitation pending"
    assert "4 agents" in html.get_text()


def test_adding_somebody_shows_the_link_to_hand_over_once(page: Page, cast: Cast, agents_path: str) -> None:
    page.get(f"{agents_path}/new")

    page.submit(FORM, {"name": "Dee", "email": "dee@example.com", "role": "agent"}, expect=200)

    link = str(page.html.select_one("#link")["value"])
    assert re.fullmatch(r"http://localhost/set-password/\w{32}", link)
    assert page.response.headers["Cache-Control"] == "no-store"
    dee = user_by_email("dee@example.com")
    assert link.rsplit("/", 1)[1] not in page.get(f"{agents_path}/{dee.id}").decode()
    page.sign_out()
    page.get(link.removeprefix("http://localhost"))
    page.submit("main form", {"password": "a new password"})
    assert page.get("/profile").select_one("#email")["value"] == "dee@example.com"


def test_a_link_is_made_from_the_public_address(make_app: Callable[..., Flask]) -> None:
    app = make_app(PUBLIC_URL="http://desk.example")
    with app.app_context():
        cast, page = make_cast(), Page(app)
        page.sign_in(cast.ada)

        page.post(AGENTS.format(account=cast.acme.id) + f"/{cast.bo.id}/password-link", expect=200)

    assert str(page.html.select_one("#link")["value"]).startswith("http://desk.example/set-password/")


def test_who_has_a_password_needs_no_link(page: Page, cast: Cast, agents_path: str) -> None:
    second = make_account("Second")
    make_membership(second, cast.ada, role="administrator")
    dee = make_user(second, name="Dee")
    page.get(f"{agents_path}/new")

    page.submit(FORM, {"name": "x", "email": dee.email, "role": "administrator"})

    assert "Dee is added" in page.follow().select_one("#toasts").get_text()
    assert member_of(cast.acme.id, dee.id).role == "administrator"


def test_somebody_of_another_account_joins_with_a_link(page: Page, cast: Cast, agents_path: str) -> None:
    page.get(f"{agents_path}/new")
    page.submit(FORM, {"name": "x", "email": cast.eve.email, "role": "agent"}, expect=200)
    lost = str(page.html.select_one("#link")["value"]).removeprefix("http://localhost")
    assert "Invitation pending" in _row(page.get(agents_path), cast.eve)
    page.get(f"{agents_path}/{cast.eve.id}")
    page.submit("main form.panel-row", expect=200)
    link = str(page.html.select_one("#link")["value"]).removeprefix("http://localhost")
    page.sign_in(cast.bo)
    page.get(link, expect=403)
    page.post(link, expect=403)

    page.sign_in(cast.eve)
    page.get(f"/accounts/{cast.acme.id}/conversations", expect=404)
    page.get(lost, expect=404)
    assert page.get(link).select_one("h1").get_text() == "Join Acme"
    page.submit("main form")

    assert "You are in Acme now." in page.follow().select_one("#toasts").get_text()
    page.get(link, expect=404)


def test_whoever_has_a_link_to_join_signs_in_first(page: Page, cast: Cast) -> None:
    token = make_join_link(add_agent(cast.acme, name="", email=cast.eve.email, actor=cast.ada))

    page.get(f"/join/{token}", expect=302)
    page.follow()
    page.submit("main form", {"email": cast.eve.email, "password": PASSWORD})

    assert page.follow().select_one("h1").get_text() == "Join Acme"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": ""}, "name", "Fill this in."),
        ({"email": ""}, "email", "Fill this in."),
        ({"email": "nobody"}, "email", "Is invalid"),
        ({"email": "BO"}, "email", "in the account already"),
        ({"role": "king"}, "role", "Choose one of the list."),
        ({"name": "x" * 256}, "name", "too long"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(
    page: Page, cast: Cast, agents_path: str, fields: dict[str, str], field: str, sentence: str
) -> None:
    typed = {"name": "Dee", "email": "dee@example.com", "role": "agent", **fields}
    typed["email"] = cast.bo.email if typed["email"] == "BO" else typed["email"]
    page.get(f"{agents_path}/new")

    page.submit(FORM, typed, expect=422)

    assert sentence in page.html.select_one(f"[id^={field}-error]").get_text()
    assert len(members_of(cast.acme.id)) == 3


def test_changing_somebody(page: Page, cast: Cast, agents_path: str) -> None:
    page.get(f"{agents_path}/{cast.bo.id}")

    page.submit(FORM, {"name": "Bo Boss", "role": "administrator", "availability": "busy"})

    db.session.expire_all()
    bo = member_of(cast.acme.id, cast.bo.id)
    assert (bo.user.name, bo.role, bo.availability) == ("Bo Boss", "administrator", "busy")
    assert "Bo Boss is saved." in page.follow().select_one("#toasts").get_text()


def test_the_last_administrator_cannot_be_demoted_and_the_form_says_why(
    page: Page, cast: Cast, agents_path: str
) -> None:
    page.get(f"{agents_path}/{cast.ada.id}")

    page.submit(FORM, {"role": "agent", "name": "Ada Changed"}, expect=422)

    assert "last administrator" in page.html.select_one("#role-error").get_text()
    assert page.html.select_one("#name")["value"] == "Ada Changed"
    db.session.expire_all()
    assert (cast.ada.name, member_of(cast.acme.id, cast.ada.id).role) == ("Ada Admin", "administrator")


def test_removing_asks_by_name_first(page: Page, cast: Cast, agents_path: str) -> None:
    html = page.get(f"{agents_path}/{cast.bo.id}/removal")
    assert html.select_one("h1").get_text() == "Remove Bo Agent?"
    page.submit("form.confirm", {"name": "Bo"}, expect=422)
    assert "not the name of this agent" in page.html.select_one("#confirm-error").get_text()
    assert len(members_of(cast.acme.id)) == 3

    page.submit("form.confirm", {"name": " Bo  Agent "})

    assert "Bo Agent is no longer in this account." in page.follow().select_one("#toasts").get_text()
    assert {member.user_id for member in members_of(cast.acme.id)} == {cast.ada.id, cast.cy.id}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_removes_themselves_and_the_page_says_why(
    page: Page, cast: Cast, agents_path: str, method: str
) -> None:
    path = f"{agents_path}/{cast.ada.id}/removal"

    html = page.get(path) if method == "GET" else page.post(path, expect=422)

    assert html.select_one("h1").get_text() == "Ada Admin cannot be removed"
    assert "You cannot remove yourself" in html.get_text()
    assert html.select_one("form.confirm") is None
    assert member_of(cast.acme.id, cast.ada.id)


def test_a_new_link_for_somebody_who_forgot(page: Page, cast: Cast, agents_path: str) -> None:
    page.get(f"{agents_path}/{cast.bo.id}")

    page.submit("form[action$='/password-link']", expect=200)

    link = str(page.html.select_one("#link")["value"])
    page.sign_out()
    assert cast.bo.email in page.get(link.removeprefix("http://localhost")).get_text()


def test_no_link_opens_another_account(page: Page, cast: Cast, agents_path: str) -> None:
    make_membership(cast.acme, cast.eve)
    page.get(f"{agents_path}/{cast.eve.id}")

    page.submit("form[action$='/password-link']", expect=422)

    assert "another account" in page.html.select_one("[role=alert]").get_text()


def test_a_name_is_only_text(page: Page, cast: Cast, agents_path: str) -> None:
    evil = make_user(cast.acme, name="<img src=x> & Söhne", email="evil@example.com")

    for path in ("", f"/{evil.id}", f"/{evil.id}/removal"):
        html = page.get(agents_path + path)
        assert html.find("img") is None
        assert "<img src=x> & Söhne" in html.get_text()


def test_the_list_asks_the_database_no_more_for_more_people(page: Page, cast: Cast, agents_path: str) -> None:
    page.get(agents_path)
    with counted() as few:
        page.get(agents_path)
    for number in range(5):
        make_user(cast.acme, name=f"Agent {number}")

    page.get(agents_path)
    with counted() as many:
        page.get(agents_path)

    assert many.number == few.number


def _row(html: object, user: User) -> str:
    row = html.select_one(f"#agent-{user.id}")  # type: ignore[attr-defined]
    for actions in row.select(".row-actions"):
        actions.decompose()
    return " ".join(row.get_text(" ").split())
