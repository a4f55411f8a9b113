"""Who is asking, and for which account: set by the guards, read by the doors."""

from flask import g
from flask import has_request_context

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.accounts.queries import Caller


def caller() -> Caller | None:
    """The person who asks, or None for a stranger."""
    found: Caller | None = g.get("caller") if has_request_context() else None
    return found


def current_user() -> User:
    """The person who asks; only behind a guard that lets no stranger in."""
    return _known().user


def current_account() -> Account:
    """The account that the address names; only behind `@requires`."""
    account = _known().account
    assert account is not None
    return account


def current_membership() -> Membership:
    """What the person is in that account; only behind `@requires`."""
    membership = _known().membership
    assert membership is not None
    return membership


def _known() -> Caller:
    known = caller()
    assert known is not None
    return known
