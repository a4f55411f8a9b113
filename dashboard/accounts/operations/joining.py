"""Whose e-mail is known already: who may come in with it."""

from sqlalchemy import delete

from dashboard.accounts.models import Membership
from dashboard.accounts.models import PasswordLink
from dashboard.accounts.models import User
from dashboard.accounts.operations.passwords import LINK_LIFETIME
from dashboard.accounts.operations.people import create_user
from dashboard.accounts.operations.people import replace_access_token
from dashboard.accounts.operations.sessions import end_sessions
from dashboard.accounts.queries import is_anywhere
from dashboard.accounts.queries import user_by_email
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import NotAllowed
from dashboard.lib.text import N_
from dashboard.lib.tokens import digest
from dashboard.lib.tokens import new_token
from dashboard.transactions import record
from dashboard.transactions import transaction


def find_or_create_user(*, name: str, email: str) -> User:
    """Who has that e-mail, in the caller's transaction. Who is in no account any more begins anew: the e-mail
    may be another's by now.

    Raises:
        Invalid: a field cannot be used.
    """
    user = user_by_email(email)
    if user is None:
        return create_user(name=name, email=email)
    if not is_anywhere(user):
        user.password_hash = None
        _renew_keys(user)
    return user


def make_join_link(membership: Membership) -> str:
    """The token of a new link with which the person joins the account. The older one stops working."""
    token = new_token(32)
    with transaction():
        membership.join_digest = digest(token)
        membership.join_expires_at = clock.now() + LINK_LIFETIME
    return token


def join_account(membership: Membership, *, user: User, keep_session: str = "") -> None:
    """Let the person in who was handed the link and has signed in. What others may know of their keys is
    worth nothing any more: other browsers and clients, links to set a password, the access token.

    Raises:
        NotAllowed: the link was made for somebody else.
    """
    if membership.user_id != user.id:
        raise NotAllowed(
            N_("This link was made for somebody else. Sign in with the e-mail that it was made for.")
        )
    with transaction():
        membership.join_digest = membership.join_expires_at = None
        _renew_keys(user, keep_session=keep_session)
        record("agent.updated", membership=membership, performer=user)


def _renew_keys(user: User, *, keep_session: str = "") -> None:
    user.pubsub_token = new_token()
    db.session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    replace_access_token(user)
    end_sessions(user, but=keep_session)
