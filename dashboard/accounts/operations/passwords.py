"""How people come by a password, and what ends when they do."""

from datetime import timedelta

from sqlalchemy import delete

from dashboard.accounts.models import PasswordLink
from dashboard.accounts.models import User
from dashboard.accounts.operations.checks import checked_password
from dashboard.accounts.operations.sessions import end_sessions
from dashboard.accounts.queries import user_of_password_link
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.passwords import hash_password
from dashboard.lib.passwords import password_matches
from dashboard.lib.text import N_
from dashboard.lib.tokens import digest
from dashboard.lib.tokens import new_token
from dashboard.transactions import let_others_write
from dashboard.transactions import transaction

LINK_LIFETIME = timedelta(days=7)


def change_password(user: User, *, current: str, new: str, keep_session: str = "") -> None:
    """Set a new password and end every other session.

    Raises:
        Invalid: the current password is wrong, or the new one cannot be used.
    """
    replace_password(user, hashed_new_password(user, current=current, new=new), keep_session=keep_session)


def hashed_new_password(user: User, *, current: str, new: str) -> str:
    """What to keep of a new password. It takes its time: nothing may be written before it.

    Raises:
        Invalid: the current password is wrong, or the new one cannot be used.
    """
    let_others_write()
    if not password_matches(current, user.password_hash):
        raise Invalid("current_password", N_("That is not your current password."))
    return hash_password(checked_password(new))


def replace_password(user: User, hashed: str, *, keep_session: str = "") -> None:
    """Set what `hashed_new_password` made and end every other session."""
    with transaction():
        _set_password(user, hashed)
        end_sessions(user, but=keep_session)


def make_password_link(user: User) -> str:
    """The token of a new link to set a password. Older links of the person stop working."""
    token = new_token(32)
    with transaction():
        db.session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
        db.session.add(
            PasswordLink(digest=digest(token), user_id=user.id, expires_at=clock.now() + LINK_LIFETIME)
        )
    return token


def use_password_link(token: str, *, password: str) -> User:
    """Set the password that the link is for; it works once.

    Raises:
        NotFound: the link is unknown, used or too old.
        Invalid: the password cannot be used.
    """
    user = user_of_password_link(token)
    let_others_write()
    hashed = hash_password(checked_password(password))
    with transaction():
        _spend_link(token)
        _set_password(user, hashed)
        end_sessions(user)
    return user


def _spend_link(token: str) -> None:
    """Of two who follow the link at once, only one gets it."""
    spent = delete(PasswordLink).where(PasswordLink.digest == digest(token)).returning(PasswordLink.id)
    if db.session.scalar(spent) is None:
        raise NotFound


def _set_password(user: User, hashed: str) -> None:
    user.password_hash = hashed
    user.pubsub_token = new_token()
