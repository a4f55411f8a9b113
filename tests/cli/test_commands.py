"""`flask --app wsgi …`: accounts and people from the terminal, and one line where something is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.operations.authentication import authenticate
from dashboard.accounts.queries import caller_of_token
from dashboard.accounts.queries import member_of
from dashboard.accounts.queries import user_by_email
from dashboard.accounts.queries import user_of_password_link
from dashboard.apps.queries.apps import apps_of
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.databases import Databases

SETUP = ("setup", "--account", "Acme", "--name", "Ada", "--email", "Ada@Example.com")
PASSWORD = ("--password", "correct horse 42")


@pytest.fixture
def desk(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


def run(app: Flask, *arguments: str, input: str | None = None, expect: int = 0) -> Result:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=arguments, input=input)
    assert result.exit_code == expect, result.output
    if expect:
        assert isinstance(result.exception, SystemExit)
        assert len(result.output.strip().splitlines()) == 1, result.output
    return result


def test_setup_creates_an_account_and_tells_its_key(desk: Flask) -> None:
    told = json.loads(run(desk, *SETUP, *PASSWORD, "--json").output)

    assert set(told) == {"account_id", "user_id", "api_access_token"}
    with desk.app_context():
        caller = caller_of_token(told["api_access_token"], told["account_id"])
        assert caller is not None
        assert caller.membership is not None
        assert (caller.user.id, caller.membership.role) == (told["user_id"], "administrator")
        assert caller.user.email == "ada@example.com"


def test_setup_may_be_called_again_for_another_account(desk: Flask) -> None:
    first = json.loads(run(desk, *SETUP, *PASSWORD, "--json").output)
    second = json.loads(run(desk, *SETUP, *PASSWORD, "--json").output)

    assert second["account_id"] != first["account_id"]
    assert second["user_id"] == first["user_id"]


def test_whoever_adds_a_person_of_another_account_is_told_so(desk: Flask) -> None:
    assert run(desk, *SETUP, *PASSWORD).stderr == ""

    told = run(desk, *SETUP, "--password", "another password", "--json")

    assert json.loads(told.stdout)["user_id"] == 1
    assert "ada@example.com signs in to another account already" in told.stderr


def test_without_json_it_tells_the_same_to_a_person(desk: Flask) -> None:
    lines = run(desk, *SETUP, *PASSWORD).output.splitlines()

    assert [line.partition(":")[0] for line in lines] == ["account_id", "user_id", "api_access_token"]


def test_a_password_is_read_from_standard_input(desk: Flask) -> None:
    run(desk, *SETUP, "--password", "-", input="pass word with spaces\n")

    with desk.app_context():
        assert authenticate(email="ada@example.com", password="pass word with spaces", address="") is not None


def test_setup_with_sample_data(desk: Flask) -> None:
    told = json.loads(run(desk, *SETUP, *PASSWORD, "--sample", "--json").stdout)

    with desk.app_context():
        assert db.session.scalar(select(func.count()).select_from(Conversation)) == 40
        assert [app.urls for app in apps_of(told["account_id"])] == [
            ["http://127.0.0.1:5001/customer-orders/"]
        ]


def test_where_others_reach_the_desk_it_says_that_the_example_answers_only_here(
    make_app: Callable[..., Flask],
) -> None:
    result = run(make_app(PUBLIC_URL="https://desk.example.com"), *SETUP, *PASSWORD, "--sample", "--json")

    assert json.loads(result.stdout)
    assert "only at this machine" in result.stderr


@pytest.mark.parametrize("role", ["agent", "administrator"])
def test_agents_add_lets_somebody_in(desk: Flask, role: str) -> None:
    account = json.loads(run(desk, *SETUP, *PASSWORD, "--json").output)["account_id"]
    bo = ("--name", "Bo", "--email", "bo@example.com", *PASSWORD, "--role", role, "--json")

    told = json.loads(run(desk, "agents", "add", "--account-id", str(account), *bo).output)

    with desk.app_context():
        assert member_of(account, told["user_id"]).role == role
        assert caller_of_token(told["api_access_token"], account) is not None


def test_agents_add_makes_an_agent_unless_told_otherwise(desk: Flask) -> None:
    account = json.loads(run(desk, *SETUP, *PASSWORD, "--json").output)["account_id"]
    bo = ("--name", "Bo", "--email", "bo@example.com", *PASSWORD, "--json")

    told = json.loads(run(desk, "agents", "add", "--account-id", str(account), *bo).output)

    with desk.app_context():
        assert member_of(account, told["user_id"]).role == "agent"


@pytest.mark.parametrize(
    ("environ", "address"),
    [({}, "http://127.0.0.1:5000"), ({"PUBLIC_URL": "https://desk.example.com"}, "https://desk.example.com")],
)
def test_a_forgotten_password_is_reset_by_a_whole_link(
    make_app: Callable[..., Flask], environ: dict[str, str], address: str
) -> None:
    desk = make_app(**environ)
    run(desk, *SETUP, *PASSWORD)

    link = run(desk, "agents", "reset-password", "ada@example.com").output.strip()

    assert link.startswith(f"{address}/set-password/")
    with desk.app_context():
        assert user_of_password_link(link.rpartition("/")[2]) == user_by_email("ada@example.com")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((*SETUP, "--password", "short"), "at least 8 characters"),
        ((*SETUP[:-1], "nowhere", *PASSWORD), "email: is invalid"),
        (("setup", "--account", " ", *SETUP[3:], *PASSWORD), "account: can't be blank"),
        (
            ("agents", "add", "--account-id", "9", "--name", "Bo", "--email", "bo@example.com", *PASSWORD),
            "there is no account 9",
        ),
        (("agents", "reset-password", "nobody@example.com"), "nobody has the e-mail nobody@example.com"),
    ],
)
def test_a_mistake_is_one_line(desk: Flask, arguments: tuple[str, ...], complaint: str) -> None:
    assert complaint in run(desk, *arguments, expect=1).output


def test_a_failed_setup_leaves_nothing(desk: Flask) -> None:
    run(desk, *SETUP, "--password", "short", expect=1)

    with desk.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 0
        assert db.session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.database
def test_setup_makes_the_tables_where_there_are_none(databases: Databases, tmp_path: Path) -> None:
    app = open_app(tmp_path / "data", databases.new())

    told = json.loads(_in_own_process(app, *SETUP, *PASSWORD, "--json"))

    with app.app_context():
        assert db.session.get(Account, told["account_id"]) is not None
    close_app(app)


def test_a_database_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    app = open_app(tmp_path / "data", f"postgresql:///desk?host={tmp_path}")

    assert "the database cannot be opened" in run(app, *SETUP, *PASSWORD, expect=1).output
    close_app(app)


def test_a_database_of_a_newer_version_is_one_line(desk: Flask) -> None:
    with desk.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'from_tomorrow'"))
        db.session.commit()

    assert "written by a newer version" in run(desk, *SETUP, *PASSWORD, expect=1).output


def test_the_demo_lets_two_people_in_and_may_be_asked_again(desk: Flask) -> None:
    first = run(desk, "demo").output
    second = run(desk, "demo").output

    assert second == first
    password = first.splitlines()[0].rpartition(" ")[2].removesuffix(":")
    with desk.app_context():
        for line, role in zip(first.splitlines()[1:], ["administrator", "agent"], strict=True):
            person = authenticate(email=line.split()[0], password=password, address="")
            assert person is not None
            assert member_of(1, person.id).role == role
        assert db.session.scalar(select(func.count()).select_from(Conversation)) == 40


def test_the_demo_stays_away_from_a_desk_in_use(desk: Flask) -> None:
    run(desk, *SETUP, *PASSWORD)

    assert "DATA_DIR of its own" in run(desk, "demo", expect=1).output


def test_the_demo_stays_away_from_where_others_can_reach_it(make_app: Callable[..., Flask]) -> None:
    assert "only be served to this machine" in run(make_app(HOST="0.0.0.0"), "demo", expect=1).output


def _in_own_process(app: Flask, *arguments: str) -> str:
    """As from a terminal: migrations configure logging and must find nothing of the tests."""
    desk = app.config["DESK"]
    environ = {**os.environ, "DATA_DIR": str(desk.data_dir), "DATABASE_URL": desk.database_url}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    return subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout
