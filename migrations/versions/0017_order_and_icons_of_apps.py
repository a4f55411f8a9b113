"""Apps have a drawing and a place among the tabs; those that are there keep the order in which they were added."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dashboard_apps", sa.Column("icon", sa.String(40), nullable=False, server_default="app-window")
    )
    op.add_column("dashboard_apps", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("dashboard_apps", "position")
    op.drop_column("dashboard_apps", "icon")
