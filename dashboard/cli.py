"""Commands: `flask --app wsgi …`. They work while the server runs, and say what is wrong in one line."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from flask_migrate import Migrate
from sqlalchemy.exc import SQLAlchemyError

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.operations.founding import create_account
from dashboard.accounts.operations.passwords import make_password_link
from dashboard.accounts.operations.passwords import use_password_link
from dashboard.accounts.queries import access_token_of
from dashboard.accounts.queries import is_set_up
from dashboard.accounts.queries import user_by_email
from dashboard.apps.operations.keys import replace_keys
from dashboard.apps.operations.keys import rotate_keys
from dashboard.apps.queries.keys import published_keys
from dashboard.apps.serializers import key_json
from dashboard.config import CHECKOUT
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.lib.errors import Invalid
from dashboard.lib.passwords import password_matches
from dashboard.sample.operations import add_sample
from dashboard.server.backup import BackupFailed
from dashboard.server.backup import back_up
from dashboard.server.backup import restore
from dashboard.server.database import State
from dashboard.server.database import look
from dashboard.server.supervisor import CannotStart
from dashboard.server.supervisor import prepare_database

# Who may sign in to `make demo`, which only this machine can reach.
DEMO_ACCOUNT = "Fern & Lantern"
DEMO_ADMINISTRATOR = ("Ada Carter", "ada.carter@example.com")
DEMO_AGENT = "bo.lindgren@example.com"
DEMO_PASSWORD = "lanterns-at-dusk"  # noqa: S105 - printed by the command
TROUBLE = {
    State.BEHIND: "the database is older than this code: `make run` upgrades it.",
    State.NEWER: "the database was written by a newer version: update the code.",
    State.UNREACHABLE: "DATABASE_URL: the database cannot be opened: {detail}",
}


class DeskCommand(click.Command):
    """A command that needs the database: it makes the tables where there are none yet."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            _prepare_database()
            return super().invoke(ctx)
        except Invalid as error:
            sentences = [f"{problem.field}: {problem}" for problem in error.problems]
            raise click.ClickException("; ".join(sentences)) from None
        except CannotStart as error:
            raise click.ClickException(str(error)) from None
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
            raise click.ClickException(f"the database refused: {reason}") from None


agents = AppGroup("agents", help="The people of an account.")
keys = AppGroup("keys", help="What tokens for apps are signed with.")
as_json = click.option("--json", "as_json", is_flag=True, help="Answer with one line of JSON.")
password_option = click.option("--password", required=True, help="- reads it from standard input.")


def register(app: Flask) -> None:
    """Only for who runs commands: what migrates a database is 11 MB that a server never needs."""
    Migrate(app, db, directory=str(CHECKOUT / "migrations"), render_as_batch=True)
    for command in (setup, agents, keys, demo, backup_command, restore_command):
        app.cli.add_command(command)


@click.command(cls=DeskCommand)
@click.option("--account", required=True, help="Name of the account.")
@click.option("--name", required=True, help="Name of its administrator.")
@click.option("--email", required=True)
@password_option
@click.option("--sample", is_flag=True, help="Fill the account with sample data.")
@as_json
def setup(account: str, name: str, email: str, password: str, sample: bool, as_json: bool) -> None:
    """Create an account with its administrator."""
    secret = _read_password(password)
    membership = create_account(account=account, name=name, email=email, password=secret)
    if sample:
        add_sample(membership.account, administrator=membership.user, port=settings().port)
        if not settings().is_local:
            click.echo("The example app in the sample data answers only at this machine.", err=True)
    _warn_of_old_password(membership.user, secret)
    _tell(membership, as_json)


