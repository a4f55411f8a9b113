"""Finding accounts, people and the proofs of who they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from dashboard.accounts.models import AccessToken
from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import PasswordLink
from dashboard.accounts.models import SignInFailure
from dashboard.accounts.models import SignInToken
from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.errors import NotFound
from dashboard.lib.tokens import digest
from dashboard.lib.tokens import same

SESSION_LIFETIME = timedelta(days=14)  # since last use
FAILURES_ALLOWED = 5
FAILURE_WINDOW = timedelta(minutes=5)
HAS_JOINED = Membership.join_digest.is_(None)


@dataclass(frozen=True)
class Caller:
    """Somebody who proved who they are, and what they are in the account that the address names."""

    user: User
    session: UserSession | None
    account: Account | None
    membership: Membership | None
    account_count: int = 0  # of the accounts that the person is in; only known for a browser


def caller_of_session(token: str, account_id: int | None) -> Caller | None:
    """Who a browser's session token belongs to; None where it has ended. One query."""
    values = {
        "digest": digest(token),
        "alive": clock.now() - SESSION_LIFETIME,
        "account_id": account_id,
    }
    found = db.session.execute(_BY_SESSION, values).one_or_none()
    return Caller(*found) if found else None


def sessions_of(user_id: int) -> list[UserSession]:
    """The browsers in which a person is signed in."""
    alive = UserSession.last_used_at > clock.now() - SESSION_LIFETIME
    return list(db.session.scalars(select(UserSession).where(UserSession.user_id == user_id, alive)))


def caller_of_token(token: str, account_id: int | None) -> Caller | None:
    """Whose access token that is; None where it is nobody's. One query."""
    found = db.session.execute(_BY_TOKEN, {"token": token, "account_id": account_id}).one_or_none()
    return Caller(found[0], None, found[1], found[2]) if found else None


def caller_of_sign_in(client: str, token: str, email: str, account_id: int | None) -> Caller | None:
    """Who signed in as that client and got that token for it; None where it has ended. One query."""
    values = {"client": client, "alive": clock.now(), "account_id": account_id}
    found = db.session.execute(_BY_SIGN_IN, values).one_or_none()
    if found is None or not same(found.digest, digest(token)) or found[0].email != email.strip().lower():
        return None
    return Caller(found[0], None, found[1], found[2])


def _with_membership(query: Any) -> Any:
    account_id = bindparam("account_id", type_=BigId)
    mine = and_(Membership.account_id == account_id, Membership.user_id == User.id, HAS_JOINED)
    return query.outerjoin(Account, Account.id == account_id).outerjoin(Membership, mine)


@cache
def _memberships() -> Select[Membership]:
    query = select(Membership).join(Membership.account).options(contains_eager(Membership.account))
    return query.where(Membership.user_id == bindparam("user_id"), HAS_JOINED).order_by(Account.name)


# Made once, because every request asks one of them: to build it takes longer than to ask it.
_accounts = (
    select(func.count()).where(Membership.user_id == User.id, HAS_JOINED).correlate(User).scalar_subquery()
)
_BY_SESSION = _with_membership(
    select(User, UserSession, Account, Membership, _accounts).join(UserSession)
).where(UserSession.digest == bindparam("digest"), UserSession.last_used_at > bindparam("alive"))
_BY_TOKEN = _with_membership(select(User, Account, Membership).join(AccessToken)).where(
    AccessToken.token == bindparam("token")
)

_BY_SIGN_IN = _with_membership(
    select(User, Account, Membership, SignInToken.digest).join(SignInToken, SignInToken.user_id == User.id)
).where(SignInToken.client == bindparam("client"), SignInToken.expires_at > bindparam("alive"))


def is_set_up() -> bool:
    """Whether there is an account already."""
    return db.session.scalar(select(Account.id).limit(1)) is not None


def memberships_of(user: User) -> list[Membership]:
    """Every account that a person is in, by name."""
    return list(db.session.scalars(_memberships(), {"user_id": user.id}))


def members_of(account_id: int) -> list[Membership]:
    """The people of an account with their users, by name."""
    query = select(Membership).join(Membership.user).options(contains_eager(Membership.user))
    return list(
        db.session.scalars(
            query.where(Membership.account_id == account_id).order_by(func.lower(User.name), User.id)
        )
    )


def people_among(account_id: int, user_ids: Collection[int]) -> list[User]:
    """Those of an account who have one of these numbers, by name."""
    query = select(User).join(Membership, Membership.user_id == User.id)
    theirs = query.where(Membership.account_id == account_id, User.id.in_(user_ids))
    return list(db.session.scalars(theirs.order_by(func.lower(User.name), User.id)))


def member_of(account_id: int, user_id: int) -> Membership:
    """One person of an account.

    Raises:
        NotFound: nobody of that number is in the account.
    """
    query = select(Membership).join(Membership.user).options(contains_eager(Membership.user))
    found = db.session.scalar(query.where(Membership.account_id == account_id, User.id == user_id))
    if found is None:
        raise NotFound
    return found


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def access_token_of(user: User) -> AccessToken | None:
    return db.session.scalar(select(AccessToken).where(AccessToken.user_id == user.id))


def other_administrators(membership: Membership) -> int:
    """How many administrators the account would keep without this membership; who never signed in counts
    not, or an invitation nobody accepts could lock everybody out."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(Membership.user)
            .where(
                Membership.account_id == membership.account_id,
                Membership.id != membership.id,
                Membership.role == "administrator",
                User.password_hash.is_not(None),
                HAS_JOINED,
            )
        )
        or 0
    )


def is_anywhere(user: User) -> bool:
    """Whether the person is in an account at all."""
    query = select(Membership.id).where(Membership.user_id == user.id, HAS_JOINED)
    return db.session.scalar(query.limit(1)) is not None


def is_known_elsewhere(user: User, actor: User) -> bool:
    """Whether the person is in an account where the actor is no administrator."""
    mine = select(Membership.account_id).where(
        Membership.user_id == actor.id, Membership.role == "administrator", HAS_JOINED
    )
    query = select(Membership.id).where(
        Membership.user_id == user.id, Membership.account_id.not_in(mine), HAS_JOINED
    )
    return db.session.scalar(query.limit(1)) is not None


def membership_to_join(token: str) -> Membership:
    """What the link with that token lets somebody join.

    Raises:
        NotFound: the link is unknown, used or too old.
    """
    query = select(Membership).join(Membership.account).options(contains_eager(Membership.account))
    found = db.session.scalar(
        query.where(Membership.join_digest == digest(token), Membership.join_expires_at > clock.now())
    )
    if found is None:
        raise NotFound
    return found


def password_link_of(token: str) -> PasswordLink | None:
    """The unexpired link with that token."""
    return db.session.scalar(
        select(PasswordLink).where(
            PasswordLink.digest == digest(token), PasswordLink.expires_at > clock.now()
        )
    )


def user_of_password_link(token: str) -> User:
    """The person whose password that link sets.

    Raises:
        NotFound: the link is unknown, used or too old.
    """
    link = password_link_of(token)
    if link is None:
        raise NotFound
    return db.session.get_one(User, link.user_id)


def failures_of(*subjects: str) -> int:
    """How often one of these (an e-mail, a network address) failed in five minutes: the most of them."""
    recent: ColumnElement[bool] = SignInFailure.created_at > clock.now() - FAILURE_WINDOW
    some = SignInFailure.subject.in_([digest(subject) for subject in subjects])
    query = select(func.count()).where(some, recent).group_by(SignInFailure.subject)
    return max(db.session.scalars(query), default=0)
