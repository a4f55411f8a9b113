"""The words of messages, for search; indexes for what nobody has attended to and for the oldest of a priority.

`message_words` is written by the application for both databases, so that both fold case and accents alike.
SQLite keeps a full-text table over it, fed by triggers: a later migration that rebuilds `message_words` must
make them again. PostgreSQL keeps an inverted index. What there is already is read once, in the order of ids.
"""

import json
import re
from collections.abc import Iterator
from unicodedata import category
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")

SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE messages_search USING fts5(
        words, content='message_words', content_rowid='id', tokenize="ascii tokenchars '.'", detail=none,
        columnsize=0
    )
    """,
    "INSERT INTO messages_search(messages_search) VALUES ('rebuild')",
    """
    CREATE TRIGGER messages_search_insert AFTER INSERT ON message_words BEGIN
        INSERT INTO messages_search(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER messages_search_delete AFTER DELETE ON message_words BEGIN
        INSERT INTO messages_search(messages_search, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
)
# What is written at once is found at once: a list of what is pending would be read by every search.
POSTGRESQL_SEARCH = (
    "CREATE INDEX ix_message_words_search ON message_words USING gin (words) WITH (fastupdate = off)",
    "ANALYZE message_words",
)

UNATTENDED = (
    ("ix_conversations_unattended", "account_id", "status", "last_activity_at", "id"),
    ("ix_conversations_unattended_counted", "inbox_id", "status", "assignee_id"),
)

BATCH = 5_000
SLICE_BITS = 15
LONGEST, MOST = 64, 20_000
_SIGNS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+")


def upgrade() -> None:
    op.create_table(
        "message_words",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("words", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["messages.id"], name="fk_message_words_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_words"),
    )
    for name, *columns in UNATTENDED:
        where = sa.text("first_reply_created_at IS NULL OR waiting_since IS NOT NULL")
        op.create_index(name, "conversations", columns, sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_conversations_age", "conversations", ["account_id", "status", "priority", "created_at", "id"]
    )
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    kind = "text" if is_sqlite else "tsvector"
    into = sa.text(f"INSERT INTO message_words (id, words) VALUES (:id, CAST(:words AS {kind}))")
    for rows in batches(connection):
        connection.execute(into, rows)
    for statement in SQLITE_SEARCH if is_sqlite else POSTGRESQL_SEARCH:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE messages_search")
    op.drop_table("message_words")
    for name in ("ix_conversations_age", *(name for name, *_ in UNATTENDED)):
        op.drop_index(name, "conversations")


def batches(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    some = sa.text(
        "SELECT m.id, m.content, m.content_attributes, c.account_id, c.inbox_id "
        "FROM messages m JOIN conversations c ON c.id = m.conversation_id "
        "WHERE m.id > :last AND m.message_type <> 'activity' ORDER BY m.id LIMIT :batch"
    )
    last = 0
    while rows := connection.execute(some, {"last": last, "batch": BATCH}).all():
        last = rows[-1].id
        if written := [row for row in map(written_of, rows) if row]:
            yield written


def written_of(row: sa.Row) -> dict[str, object] | None:
    attributes = row.content_attributes
    attributes = json.loads(attributes) if isinstance(attributes, str) else attributes
    words = dict.fromkeys(word[:LONGEST] for word in _WORD.findall(fold(row.content)))
    if not words or (attributes or {}).get("deleted"):
        return None
    piece = row.id >> SLICE_BITS
    stored = [f"{row.account_id}.{piece}.{word}" for word in list(words)[:MOST]]
    return {"id": row.id, "words": " ".join([*stored, f"{piece}..{row.inbox_id}"])}


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(letter for letter in normalize("NFD", text.casefold()) if category(letter)[0] != "M")
