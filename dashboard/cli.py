"""Commands: `flask --app wsgi …`. They work while the server runs."""

import json
import sys
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.operations import add_agent
from dashboard.accounts.operations import create_account
from dashboard.accounts.operations import make_password_link
from dashboard.accounts.queries import access_token_of
from dashboard.accounts.queries import user_by_email
from dashboard.extensions import db
from dashboard.lib.errors import Invalid

agents = AppGroup("agents", help="The people of an account.")
as_json = click.option("--json", "as_json", is_flag=True, help="Answer with one line of JSON.")


def register(app: Flask) -> None:
    app.cli.add_command(setup)
    app.cli.add_command(agents)


@click.command()
@click.option("--account", required=True, help="Name of the account.")
@click.option("--name", required=True, help="Name of its administrator.")
@click.option("--email", required=True)
@click.option("--password", required=True, help="The password; - reads it from standard input.")
@click.option("--sample", is_flag=True, help="Fill the account with sample data.")
@as_json
@click.pass_context
def setup(
    _: click.Context, account: str, name: str, email: str, password: str, sample: bool, as_json: bool
) -> None:
    """Create an account with its administrator."""
    membership = _valid(
        create_account, account=account, name=name, email=email, password=_read_password(password)
    )
    _tell(membership, as_json)


@agents.command("add")
@click.option("--account-id", type=int, required=True)
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--password", required=True, help="The password; - reads it from standard input.")
@click.option("--role", type=click.Choice(["agent", "administrator"]), default="agent", show_default=True)
@as_json
def add(account_id: int, name: str, email: str, password: str, role: str, as_json: bool) -> None:
    """Add a person to an account."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise click.ClickException(f"there is no account {account_id}")
    membership = _valid(
        add_agent,
        account,
        name=name,
        email=email,
        password=_read_password(password),
        role=role,
        actor=None,
    )
    _tell(membership, as_json)


@agents.command("reset-password")
@click.argument("email")
def reset_password(email: str) -> None:
    """Print the path of a new link that sets a person's password, for when no administrator can."""
    user = user_by_email(email)
    if user is None:
        raise click.ClickException(f"nobody has the e-mail {email}")
    click.echo(f"/set-password/{make_password_link(user)}")


def _read_password(given: str) -> str:
    return sys.stdin.readline().rstrip("\r\n") if given == "-" else given


def _valid(verb: Any, *args: Any, **kwargs: Any) -> Membership:
    try:
        membership: Membership = verb(*args, **kwargs)
    except Invalid as error:
        sentences = [f"{problem.field}: {problem}" for problem in error.problems]
        raise click.ClickException("; ".join(sentences)) from None
    return membership


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
