"""How apps are used is counted by the hour."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APP = "dashboard_apps.id"


def upgrade() -> None:
    op.create_table(
        "app_usage",
        sa.Column("app_id", ID, sa.ForeignKey(APP, ondelete="CASCADE"), primary_key=True),
        sa.Column("hour", sa.Integer(), autoincrement=False, primary_key=True),
        sa.Column("measure", sa.String(10), primary_key=True),
        sa.Column("bucket", ID, autoincrement=False, primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_index("ix_app_usage_hour", "app_usage", ["hour"])


def downgrade() -> None:
    op.drop_table("app_usage")
