"""Whose e-mail and password these are; guesses are counted."""

from sqlalchemy import ColumnElement
from sqlalchemy import delete

from dashboard.accounts.models import SignInFailure
from dashboard.accounts.models import User
from dashboard.accounts.queries import FAILURES_ALLOWED
from dashboard.accounts.queries import failures_of
from dashboard.accounts.queries import user_by_email
from dashboard.extensions import db
from dashboard.lib.passwords import password_matches
from dashboard.lib.tokens import digest
from dashboard.transactions import let_others_write
from dashboard.transactions import transaction


class SlowDown(Exception):
    """Too many wrong passwords in the last five minutes."""


def authenticate(*, email: str, password: str, address: str) -> User | None:
    """The person whose e-mail and password these are. `address` is where the request came from.

    Raises:
        SlowDown: five failures in five minutes, for the e-mail or for the address.
    """
    by_email, by_address = f"email:{email.strip().lower()}", f"address:{address}"
    if failures_of(by_email, by_address) >= FAILURES_ALLOWED:
        raise SlowDown
    noted = _note_failures(by_email, by_address)
    if failures_of(by_email, by_address) > FAILURES_ALLOWED:
        _forget_failures(SignInFailure.id.in_(noted))
        raise SlowDown
    user = user_by_email(email)
    let_others_write()
    if not password_matches(password, user.password_hash if user else None):
        return None
    _forget_failures(SignInFailure.id.in_(noted) | (SignInFailure.subject == digest(by_email)))
    return user


def _note_failures(*subjects: str) -> list[int]:
    """Their numbers. Noted before the password is looked at: of many guesses at once none runs ahead."""
    failures = [SignInFailure(subject=digest(subject)) for subject in subjects]
    with transaction():
        db.session.add_all(failures)
        db.session.flush()
        return [failure.id for failure in failures]


def _forget_failures(which: ColumnElement[bool]) -> None:
    with transaction():
        db.session.execute(delete(SignInFailure).where(which))
