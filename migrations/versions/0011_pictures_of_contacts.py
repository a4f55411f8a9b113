"""Contacts have pictures: files of ours, where there was an address that nobody could set."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("avatar_key", sa.String(64)))
    kept = sa.text("avatar_key IS NOT NULL")
    op.create_index(
        "ix_contacts_avatar_key", "contacts", ["avatar_key"], sqlite_where=kept, postgresql_where=kept
    )
    op.drop_column("contacts", "thumbnail")


def downgrade() -> None:
    op.add_column("contacts", sa.Column("thumbnail", sa.String(2048), nullable=False, server_default=""))
    op.drop_index("ix_contacts_avatar_key", "contacts")
    op.drop_column("contacts", "avatar_key")
