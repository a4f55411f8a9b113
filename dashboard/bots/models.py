"""Bots: programs that answer customers before, or beside, people."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import JsonObject
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.file_addresses import address_of_picture
from dashboard.lib.tokens import new_token


class AgentBot(db.Model):
    """A program of somebody's: events go to `outgoing_url`, signed with `secret`; with `token` it answers.

    Both are shown to administrators again, so they are kept as they are.
    """

    __tablename__ = "agent_bots"
    __table_args__ = (
        Index(
            "ix_agent_bots_avatar_key",
            "avatar_key",
            sqlite_where=text("avatar_key IS NOT NULL"),
            postgresql_where=text("avatar_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    outgoing_url: Mapped[str] = mapped_column(String(2048), default="")
    bot_config: Mapped[dict[str, Any]] = mapped_column(JsonObject, default=dict)
    avatar_key: Mapped[str | None] = mapped_column(String(64))  # of the small picture among the files
    secret: Mapped[str] = mapped_column(String(64), default=new_token)
    token: Mapped[str] = mapped_column(String(64), default=new_token, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    @property
    def thumbnail(self) -> str:
        """Where programs find the picture; nothing of one that has none."""
        return address_of_picture(self.avatar_key) if self.avatar_key else ""


Actor = User | AgentBot  # who does something: a person of the desk, or a bot with its token
