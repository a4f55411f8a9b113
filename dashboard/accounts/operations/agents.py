"""Who works in an account: they come, change and go."""

from sqlalchemy import select

from dashboard.accounts.models import AVAILABILITIES
from dashboard.accounts.models import ROLES
from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.accounts.operations.checks import checked_name
from dashboard.accounts.operations.checks import checked_password
from dashboard.accounts.operations.joining import find_or_create_user
from dashboard.accounts.operations.joining import make_join_link
from dashboard.accounts.operations.passwords import make_password_link
from dashboard.accounts.operations.sessions import end_sessions
from dashboard.accounts.queries import is_known_elsewhere
from dashboard.accounts.queries import other_administrators
from dashboard.extensions import db
from dashboard.lib.checks import one_of
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.passwords import hash_password
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction


def add_agent(
    account: Account,
    *,
    name: str,
    email: str,
    role: str = "agent",
    password: str | None = None,
    availability: str = "online",
    auto_offline: bool = True,
    actor: User | None,
) -> Membership:
    """Let a person into the account. Without a password, hand over a link from `invite_agent`.

    Nobody verifies e-mails here, so whoever administers the other account of a person may be who signs in
    with theirs: such a membership waits for whoever is handed the link of `make_join_link`. Without an actor
    it is the one who runs the server that adds them, and vouches for them.

    Raises:
        Invalid: a field cannot be used, or the person is in the account already.
    """
    with transaction():
        person = find_or_create_user(name=name, email=email)
        if password is not None and not person.is_confirmed:
            person.password_hash = hash_password(checked_password(password))
        taken = select(Membership.id).where(
            Membership.account_id == account.id, Membership.user_id == person.id
        )
        if db.session.scalar(taken) is not None:
            raise Invalid("user_id", N_("User has already been taken"))
        membership = Membership(
            account=account,
            user=person,
            role=one_of("role", role, ROLES),
            availability=one_of("availability", availability, AVAILABILITIES),
            auto_offline=auto_offline,
        )
        if actor is not None and is_known_elsewhere(person, actor):
            make_join_link(membership)
        db.session.add(membership)
        record("agent.added", membership=membership, performer=actor)
    return membership


def change_agent(
    membership: Membership,
    *,
    name: str | None = None,
    role: str | None = None,
    availability: str | None = None,
    auto_offline: bool | None = None,
    actor: User,
) -> None:
    """Change what is given.

    Raises:
        Invalid: a value cannot be used.
        NotAllowed: it would leave the account without an administrator.
    """
    role_before = membership.role
    with transaction():
        if name is not None:
            _rename(membership, checked_name("name", name), actor)
        if role is not None:
            _change_role(membership, one_of("role", role, ROLES))
        if availability is not None:
            membership.availability = one_of("availability", availability, AVAILABILITIES)
        if auto_offline is not None:
            membership.auto_offline = auto_offline
        if membership.role != role_before:
            record("agent.role_changed", membership=membership, performer=actor)
        record("agent.updated", membership=membership, performer=actor)


def remove_agent(membership: Membership, *, actor: User) -> None:
    """Take somebody out of the account: out of its inboxes, unassigned everywhere, signed out at once.

    Who works in accounts of others too stays signed in there: nobody can throw strangers out of their desk by
    adding and removing them. The person stays as the author of what was written, and can be added again.

    Raises:
        NotAllowed: it is the actor, or the last administrator.
    """
    with transaction():
        _one_at_a_time(membership.account_id)
        check_removable(membership, actor=actor)
        # Others tidy up what they hold of the person while the row is still there.
        record("agent.removed", account_id=membership.account_id, user=membership.user, performer=actor)
        db.session.delete(membership)
        if not is_known_elsewhere(membership.user, actor):
            end_sessions(membership.user)


def check_removable(membership: Membership, *, actor: User) -> None:
    """Say why somebody cannot be taken out of the account.

    Raises:
        NotAllowed: it is the actor, or the last administrator.
    """
    if membership.user_id == actor.id:
        raise NotAllowed(N_("You cannot remove yourself. Ask another administrator to do it."))
    _keep_an_administrator(membership)


def invite_agent(membership: Membership, *, actor: User) -> str:
    """The token of a link that lets a person of the account set their password.

    Raises:
        NotAllowed: it would open more than this account, or go round one's own current password.
    """
    if membership.user_id == actor.id:
        raise NotAllowed(N_("You are signed in: change your own password on your profile page."))
    if is_known_elsewhere(membership.user, actor):
        raise NotAllowed(
            N_(
                "This person also works in another account, which the link would open too. "
                "They sign in with the password they have; whoever runs the server can reset it."
            )
        )
    return make_password_link(membership.user)


def _rename(membership: Membership, name: str, actor: User) -> None:
    """A name is the person's in every account, so only whoever administers them all may change it."""
    if (
        name != membership.user.name
        and membership.user_id != actor.id
        and is_known_elsewhere(membership.user, actor)
    ):
        raise Invalid(
            "name",
            N_("This person also works in another account: only they can change it, in their profile."),
        )
    membership.user.name = name


def _change_role(membership: Membership, role: str) -> None:
    if membership.is_administrator and role != "administrator":
        _one_at_a_time(membership.account_id)
        _keep_an_administrator(membership)
    membership.role = role


def _one_at_a_time(account_id: int) -> None:
    """Of two administrators who remove each other at once, one stays: SQLite has one writer, others lock."""
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def _keep_an_administrator(membership: Membership) -> None:
    if membership.is_administrator and not other_administrators(membership):
        raise NotAllowed(
            N_("This is the account's last administrator. Make somebody else an administrator first.")
        )
