"""Who is signed in: browsers by a cookie, phones and desktops by a token."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from dashboard.accounts.models import PasswordLink
from dashboard.accounts.models import SignInFailure
from dashboard.accounts.models import SignInToken
from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.queries import FAILURE_WINDOW
from dashboard.accounts.queries import SESSION_LIFETIME
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.tokens import digest
from dashboard.lib.tokens import new_token
from dashboard.transactions import record
from dashboard.transactions import transaction

SIGN_IN_LIFETIME = timedelta(days=61)  # two months, as upstream's clients expect
MOST_CLIENTS = 25  # of one person; the oldest has to go


def start_session(user: User) -> str:
    """The token of a new session."""
    token = new_token(32)
    with transaction():
        db.session.add(UserSession(digest=digest(token), user_id=user.id))
    return token


def touch_session(session_id: int) -> None:
    """Note that the session was used just now."""
    with transaction():
        db.session.execute(
            update(UserSession).where(UserSession.id == session_id).values(last_used_at=clock.now())
        )


def end_session(token: str) -> None:
    """Sign out the browser that holds the token, if any does."""
    ended = delete(UserSession).where(UserSession.digest == digest(token)).returning(UserSession.user_id)
    with transaction():
        user_id = db.session.scalar(ended)
        if user_id is not None:
            record("sessions.ended", user_id=user_id)


def sign_in_client(user: User) -> tuple[SignInToken, str]:
    """What a phone's or a desktop's client shows from now on, and the token that goes with it."""
    token = new_token(32)
    signed_in = SignInToken(digest=digest(token), user_id=user.id, expires_at=clock.now() + SIGN_IN_LIFETIME)
    mine = select(SignInToken.id).where(SignInToken.user_id == user.id)
    with transaction():
        db.session.add(signed_in)
        db.session.flush()
        newest = mine.order_by(SignInToken.id.desc()).limit(MOST_CLIENTS)
        oldest = delete(SignInToken).where(SignInToken.user_id == user.id, SignInToken.id.not_in(newest))
        db.session.execute(oldest, execution_options={"synchronize_session": False})
    return signed_in, token


def sign_out_client(user: User, client: str) -> bool:
    """Whether there was such a client of that person; its token is worth nothing any more."""
    ended = (
        delete(SignInToken)
        .where(SignInToken.user_id == user.id, SignInToken.client == client)
        .returning(SignInToken.id)
    )
    with transaction():
        was_there = db.session.scalar(ended) is not None
        if was_there:
            record("sessions.ended", user_id=user.id)
    return was_there


def end_sessions(user: User, *, but: str = "") -> None:
    """Sign somebody out everywhere but where the token `but` is kept; in the caller's transaction."""
    others = delete(UserSession).where(UserSession.user_id == user.id, UserSession.digest != digest(but))
    db.session.execute(others)
    db.session.execute(delete(SignInToken).where(SignInToken.user_id == user.id))
    record("sessions.ended", user_id=user.id)


def forget_the_old() -> None:
    """Throw away sessions, links and failures whose time is over; open pages are signed out."""
    now = clock.now()
    aged = delete(UserSession).where(UserSession.last_used_at < now - SESSION_LIFETIME)
    with transaction():
        for user_id in set(db.session.scalars(aged.returning(UserSession.user_id))):
            record("sessions.ended", user_id=user_id)
        db.session.execute(delete(SignInToken).where(SignInToken.expires_at < now))
        db.session.execute(delete(PasswordLink).where(PasswordLink.expires_at < now))
        db.session.execute(delete(SignInFailure).where(SignInFailure.created_at < now - FAILURE_WINDOW))
