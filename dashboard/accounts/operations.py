"""What happens to accounts and the people in them."""

import re
from datetime import timedelta

from email_validator import EmailNotValidError
from email_validator import validate_email
from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import AVAILABILITIES
from dashboard.accounts.models import ROLES
from dashboard.accounts.models import THEMES
from dashboard.accounts.models import AccessToken
from dashboard.accounts.models import Account
from dashboard.accounts.models import Installation
from dashboard.accounts.models import Membership
from dashboard.accounts.models import PasswordLink
from dashboard.accounts.models import SignInFailure
from dashboard.accounts.models import SignInToken
from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.queries import FAILURE_WINDOW
from dashboard.accounts.queries import FAILURES_ALLOWED
from dashboard.accounts.queries import SESSION_LIFETIME
from dashboard.accounts.queries import access_token_of
from dashboard.accounts.queries import failures_of
from dashboard.accounts.queries import is_known_elsewhere
from dashboard.accounts.queries import other_administrators
from dashboard.accounts.queries import user_by_email
from dashboard.accounts.queries import user_of_password_link
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.passwords import LONGEST
from dashboard.lib.passwords import SHORTEST
from dashboard.lib.passwords import hash_password
from dashboard.lib.passwords import password_matches
from dashboard.lib.text import N_
from dashboard.lib.tokens import digest
from dashboard.lib.tokens import new_token
from dashboard.transactions import let_others_write
from dashboard.transactions import record
from dashboard.transactions import transaction

LINK_LIFETIME = timedelta(days=7)
SIGN_IN_LIFETIME = timedelta(days=61)  # two months, as upstream's clients expect
MOST_CLIENTS = 25  # of one person; the oldest has to go
LONGEST_NAME = 255
_BAD_IN_NAMES = re.compile(r"[\x00-\x1f\x7f]")


class SlowDown(Exception):
    """Too many wrong passwords in the last five minutes."""


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
        made = Account(name=_checked_name("account", account))
        if db.session.get(Installation, 1) is None:
            db.session.add(Installation(id=1))
        db.session.add(made)
        db.session.flush()
        known = user_by_email(email)
        person = known or _create_user(name=name, email=email)
        if known is None or not known.is_confirmed:
            person.password_hash = hash_password(checked_password(password))
        membership = Membership(account=made, user=person, role="administrator")
        db.session.add(membership)
        record("account.created", account=made)
    return membership


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
    """Let a person into the account. Without a password, hand over a link from `make_password_link`.

    Raises:
        Invalid: a field cannot be used, or the person is in the account already.
    """
    with transaction():
        person = user_by_email(email) or _create_user(name=name, email=email)
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
            role=_checked_word("role", role, ROLES),
            availability=_checked_word("availability", availability, AVAILABILITIES),
            auto_offline=auto_offline,
        )
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
    with transaction():
        if name is not None:
            _rename(membership, _checked_name("name", name), actor)
        if role is not None:
            _change_role(membership, _checked_word("role", role, ROLES))
        if availability is not None:
            membership.availability = _checked_word("availability", availability, AVAILABILITIES)
        if auto_offline is not None:
            membership.auto_offline = auto_offline
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
        if not is_known_elsewhere(membership, actor):
            _end_sessions(membership.user)


def check_removable(membership: Membership, *, actor: User) -> None:
    """Say why somebody cannot be taken out of the account.

    Raises:
        NotAllowed: it is the actor, or the last administrator.
    """
    if membership.user_id == actor.id:
        raise NotAllowed(N_("You cannot remove yourself. Ask another administrator to do it."))
    _keep_an_administrator(membership)


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
            user.name = _checked_name("name", name)
        if email is not None:
            user.email = _free_email(email, user)
        if locale is not None:
            user.locale = locale or None
        if time_zone is not None:
            user.time_zone = checked_time_zone(time_zone)
        if theme is not None:
            user.theme = _checked_word("theme", theme, THEMES)
        if has_shortcuts is not None:
            user.has_shortcuts = has_shortcuts


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
        _end_sessions(user, but=keep_session)


def replace_access_token(user: User) -> AccessToken:
    """Give the person a new token; the old one stops working."""
    with transaction():
        token = access_token_of(user)
        if token is None:
            token = AccessToken(user_id=user.id)
            db.session.add(token)
        token.token = new_token()
    return token


