"""Labels and custom attributes are defined, contacts have labels and notes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for mark in ("labels_mark", "attributes_mark"):
        op.add_column("accounts", sa.Column(mark, sa.String(24), server_default="", nullable=False))
    op.add_column("contacts", sa.Column("labels", JSON, server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        "custom_attribute_definitions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("attribute_model", sa.String(30), nullable=False),
        sa.Column("attribute_key", sa.String(255), nullable=False),
        sa.Column("attribute_display_name", sa.String(255), nullable=False),
        sa.Column("attribute_display_type", sa.String(20), nullable=False),
        sa.Column("attribute_description", sa.Text(), nullable=True),
        sa.Column("attribute_values", JSON, nullable=False),
        sa.Column("regex_pattern", sa.String(255), nullable=True),
        sa.Column("regex_cue", sa.String(255), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_custom_attribute_definitions_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_custom_attribute_definitions"),
        sa.UniqueConstraint(
            "account_id",
            "attribute_model",
            "attribute_key",
            name="uq_custom_attribute_definitions_key",
        ),
    )
    op.create_table(
        "labels",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("color", sa.String(255), nullable=False),
        sa.Column("show_on_sidebar", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_labels_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.UniqueConstraint("account_id", "title", name="uq_labels_account_id_title"),
    )
    op.create_table(
        "contact_labels",
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_contact_labels_account_id_accounts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_contact_labels_contact_id_contacts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "title", name="pk_contact_labels"),
    )
    op.create_index(
        "ix_contact_labels_account_id_title_contact_id",
        "contact_labels",
        ["account_id", "title", "contact_id"],
    )
    op.create_table(
        "notes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_notes_contact_id_contacts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_notes_user_id_users", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_contact", "notes", ["contact_id", "id"])
    op.create_index("ix_notes_user_id", "notes", ["user_id"])


def downgrade() -> None:
    for table in ("notes", "contact_labels", "labels", "custom_attribute_definitions"):
        op.drop_table(table)
    op.drop_column("contacts", "labels")
    for mark in ("labels_mark", "attributes_mark"):
        op.drop_column("accounts", mark)
