"""Messages keep what Markdown makes of them. Those of before are read when they are shown."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("messages", sa.Column("html", sa.Text()))


def downgrade():
    op.drop_column("messages", "html")
