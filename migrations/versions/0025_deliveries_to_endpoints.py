"""Deliveries go to endpoints, and say how each attempt went."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")

# An inbox whose callback has been told of something gets its row among those who are told.
ANCHORS = """
    INSERT INTO endpoints (account_id, kind, inbox_id, name, secret, events, failures, paused_by, created_at,
        updated_at)
    SELECT account_id, 'inbox', id, '', '', '[]', 0, '', created_at, created_at FROM inboxes
    WHERE id IN (SELECT inbox_id FROM deliveries_before)
"""
MOVE = """
    INSERT INTO deliveries (id, endpoint_id, notice_id, message_id, lane, uuid, state, due_at, attempts, code,
        answer, history, created_at)
    SELECT d.id, e.id, d.notice_id, d.message_id,
        e.id || ':' || CASE WHEN d.rest LIKE 's%' THEN d.rest ELSE 'c' || d.rest END,
        d.uuid,
        CASE WHEN d.state IN ('waiting', 'late')
            THEN CASE WHEN n.event LIKE 'conversation_typing_o%' THEN 'failed' ELSE 'waiting' END
            ELSE d.state END,
        d.due_at, d.attempts, d.code, d.error, '[]', n.created_at
    FROM (SELECT *, substr(lane, length('inbox:' || inbox_id || ':') + 1) AS rest FROM deliveries_before) AS d
    JOIN endpoints AS e ON e.kind = 'inbox' AND e.inbox_id = d.inbox_id
    JOIN notices AS n ON n.id = d.notice_id
"""
MOVE_BACK = """
    INSERT INTO deliveries (id, notice_id, inbox_id, message_id, lane, uuid, state, due_at, attempts, code, error)
    SELECT d.id, d.notice_id, e.inbox_id, d.message_id,
        'inbox:' || e.inbox_id || ':' || CASE WHEN d.rest LIKE 'c%' THEN substr(d.rest, 2) ELSE d.rest END,
        d.uuid, CASE d.state WHEN 'waiting' THEN 'late' ELSE d.state END, d.due_at, d.attempts, d.code, d.error
    FROM (SELECT *, substr(lane, length(endpoint_id || ':') + 1) AS rest FROM deliveries_before) AS d
    JOIN endpoints AS e ON e.kind = 'inbox' AND e.id = d.endpoint_id
"""


def upgrade() -> None:
    _set_aside()
    op.create_table(
        "deliveries",
        sa.Column("id", ID),
        sa.Column("endpoint_id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("message_id", ID),
        sa.Column("lane", sa.String(60), nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", TIME),
        sa.Column("took", sa.Integer()),
        sa.Column("code", sa.Integer()),
        sa.Column("error", sa.String(20)),
        sa.Column("answer", sa.Text()),
        sa.Column("history", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        *_keys("waiting", "done", "failed"),
        _points_to("endpoint_id", "endpoints"),
    )
    op.execute(ANCHORS)
    op.execute(MOVE)
    op.drop_table("deliveries_before")
    op.create_index("ix_deliveries_endpoint", "deliveries", ["endpoint_id", "id"])
    op.create_index("ix_deliveries_notice_id", "deliveries", ["notice_id"])
    _index_some("ix_deliveries_message", ["message_id"], "message_id IS NOT NULL")
    _index_some("ix_deliveries_due", ["endpoint_id", "due_at", "id"], "state = 'waiting'")
    _index_some("ix_deliveries_lane", ["lane", "id"], "state = 'waiting'")
    op.execute("DELETE FROM jobs WHERE kind IN ('webhooks.send_lane', 'webhooks.send_late')")
    _number_on()


def downgrade() -> None:
    _set_aside()
    op.create_table(
        "deliveries",
        sa.Column("id", ID),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("inbox_id", ID),
        sa.Column("message_id", ID),
        sa.Column("lane", sa.String(60), nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("error", sa.String(255)),
        *_keys("waiting", "late", "done", "failed"),
        _points_to("inbox_id", "inboxes"),
    )
    op.execute(MOVE_BACK)
    op.drop_table("deliveries_before")
    op.execute("DELETE FROM endpoints WHERE kind = 'inbox'")
    op.create_index("ix_deliveries_inbox_id", "deliveries", ["inbox_id"])
    op.create_index("ix_deliveries_message_id", "deliveries", ["message_id"])
    op.create_index("ix_deliveries_notice_id", "deliveries", ["notice_id"])
    _index_some("ix_deliveries_lane", ["lane", "id"], "state = 'waiting'")
    _number_on()


def _set_aside() -> None:
    """Made anew with the old rows: so the names of its keys and indices stay those of the model."""
    op.execute("CREATE TABLE deliveries_before AS SELECT * FROM deliveries")
    op.drop_table("deliveries")


def _keys(*states: str) -> tuple[sa.Constraint, ...]:
    known = ", ".join(f"'{state}'" for state in states)
    return (
        sa.CheckConstraint(f"state IN ({known})", name="ck_deliveries_state"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        _points_to("notice_id", "notices"),
        _points_to("message_id", "messages"),
    )


def _points_to(column: str, table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=f"fk_deliveries_{column}", ondelete="CASCADE"
    )


def _index_some(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)


def _number_on() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('deliveries', 'id'), COALESCE(max(id), 0) + 1, false) "
            "FROM deliveries"
        )
