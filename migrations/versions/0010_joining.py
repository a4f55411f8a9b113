"""Whoever has an account elsewhere joins one more with a link."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("memberships", sa.Column("join_digest", sa.String(64)))
    op.add_column("memberships", sa.Column("join_expires_at", sa.DateTime(timezone=True)))
    op.create_index("ix_memberships_join_digest", "memberships", ["join_digest"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_memberships_join_digest", "memberships")
    op.drop_column("memberships", "join_expires_at")
    op.drop_column("memberships", "join_digest")
