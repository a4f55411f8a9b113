"""People, whichever accounts they work in: their profile and their access token."""

from dashboard.accounts.models import THEMES
from dashboard.accounts.models import AccessToken
from dashboard.accounts.models import User
from dashboard.accounts.operations.checks import checked_email
from dashboard.accounts.operations.checks import checked_name
from dashboard.accounts.operations.checks import checked_time_zone
from dashboard.accounts.queries import access_token_of
from dashboard.accounts.queries import user_by_email
from dashboard.extensions import db
from dashboard.lib.checks import one_of
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.lib.tokens import new_token
from dashboard.transactions import transaction


def create_user(*, name: str, email: str) -> User:
    """A person without a password yet, in the caller's transaction.

    Raises:
        Invalid: a field cannot be used.
    """
    address = checked_email(email)
    user = User(name=checked_name("name", name or address.split("@")[0]), email=address)
    db.session.add(user)
    db.session.flush()
    db.session.add(AccessToken(user_id=user.id))
    return user


def change_profile(
    user: User,
    *,
    name: str | None = None,
    email: str | None = None,
    locale: str | None = None,
    time_zone: str | None = None,
    theme: str | None = None,
    has_shortcuts: bool | None = None,
) -> None:
    """Change what is given.

    Raises:
        Invalid: a value cannot be used.
    """
    with transaction():
        if name is not None:
            user.name = checked_name("name", name)
        if email is not None:
            user.email = _free_email(email, user)
        if locale is not None:
            user.locale = locale or None
        if time_zone is not None:
            user.time_zone = checked_time_zone(time_zone)
        if theme is not None:
            user.theme = one_of("theme", theme, THEMES)
        if has_shortcuts is not None:
            user.has_shortcuts = has_shortcuts


def replace_access_token(user: User) -> AccessToken:
    """Give the person a new token; the old one stops working."""
    with transaction():
        token = access_token_of(user)
        if token is None:
            token = AccessToken(user_id=user.id)
            db.session.add(token)
        token.token = new_token()
    return token


def _free_email(email: str, user: User) -> str:
    address = checked_email(email)
    owner = user_by_email(address)
    if owner is not None and owner.id != user.id:
        raise Invalid("email", N_("has already been taken"))
    return address
