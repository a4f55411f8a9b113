"""What is told to other people's servers: each event's body once, and a delivery of it for each receiver."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.tokens import new_token

if TYPE_CHECKING:
    from dashboard.bots.models import AgentBot
    from dashboard.inboxes.models import Inbox

WEBHOOK = "webhook"
CALLBACK = "inbox"
BOT = "bot"

WAITING = "waiting"  # in line: the next of its lane goes only after it
LATE = "late"  # given up in line, tried again by itself
DONE = "done"
FAILED = "failed"


class Endpoint(db.Model):
    """Who is told of events: an account's webhook, the callback of an inbox, or a bot.

    A webhook has its address, secret and events here; of the other two they stand at the inbox and the bot,
    and the row only says how it goes with them: since when nothing arrives, after how many attempts.
    """

    __tablename__ = "endpoints"
    __table_args__ = (
        CheckConstraint("kind IN ('webhook', 'inbox', 'bot')", name="kind"),
        CheckConstraint("paused_by IN ('', 'person', 'failures')", name="paused_by"),
        UniqueConstraint("account_id", "url"),
        Index(
            "ix_endpoints_callback",
            "inbox_id",
            unique=True,
            sqlite_where=text("kind = 'inbox'"),
            postgresql_where=text("kind = 'inbox'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10), default=WEBHOOK)
    # Of a webhook it is only shown, as upstream does: webhooks are told of every inbox.
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inboxes.id", ondelete="CASCADE"), index=True)
    bot_id: Mapped[int | None] = mapped_column(ForeignKey("agent_bots.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    url: Mapped[str | None] = mapped_column(String(2048))
    secret: Mapped[str] = mapped_column(String(64), default=new_token)
    old_secret: Mapped[str | None] = mapped_column(String(64))  # signs too, until then
    old_secret_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    events: Mapped[list[str]] = mapped_column(Json, default=list)
    failures: Mapped[int] = mapped_column(default=0)  # attempts since the last success
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_by: Mapped[str] = mapped_column(String(10), default="")
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when somebody looked at why it is paused
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    inbox: Mapped["Inbox | None"] = relationship()
    bot: Mapped["AgentBot | None"] = relationship()


class Notice(db.Model):
    """A fact as it is told: the very bytes that are signed, written with the change that they tell of."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    event: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


class Delivery(db.Model):
    """A notice on its way to one receiver, so far the callback of an inbox.

    Those of one `lane` go one after the other. `due_at` is when it may be sent next; while somebody sends it,
    that is when this one is taken for dead.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'late', 'done', 'failed')", name="state"),
        Index(
            "ix_deliveries_lane",
            "lane",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inboxes.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    lane: Mapped[str] = mapped_column(String(60))
    uuid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(255))

    notice: Mapped[Notice] = relationship()
