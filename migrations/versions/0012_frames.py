"""What the frame of an app may do beyond the least."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("dashboard_apps", sa.Column("sandbox", JSON, nullable=False, server_default="[]"))
    op.add_column("dashboard_apps", sa.Column("features", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("dashboard_apps", "features")
    op.drop_column("dashboard_apps", "sandbox")
