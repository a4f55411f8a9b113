"""Which app was told what of whom is written down."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ["contact_id", "app_id", "origin", "day"]


def upgrade() -> None:
    op.create_table(
        "app_disclosures",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("app_id", ID, nullable=False),
        sa.Column("app_title", sa.String(255), nullable=False),
        sa.Column("origin", sa.String(255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.UniqueConstraint(*KEY),
    )
    op.create_index("ix_app_disclosures_app", "app_disclosures", ["account_id", "app_id", "id"])
    op.create_index("ix_app_disclosures_day", "app_disclosures", ["day"])


def downgrade() -> None:
    op.drop_table("app_disclosures")
