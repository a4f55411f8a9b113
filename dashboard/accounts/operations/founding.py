"""Accounts come to be: the first of the desk, and others."""

from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import Installation
from dashboard.accounts.models import Membership
from dashboard.accounts.operations.checks import checked_name
from dashboard.accounts.operations.checks import checked_password
from dashboard.accounts.operations.joining import find_or_create_user
from dashboard.extensions import db
from dashboard.lib.errors import NotAllowed
from dashboard.lib.passwords import hash_password
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction


def set_up_first_account(*, account: str, name: str, email: str, password: str) -> Membership:
    """Make the very first account and its administrator; of two at once only one gets through.

    Raises:
        NotAllowed: the desk is set up already.
        Invalid: a field cannot be used.
    """
    try:
        with transaction():
            db.session.add(Installation(id=1))
            db.session.flush()
            return create_account(account=account, name=name, email=email, password=password)
    except IntegrityError:
        raise NotAllowed(N_("This desk has been set up already. Sign in instead.")) from None


def create_account(*, account: str, name: str, email: str, password: str) -> Membership:
    """Make an account with its administrator, who may be a person of another account already.

    Raises:
        Invalid: a field cannot be used.
    """
    with transaction():
        made = Account(name=checked_name("account", account))
        if db.session.get(Installation, 1) is None:
            db.session.add(Installation(id=1))
        db.session.add(made)
        db.session.flush()
        person = find_or_create_user(name=name, email=email)
        if not person.is_confirmed:
            person.password_hash = hash_password(checked_password(password))
        membership = Membership(account=made, user=person, role="administrator")
        db.session.add(membership)
        record("account.created", account=made)
    return membership