@agents.command("add", cls=DeskCommand)
@click.option("--account-id", type=int, required=True)
@click.option("--name", required=True)
@click.option("--email", required=True)
@password_option
@click.option("--role", type=click.Choice(["agent", "administrator"]), default="agent", show_default=True)
@as_json
def add(account_id: int, name: str, email: str, password: str, role: str, as_json: bool) -> None:
    """Add a person to an account."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise click.ClickException(f"there is no account {account_id}.")
    secret = _read_password(password)
    membership = add_agent(account, name=name, email=email, password=secret, role=role, actor=None)
    _warn_of_old_password(membership.user, secret)
    _tell(membership, as_json)


@agents.command("reset-password", cls=DeskCommand)
@click.argument("email")
def reset_password(email: str) -> None:
    """Print a link that sets a new password, for when no administrator can make one."""
    token = make_password_link(_person(email))
    click.echo(f"{settings().public_url or settings().local_url}/set-password/{token}")


@keys.command("list", cls=DeskCommand)
@as_json
def list_keys(as_json: bool) -> None:
    """Every key that is published; the newest first."""
    told = [key_json(key) for key in published_keys()]
    for answer in [told] if as_json else told:
        _tell_of_keys(answer, as_json)


@keys.command("rotate", cls=DeskCommand)
@click.option("--now", "at_once", is_flag=True, help="A key has leaked: the new one signs at once.")
@as_json
def rotate(at_once: bool, as_json: bool) -> None:
    """Publish a new key, which signs from tomorrow on; the old one stays a day longer."""
    _tell_of_keys(key_json(replace_keys() if at_once else rotate_keys()), as_json)


@click.command(cls=DeskCommand)
def demo() -> None:
    """Fill an empty desk with the demo, and print who may sign in to it: `make demo`."""
    if not settings().is_local:
        raise click.ClickException(
            "everybody knows the demo's passwords: it may only be served to this machine."
        )
    name, email = DEMO_ADMINISTRATOR
    if not is_set_up():
        membership = create_account(account=DEMO_ACCOUNT, name=name, email=email, password=DEMO_PASSWORD)
        add_sample(membership.account, administrator=membership.user, port=settings().port)
        use_password_link(make_password_link(_person(DEMO_AGENT)), password=DEMO_PASSWORD)
    if user_by_email(email) is None:
        raise click.ClickException("this desk is in use: the demo belongs in a DATA_DIR of its own.")
    click.echo(f"The demo has two people, both with the password {DEMO_PASSWORD}:")
    click.echo(f"  {email}  (administrator)\n  {DEMO_AGENT}  (agent)")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup_command(file: Path) -> None:
    """Write database, uploads and secret key to FILE (.tar.gz). The server may go on."""
    try:
        back_up(settings(), file)
    except BackupFailed as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"{file} holds the whole desk, its secret key too: keep it where only you can read it.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore_command(file: Path) -> None:
    """Bring a backup back, into an empty DATA_DIR and an empty database."""
    try:
        manifest = restore(settings(), file)
    except BackupFailed as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"The desk is as it was at {manifest.made_at}. `make run` starts it.")


def _prepare_database() -> None:
    found = look(settings())
    if found.state is State.EMPTY:
        prepare_database(settings())
    elif found.state is not State.CURRENT:
        raise click.ClickException(TROUBLE[found.state].format(detail=found.detail))


def _tell_of_keys(told: Any, as_json: bool) -> None:
    click.echo(json.dumps(told) if as_json else "  ".join(f"{name}: {value}" for name, value in told.items()))


def _read_password(given: str) -> str:
    return sys.stdin.readline().rstrip("\r\n") if given == "-" else given


def _person(email: str) -> User:
    user = user_by_email(email)
    if user is None:
        raise click.ClickException(f"nobody has the e-mail {email}.")
    return user


def _warn_of_old_password(user: User, given: str) -> None:
    """Who is in another account comes in with what they have there, and so does whoever knows it."""
    if not password_matches(given, user.password_hash):
        click.echo(
            f"{user.email} signs in to another account already: name and password stay as they are there. "
            "Add them only if you know who that is.",
            err=True,
        )


def _tell(membership: Membership, as_json: bool) -> None:
    token = access_token_of(membership.user)
    answer = {
        "account_id": membership.account_id,
        "user_id": membership.user_id,
        "api_access_token": token.token if token else None,
    }
    if as_json:
        click.echo(json.dumps(answer))
    else:
        for name, value in answer.items():
            click.echo(f"{name}: {value}")
