"""Bots, and who is told of events: webhooks, callbacks of inboxes, bots."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
BOT = "agent_bots.id"
OF_A_BOT = (("inboxes", "agent_bot_id"), ("conversations", "assignee_bot_id"), ("messages", "sender_bot_id"))


def upgrade() -> None:
    op.create_table(
        "agent_bots",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("outgoing_url", sa.String(2048), nullable=False),
        sa.Column("bot_config", JSON, nullable=False),
        sa.Column("avatar_key", sa.String(64)),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.UniqueConstraint("token", name="uq_agent_bots_token"),
    )
    op.create_index("ix_agent_bots_account_id", "agent_bots", ["account_id"])
    _index_known("ix_agent_bots_avatar_key", "agent_bots", "avatar_key")
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for table, column in OF_A_BOT:
        # Said in the column itself: SQLite would otherwise copy the whole table.
        bot = f"CONSTRAINT fk_{table}_{column} REFERENCES agent_bots (id) ON DELETE SET NULL"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {number} {bot}")
    op.create_index("ix_inboxes_agent_bot_id", "inboxes", ["agent_bot_id"])
    _index_known("ix_conversations_assignee_bot", "conversations", "assignee_bot_id")
    _index_known("ix_messages_sender_bot", "messages", "sender_bot_id")
    op.create_table(
        "endpoints",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("inbox_id", ID, sa.ForeignKey("inboxes.id", ondelete="CASCADE")),
        sa.Column("bot_id", ID, sa.ForeignKey(BOT, ondelete="CASCADE")),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("url", sa.String(2048)),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("old_secret", sa.String(64)),
        sa.Column("old_secret_until", TIME),
        sa.Column("events", JSON, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", TIME),
        sa.Column("paused_by", sa.String(10), nullable=False),
        sa.Column("paused_at", TIME),
        sa.Column("seen_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint("kind IN ('webhook', 'inbox', 'bot')", name="ck_endpoints_kind"),
        sa.CheckConstraint("paused_by IN ('', 'person', 'failures')", name="ck_endpoints_paused_by"),
        sa.UniqueConstraint("account_id", "url", name="uq_endpoints_account_id_url"),
        sa.UniqueConstraint("bot_id", name="uq_endpoints_bot_id"),
    )
    op.create_index("ix_endpoints_inbox_id", "endpoints", ["inbox_id"])
    callback = sa.text("kind = 'inbox'")
    op.create_index(
        "ix_endpoints_callback",
        "endpoints",
        ["inbox_id"],
        unique=True,
        sqlite_where=callback,
        postgresql_where=callback,
    )


def downgrade() -> None:
    op.drop_table("endpoints")
    op.drop_index("ix_messages_sender_bot", "messages")
    op.drop_index("ix_conversations_assignee_bot", "conversations")
    op.drop_index("ix_inboxes_agent_bot_id", "inboxes")
    for table, column in reversed(OF_A_BOT):
        op.drop_column(table, column)
    op.drop_table("agent_bots")


def _index_known(name: str, table: str, column: str) -> None:
    known = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], sqlite_where=known, postgresql_where=known)
