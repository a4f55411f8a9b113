"""What a page sends again is known by the name that the page gave it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("sent_as", sa.String(64)))
    named = sa.text("sent_as IS NOT NULL")
    op.create_index(
        "ix_messages_sent_as",
        "messages",
        ["conversation_id", "sent_as"],
        unique=True,
        sqlite_where=named,
        postgresql_where=named,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_sent_as", "messages")
    op.drop_column("messages", "sent_as")
