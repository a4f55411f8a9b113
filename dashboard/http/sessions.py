"""Browsers that are signed in: the cookie holds a random token, the database the session it stands for."""

from datetime import timedelta

from flask import Flask
from flask import Response
from flask import g
from flask import request
from flask import session
from flask.sessions import SecureCookieSessionInterface
from flask_login import login_user
from flask_login import logout_user
from itsdangerous import BadSignature
from werkzeug.http import parse_cookie

from dashboard.accounts.models import User
from dashboard.accounts.operations.sessions import end_session
from dashboard.accounts.operations.sessions import start_session
from dashboard.accounts.operations.sessions import touch_session
from dashboard.accounts.queries import Caller
from dashboard.accounts.queries import caller_of_session
from dashboard.extensions import db
from dashboard.extensions import login
from dashboard.extensions import write_intent
from dashboard.http.errors import speaks_json
from dashboard.http.guards import account_in_address
from dashboard.lib import clock

_TOUCH_EVERY = timedelta(hours=1)


def register(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = None  # the token in the cookie is the proof; an address may change
    login.user_loader(_load)
    app.before_request(_recognise)
    app.after_request(_keep_alive)


def sign_in(user: User, *, remember: bool) -> None:
    """Start a new session for this browser. Whatever stood in its cookie before is thrown away."""
    session.clear()
    session.permanent = remember
    user.session_token = start_session(user)
    login_user(user)


def sign_out() -> None:
    """End this browser's session in the database, so that a copy of its cookie is worth nothing."""
    token = session.get("_user_id")
    if token:
        end_session(token)
    logout_user()
    session.clear()


def session_token_in(app: Flask, cookies: str) -> str | None:
    """The token of a browser's session in a Cookie header, for who reads it outside of a request."""
    signed = parse_cookie(cookies).get(app.config["SESSION_COOKIE_NAME"])
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if not signed or serializer is None:
        return None
    try:
        kept = serializer.loads(signed, max_age=int(app.permanent_session_lifetime.total_seconds()))
    except BadSignature:
        return None
    token = kept.get("_user_id")
    return token if isinstance(token, str) else None


def _recognise() -> None:
    """Pages know people by their session; the API never does, it has its own header."""
    if speaks_json() or request.endpoint in {None, "static"}:
        return
    token = session.get("_user_id")
    if token:
        _load(token)


def _load(token: str) -> User | None:
    if speaks_json():
        return None
    if "caller" not in g:
        g.caller = caller_of_session(token, account_in_address())
    return g.caller.user if g.caller else None


def _keep_alive(response: Response) -> Response:
    """Fourteen days count from the last use: noted once an hour, in the database and in the cookie.

    After the answer is made, because a reader's transaction cannot turn into a writer's.
    """
    known: Caller | None = g.get("caller")
    if known is None or known.session is None or "_user_id" not in session:
        return response
    if clock.now() - known.session.last_used_at >= _TOUCH_EVERY:
        session_id = known.session.id
        db.session.rollback()
        intent = write_intent.set(True)
        touch_session(session_id)
        write_intent.reset(intent)
        session["seen"] = int(clock.now().timestamp())
    return response
