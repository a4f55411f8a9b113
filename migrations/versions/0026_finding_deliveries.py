"""Deliveries are found by what came of them, by their number and by their conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FAILED = "state = 'failed'"
ENDED = "state <> 'waiting'"  # what waits has indices of its own


def upgrade() -> None:
    _index_some("ix_deliveries_failed", ["endpoint_id", "id"], FAILED)
    _index_some("ix_deliveries_lane_ended", ["lane", "id"], ENDED)
    _index_some("ix_deliveries_uuid", ["uuid"], ENDED)


def downgrade() -> None:
    for name in ("ix_deliveries_uuid", "ix_deliveries_lane_ended", "ix_deliveries_failed"):
        op.drop_index(name, "deliveries")


def _index_some(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
