"""Apps are known by a name of their own, and told who looks at them in signed tokens."""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("public_jwk", JSON, nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("active_from", MOMENT, nullable=False),
        sa.Column("retire_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_signing_keys"),
        sa.UniqueConstraint("kid", name="uq_signing_keys_kid"),
    )
    op.create_table(
        "used_tokens",
        sa.Column("jti", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("jti", name="pk_used_tokens"),
    )
    op.create_index("ix_used_tokens_expires_at", "used_tokens", ["expires_at"])
    # In words that both databases take: SQLite cannot add a constraint later without copying the table.
    op.execute(
        "ALTER TABLE dashboard_apps ADD COLUMN launch VARCHAR(10) DEFAULT 'none' NOT NULL "
        "CONSTRAINT ck_dashboard_apps_launch CHECK (launch IN ('none', 'post', 'query'))"
    )
    client_id = sa.Column("client_id", sa.String(24), server_default="", nullable=False)
    op.add_column("dashboard_apps", client_id)
    _name_apps()
    op.create_index("ix_dashboard_apps_client_id", "dashboard_apps", ["client_id"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_dashboard_apps_client_id", "dashboard_apps")
    op.drop_column("dashboard_apps", "client_id")
    _drop_launch()
    op.drop_table("used_tokens")
    op.drop_table("signing_keys")


def _drop_launch() -> None:
    """SQLite drops no column of which a condition speaks, and the copy of a table makes it one of the table."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_column("dashboard_apps", "launch")
        return
    last = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'dashboard_apps'"))
    with op.batch_alter_table("dashboard_apps", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f("ck_dashboard_apps_launch"), type_="check")
        table.drop_column("launch")
    if last is not None:
        counter = sa.text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'dashboard_apps'")
        connection.execute(counter, {"last": last})


def _name_apps() -> None:
    apps = sa.table("dashboard_apps", sa.column("id", NUMBER), sa.column("client_id", sa.String(24)))
    connection = op.get_bind()
    for (number,) in connection.execute(sa.select(apps.c.id)).all():
        name = "".join(secrets.choice(LETTERS) for _ in range(24))
        connection.execute(apps.update().where(apps.c.id == number).values(client_id=name))
