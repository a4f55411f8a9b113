"""Apps may have a page of their own: more placements."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE = "dashboard_apps"


def upgrade() -> None:
    _allow("'side', 'tab', 'both', 'page', 'side+page', 'tab+page', 'both+page'")


def downgrade() -> None:
    op.execute("UPDATE dashboard_apps SET placement = replace(placement, '+page', '')")
    op.execute("UPDATE dashboard_apps SET placement = 'side' WHERE placement = 'page'")
    _allow("'side', 'tab', 'both'")


def _allow(placements: str) -> None:
    """SQLite changes no condition of a table: it is made anew, and must go on counting as before."""
    connection = op.get_bind()
    found = [check["name"] for check in sa.inspect(connection).get_check_constraints(TABLE)]
    name = op.f(next(str(name) for name in found if str(name).endswith("_placement")))
    last = _last_number(connection)
    with op.batch_alter_table(TABLE, table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"placement IN ({placements})")
    if last is not None:
        counter = sa.text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'dashboard_apps'")
        connection.execute(counter, {"last": last})


def _last_number(connection: sa.Connection) -> int | None:
    if connection.dialect.name != "sqlite":
        return None
    return connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'dashboard_apps'"))
