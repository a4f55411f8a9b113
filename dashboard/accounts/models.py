"""Accounts, the people in them, and how they prove who they are."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy import true
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.tokens import new_token

ROLES = ("agent", "administrator")
AVAILABILITIES = ("online", "busy", "offline")
THEMES = ("system", "light", "dark")


class Installation(db.Model):
    """One row once somebody has set the desk up: its key lets only one of two set-ups at once win."""

    __tablename__ = "installations"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Account(db.Model):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    locale: Mapped[str] = mapped_column(String(20), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    last_display_id: Mapped[int] = mapped_column(default=0)
    # New with every change of what the account has defined, so that each process may keep what it has read.
    labels_mark: Mapped[str] = mapped_column(String(24), default="")
    attributes_mark: Mapped[str] = mapped_column(String(24), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)


class User(db.Model):
    """A person who signs in. Without a password hash the invitation has not been accepted yet."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(255))  # always lower case
    password_hash: Mapped[str | None] = mapped_column(String(255))
    pubsub_token: Mapped[str] = mapped_column(String(64), default=new_token, unique=True)
    locale: Mapped[str | None] = mapped_column(String(20))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    theme: Mapped[str] = mapped_column(String(10), default="system")
    has_shortcuts: Mapped[bool] = mapped_column(
        default=True, server_default=true()
    )  # single keys do something
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    # Flask-Login's four words, spelled out so that floors below the doors need no Flask.
    is_active = True
    is_authenticated = True
    is_anonymous = False
    session_token = ""  # of the browser that just signed in; never stored

    def get_id(self) -> str:
        """What the cookie keeps: not the person's number but the session's token."""
        return self.session_token

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has set a password."""
        return self.password_hash is not None


class Membership(db.Model):
    """What one person is in one account. While it waits for them to join, it opens nothing to them."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("account_id", "user_id"),
        CheckConstraint("role IN ('agent', 'administrator')", name="role"),
        CheckConstraint("availability IN ('online', 'busy', 'offline')", name="availability"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20), default="agent")
    availability: Mapped[str] = mapped_column(String(10), default="online")
    auto_offline: Mapped[bool] = mapped_column(default=True)
    join_digest: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    join_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    account: Mapped[Account] = relationship()
    user: Mapped[User] = relationship()

    @property
    def is_administrator(self) -> bool:
        return self.role == "administrator"

    @property
    def is_waiting(self) -> bool:
        """Whether the person has yet to join, with the link that was made for them."""
        return self.join_digest is not None


class AccessToken(db.Model):
    """The key of the API. Shown to its owner again, so it is kept as it is."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(64), default=new_token, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User] = relationship()


class UserSession(db.Model):
    """A browser that is signed in. Deleting the row signs it out wherever its cookie is."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)

    user: Mapped[User] = relationship()


class SignInToken(db.Model):
    """What a phone's or a desktop's client keeps instead of a password: it names itself and shows a token."""

    __tablename__ = "sign_in_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client: Mapped[str] = mapped_column(String(64), default=new_token, unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User] = relationship()


class PasswordLink(db.Model):
    """A link that sets a password: once, within seven days."""

    __tablename__ = "password_links"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInFailure(db.Model):
    """A wrong password, kept for five minutes. In the database, because every process must count the same."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "subject", "created_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))  # digest of the e-mail or of the network address
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
