"""Apps see and do what was chosen, and are seen by whom it was chosen for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
SCOPES = (
    '["contact.basic", "contact.private", "contact.attributes", "conversation.basic", '
    '"conversation.attributes", "messages", "agent.email"]'
)
LISTS = {"scopes": SCOPES, "actions": "[]", "visibility": "{}", "conditions": "[]"}


def upgrade() -> None:
    for name, first in LISTS.items():
        column = sa.Column(name, JSON, server_default=sa.text(f"'{first}'"), nullable=False)
        op.add_column("dashboard_apps", column)
    op.add_column("dashboard_apps", sa.Column("state", sa.String(10), server_default="live", nullable=False))


def downgrade() -> None:
    for name in ("state", *LISTS):
        op.drop_column("dashboard_apps", name)
