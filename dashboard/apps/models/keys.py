"""What this desk signs with, and which signed tokens may not come a second time."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime


class SigningKey(db.Model):
    """A pair of keys. The number is given by whoever makes it: of two processes at once, only one can."""

    __tablename__ = "signing_keys"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    kid: Mapped[str] = mapped_column(String(64), unique=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(Json)
    private_key: Mapped[str] = mapped_column(Text)  # sealed: see lib.sealing
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    active_from: Mapped[datetime] = mapped_column(UtcDateTime)
    retire_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedToken(db.Model):
    """A launch token that somebody has asked about: it is good for one use."""

    __tablename__ = "used_tokens"

    jti: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
