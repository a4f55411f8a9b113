"""Who is asking, and for which account: set by the guards, read by the doors."""

from flask import g
from flask import has_request_context

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.accounts.queries import Caller
from dashboard.bots.models import Actor
from dashboard.bots.queries import BotCaller
from dashboard.bots.queries import Viewer


def caller() -> Caller | None:
    """The person who asks, or None for a stranger and for a bot."""
    found: Caller | None = g.get("caller") if has_request_context() else None
    return found


def calling_bot() -> BotCaller | None:
    """The bot that asks, if one does."""
    found: BotCaller | None = g.get("calling_bot")
    return found


def current_user() -> User:
    """The person who asks; only behind a guard that lets no stranger in."""
    return _known().user


def current_account() -> Account:
    """The account that the address names; only behind `@requires`."""
    account = (calling_bot() or _known()).account
    assert account is not None
    return account


def current_membership() -> Membership:
    """What the person is in that account; only behind `@requires`."""
    membership = _known().membership
    assert membership is not None
    return membership


def current_actor() -> Actor:
    """Who asks, a person or a bot; only behind `@requires(…, bots=True)`."""
    known = calling_bot()
    return known.bot if known else current_user()


def current_viewer() -> Viewer:
    """As what they look at conversations, which they then see or not; only behind the same."""
    known = calling_bot()
    return known.bot if known else current_membership()


def _known() -> Caller:
    known = caller()
    assert known is not None
    return known
