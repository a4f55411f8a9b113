"""What is changed about apps, and what they do, is written down."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "app_events",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("app_id", ID, nullable=False),
        sa.Column("app_title", sa.String(255), nullable=False),
        sa.Column("user_id", ID, sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("conversation", ID),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_app_events_account", "app_events", ["account_id", "id"])
    op.create_index("ix_app_events_kind", "app_events", ["account_id", "kind", "id"])
    op.create_index("ix_app_events_app", "app_events", ["app_id", "id"])
    op.create_index("ix_app_events_app_kind", "app_events", ["app_id", "kind", "id"])
    op.create_index("ix_app_events_created_at", "app_events", ["created_at"])
    op.create_index("ix_app_events_user_id", "app_events", ["user_id"])


def downgrade() -> None:
    op.drop_table("app_events")
