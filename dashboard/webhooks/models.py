"""What is told to other people's servers: each event's body once, and a delivery of it for each receiver."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

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

WAITING = "waiting"
DONE = "done"
FAILED = "failed"


def _where(condition: str) -> dict[str, Any]:
    """Of an index that has only some of the rows in it."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


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
        Index("ix_endpoints_callback", "inbox_id", unique=True, **_where("kind = 'inbox'")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10), default=WEBHOOK)
    # Of a webhook it is only shown, as upstream does: webhooks are told of every inbox.
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inboxes.id", ondelete="CASCADE"), index=True)
    bot_id: Mapped[int | None] = mapped_column(ForeignKey("agent_bots.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    url: Mapped[str | None] = mapped_column(String(2048))  # of a webhook none: a job is deleting it
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
    """A notice on its way to one endpoint.

    `due_at` is when it may be sent next: while somebody sends it, under a lease, that is when that one is
    taken for dead; while an earlier one of its `lane` is on its way, that is when this one goes all the same.
    `sent_at` and what follows say how the last attempt went, `history` how those before it did.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        Index("ix_deliveries_endpoint", "endpoint_id", "id"),
        Index("ix_deliveries_message", "message_id", **_where("message_id IS NOT NULL")),
        # What the sender asks all the time has indices of its own: only what is still on its way.
        Index("ix_deliveries_due", "endpoint_id", "due_at", "id", **_where("state = 'waiting'")),
        Index("ix_deliveries_lane", "lane", "id", **_where("state = 'waiting'")),
        # And people ask for what has failed, for a number, for a conversation.
        Index("ix_deliveries_failed", "endpoint_id", "id", **_where("state = 'failed'")),
        Index("ix_deliveries_uuid", "uuid", **_where("state <> 'waiting'")),
        Index("ix_deliveries_lane_ended", "lane", "id", **_where("state <> 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("endpoints.id", ondelete="CASCADE"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), index=True)
    # Whose status, or whose conversation's, hangs on how it goes.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    lane: Mapped[str] = mapped_column(String(60))
    uuid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    lease: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    took: Mapped[int | None]  # milliseconds
    code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(
        String(20)
    )  # a word of `outgoing.SENTENCES`, where no code came
    answer: Mapped[str | None] = mapped_column(Text)  # the beginning of what was answered
    history: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    endpoint: Mapped[Endpoint] = relationship()
    notice: Mapped[Notice] = relationship()

    def is_in_hand(self, now: datetime) -> bool:
        """Whether somebody is sending it just then."""
        return self.state == WAITING and self.lease is not None and self.due_at > now
