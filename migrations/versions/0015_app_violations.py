"""Where apps tried to go and were stopped, and what their frames may show besides."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("dashboard_apps", sa.Column("frame_origins", JSON, nullable=False, server_default="[]"))
    op.create_table(
        "app_violations",
        sa.Column("id", ID, nullable=False),
        sa.Column("app_id", ID, nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id"],
            ["dashboard_apps.id"],
            name=op.f("fk_app_violations_app_id_dashboard_apps"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_violations")),
        sa.UniqueConstraint("app_id", "origin", name=op.f("uq_app_violations_app_id_origin")),
    )


def downgrade() -> None:
    op.drop_table("app_violations")
    op.drop_column("dashboard_apps", "frame_origins")
