"""The API's callers: known by the token in a header and by nothing else."""

from flask import Flask
from flask import g
from flask import request

from dashboard.accounts.queries import caller_of_sign_in
from dashboard.accounts.queries import caller_of_token
from dashboard.bots.queries import bot_caller_of
from dashboard.http.cors import OPEN_TO_EVERY_ORIGIN
from dashboard.http.errors import NotSignedIn
from dashboard.http.errors import speaks_json
from dashboard.http.guards import account_in_address


def register(app: Flask) -> None:
    app.before_request(_recognise)


def _recognise() -> None:
    """Find out whose token it is. A wrong one is told so at once, whatever it asks for."""
    if not speaks_json() or request.path.startswith(OPEN_TO_EVERY_ORIGIN):
        return
    token = _access_token()
    if not token and "access-token" in request.headers:
        g.caller = caller_of_sign_in(
            signed_in_client(),
            request.headers["access-token"].strip(),
            request.headers.get("uid", ""),
            account_in_address(),
        )
        return
    token = token or _bearers_token()
    if not token:
        return
    g.caller = caller_of_token(token, account_in_address())
    if g.caller is None:
        g.calling_bot = bot_caller_of(token, account_in_address())
        if g.calling_bot is None:
            raise NotSignedIn("Invalid Access Token")


def signed_in_client() -> str:
    """What a client that has signed in with a password calls itself."""
    return request.headers.get("client", "").strip()


def _access_token() -> str:
    """WSGI spells `api_access_token` and `Api-Access-Token` alike; where it is sent, nothing else counts."""
    names = ("Api-Access-Token", "Http-Api-Access-Token")
    return next((found for name in names if (found := request.headers.get(name, "").strip())), "")


def _bearers_token() -> str:
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    return rest.strip() if kind.lower() == "bearer" else ""
