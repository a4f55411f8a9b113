"""The API's callers: known by the token in a header and by nothing else."""

from flask import Flask
from flask import g
from flask import request

from dashboard.accounts.queries import caller_of_token
from dashboard.http.errors import NotSignedIn
from dashboard.http.errors import speaks_json
from dashboard.http.guards import account_in_address


def register(app: Flask) -> None:
    app.before_request(_recognise)


def _recognise() -> None:
    """Find out whose token it is. A wrong one is told so at once, whatever it asks for."""
    if not speaks_json() or request.path.startswith("/public/"):
        return
    token = _token()
    if not token:
        return
    g.caller = caller_of_token(token, account_in_address())
    if g.caller is None:
        raise NotSignedIn("Invalid Access Token")


def _token() -> str:
    """WSGI spells `api_access_token` and `Api-Access-Token` alike; where both that and a bearer's token are
    sent, that one counts."""
    for name in ("Api-Access-Token", "Http-Api-Access-Token"):
        token = request.headers.get(name, "").strip()
        if token:
            return token
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    return rest.strip() if kind.lower() == "bearer" else ""