def invite_agent(membership: Membership, *, actor: User) -> str:
    """The token of a link that lets a person of the account set their password.

    Raises:
        NotAllowed: it would open more than this account, or go round one's own current password.
    """
    if membership.user_id == actor.id:
        raise NotAllowed(N_("You are signed in: change your own password on your profile page."))
    if is_known_elsewhere(membership, actor):
        raise NotAllowed(
            N_(
                "This person also works in another account, which the link would open too. "
                "They sign in with the password they have; whoever runs the server can reset it."
            )
        )
    return make_password_link(membership.user)


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
        _end_sessions(user)
    return user


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


def start_session(user: User) -> str:
    """The token of a new session."""
    token = new_token(32)
    with transaction():
        db.session.add(UserSession(digest=digest(token), user_id=user.id))
    return token


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


def end_session(token: str) -> None:
    ended = delete(UserSession).where(UserSession.digest == digest(token)).returning(UserSession.user_id)
    with transaction():
        user_id = db.session.scalar(ended)
        if user_id is not None:
            record("sessions.ended", user_id=user_id)


def touch_session(session_id: int) -> None:
    """Note that the session was used just now."""
    with transaction():
        db.session.execute(
            update(UserSession).where(UserSession.id == session_id).values(last_used_at=clock.now())
        )


def forget_the_old() -> None:
    """Throw away sessions, links and failures whose time is over."""
    now = clock.now()
    with transaction():
        db.session.execute(delete(UserSession).where(UserSession.last_used_at < now - SESSION_LIFETIME))
        db.session.execute(delete(SignInToken).where(SignInToken.expires_at < now))
        db.session.execute(delete(PasswordLink).where(PasswordLink.expires_at < now))
        db.session.execute(delete(SignInFailure).where(SignInFailure.created_at < now - FAILURE_WINDOW))


def checked_password(password: str) -> str:
    """The password, if it may be one.

    Raises:
        Invalid: too short or too long.
    """
    if len(password) < SHORTEST:
        raise Invalid("password", N_("Use at least %(length)s characters."), length=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("password", N_("Use at most %(length)s characters."), length=LONGEST)
    return password


def checked_time_zone(name: str) -> str:
    if name not in clock.time_zones():
        raise Invalid("time_zone", N_("is not a time zone"))
    return name


def checked_email(email: str) -> str:
    """The address in lower case, if it can be one; whether it exists nobody asks.

    Raises:
        Invalid: it cannot.
    """
    try:
        valid = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid("email", N_("is invalid")) from None
    return valid.normalized.lower()


def _create_user(*, name: str, email: str) -> User:
    address = checked_email(email)
    user = User(name=_checked_name("name", name or address.split("@")[0]), email=address)
    db.session.add(user)
    db.session.flush()
    db.session.add(AccessToken(user_id=user.id))
    return user


def _free_email(email: str, user: User) -> str:
    address = checked_email(email)
    owner = user_by_email(address)
    if owner is not None and owner.id != user.id:
        raise Invalid("email", N_("has already been taken"))
    return address


def _spend_link(token: str) -> None:
    """Of two who follow the link at once, only one gets it."""
    spent = delete(PasswordLink).where(PasswordLink.digest == digest(token)).returning(PasswordLink.id)
    if db.session.scalar(spent) is None:
        raise NotFound


def _set_password(user: User, hashed: str) -> None:
    user.password_hash = hashed
    user.pubsub_token = new_token()


def _end_sessions(user: User, *, but: str = "") -> None:
    others = delete(UserSession).where(UserSession.user_id == user.id, UserSession.digest != digest(but))
    db.session.execute(others)
    db.session.execute(delete(SignInToken).where(SignInToken.user_id == user.id))
    record("sessions.ended", user_id=user.id)


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


def _rename(membership: Membership, name: str, actor: User) -> None:
    """A name is the person's in every account, so only whoever administers them all may change it."""
    if (
        name != membership.user.name
        and membership.user_id != actor.id
        and is_known_elsewhere(membership, actor)
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


def _checked_name(field: str, name: str) -> str:
    tidy = _BAD_IN_NAMES.sub(" ", name).strip()
    if not tidy:
        raise Invalid(field, N_("can't be blank"))
    if len(tidy) > LONGEST_NAME:
        raise Invalid(field, N_("is too long (maximum is %(length)s characters)"), length=LONGEST_NAME)
    return tidy


def _checked_word(field: str, word: str, words: tuple[str, ...]) -> str:
    if word not in words:
        raise Invalid(field, N_("is not included in the list"))
    return word
