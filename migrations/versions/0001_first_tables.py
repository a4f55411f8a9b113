"""The first tables.

The search for contacts is no part of the models: each database has its own way to find a few letters anywhere in
a text. SQLite keeps a full-text table of three-letter pieces, fed by triggers; a later migration that rebuilds
`contacts` must make the triggers again. PostgreSQL keeps trigrams in an index.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)

SEARCHED = "name, email, phone_number, identifier"
OLD = "old.id, old.name, old.email, old.phone_number, old.identifier"
NEW = "new.id, new.name, new.email, new.phone_number, new.identifier"

SQLITE_SEARCH = (
    f"""
    CREATE VIRTUAL TABLE contacts_search USING fts5(
        {SEARCHED}, content='contacts', content_rowid='id', tokenize='trigram'
    )
    """,
    f"""
    CREATE TRIGGER contacts_search_insert AFTER INSERT ON contacts BEGIN
        INSERT INTO contacts_search(rowid, {SEARCHED}) VALUES ({NEW});
    END
    """,
    f"""
    CREATE TRIGGER contacts_search_delete AFTER DELETE ON contacts BEGIN
        INSERT INTO contacts_search(contacts_search, rowid, {SEARCHED}) VALUES ('delete', {OLD});
    END
    """,
    f"""
    CREATE TRIGGER contacts_search_update AFTER UPDATE OF {SEARCHED} ON contacts BEGIN
        INSERT INTO contacts_search(contacts_search, rowid, {SEARCHED}) VALUES ('delete', {OLD});
        INSERT INTO contacts_search(rowid, {SEARCHED}) VALUES ({NEW});
    END
    """,
)
POSTGRESQL_SEARCH = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE INDEX ix_contacts_search ON contacts USING gin (
        lower(coalesce(name, '') || chr(10) || coalesce(email, '') || chr(10) || coalesce(phone_number, '')
              || chr(10) || coalesce(identifier, '')) gin_trgm_ops
    )
    """,
    # Beginnings of names are found whatever the collation; the list that shows the last active first reads
    # its nulls last, which SQLite's index gives by itself.
    "CREATE INDEX ix_contacts_search_name ON contacts (account_id, lower(name) text_pattern_ops)",
    "CREATE INDEX ix_contacts_search_latest ON contacts (account_id, last_activity_at DESC NULLS LAST, id DESC)",
)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("last_display_id", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_table(
        "installations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installations"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("args", JSON, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_index(
        "ix_jobs_claimable",
        "jobs",
        ["due_at"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )

    op.create_table(
        "sign_in_failures",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_created_at", "sign_in_failures", ["created_at"])
    op.create_index("ix_sign_in_failures_subject_created_at", "sign_in_failures", ["subject", "created_at"])

    op.create_table(
        "users",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("pubsub_token", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.UniqueConstraint("pubsub_token", name="uq_users_pubsub_token"),
    )
    op.create_table(
        "access_tokens",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_access_tokens_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_tokens"),
        sa.UniqueConstraint("token", name="uq_access_tokens_token"),
        sa.UniqueConstraint("user_id", name="uq_access_tokens_user_id"),
    )
    op.create_table(
        "contacts",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("phone_number", sa.String(length=20), nullable=True),
        sa.Column("identifier", sa.String(length=255), nullable=True),
        sa.Column("thumbnail", sa.String(length=2048), nullable=False),
        sa.Column("additional_attributes", JSON, nullable=False),
        sa.Column("custom_attributes", JSON, nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("last_activity_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_contacts_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("account_id", "email", name="uq_contacts_account_id_email"),
        sa.UniqueConstraint("account_id", "identifier", name="uq_contacts_account_id_identifier"),
        sa.UniqueConstraint("account_id", "phone_number", name="uq_contacts_account_id_phone_number"),
    )
    op.create_index("ix_contacts_account_id_created_at", "contacts", ["account_id", "created_at", "id"])
    op.create_index(
        "ix_contacts_account_id_last_activity_at", "contacts", ["account_id", "last_activity_at", "id"]
    )
    op.create_index("ix_contacts_account_id_name", "contacts", ["account_id", sa.text("lower(name)"), "id"])

    op.create_table(
        "dashboard_apps",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("placement", sa.String(length=10), nullable=False),
        sa.Column("reloads", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint("format IN ('auto', 'chatwoot', 'ndoto')", name="ck_dashboard_apps_format"),
        sa.CheckConstraint("placement IN ('side', 'tab', 'both')", name="ck_dashboard_apps_placement"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_dashboard_apps_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_dashboard_apps_user_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dashboard_apps"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dashboard_apps_account_id", "dashboard_apps", ["account_id"])
    op.create_index("ix_dashboard_apps_user_id", "dashboard_apps", ["user_id"])

    op.create_table(
        "inboxes",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("identifier", sa.String(length=64), nullable=False),
        sa.Column("hmac_token", sa.String(length=64), nullable=False),
        sa.Column("hmac_mandatory", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("webhook_url", sa.String(length=2048), nullable=False),
        sa.Column("lock_to_single_conversation", sa.Boolean(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_inboxes_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inboxes"),
        sa.UniqueConstraint("identifier", name="uq_inboxes_identifier"),
    )
    op.create_index("ix_inboxes_account_id", "inboxes", ["account_id"])

    op.create_table(
        "memberships",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("availability", sa.String(length=10), nullable=False),
        sa.Column("auto_offline", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "availability IN ('online', 'busy', 'offline')", name="ck_memberships_availability"
        ),
        sa.CheckConstraint("role IN ('agent', 'administrator')", name="ck_memberships_role"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_memberships_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memberships_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
        sa.UniqueConstraint("account_id", "user_id", name="uq_memberships_account_id_user_id"),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])

    op.create_table(
        "password_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_password_links_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_password_links"),
        sa.UniqueConstraint("digest", name="uq_password_links_digest"),
    )
    op.create_index("ix_password_links_user_id", "password_links", ["user_id"])

    op.create_table(
        "user_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_user_sessions_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_user_sessions"),
        sa.UniqueConstraint("digest", name="uq_user_sessions_digest"),
    )
    op.create_index("ix_user_sessions_last_used_at", "user_sessions", ["last_used_at"])
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])

    op.create_table(
        "contact_inboxes",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("inbox_id", ID, nullable=False),
        sa.Column("source_id", sa.String(length=255), nullable=False),
        sa.Column("hmac_verified", sa.Boolean(), nullable=False),
        sa.Column("pubsub_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_contact_inboxes_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inboxes.id"], name="fk_contact_inboxes_inbox_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact_inboxes"),
        sa.UniqueConstraint("inbox_id", "source_id", name="uq_contact_inboxes_inbox_id_source_id"),
        sa.UniqueConstraint("pubsub_token", name="uq_contact_inboxes_pubsub_token"),
    )
    op.create_index("ix_contact_inboxes_contact_id", "contact_inboxes", ["contact_id"])

    op.create_table(
        "inbox_members",
        sa.Column("inbox_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inboxes.id"], name="fk_inbox_members_inbox_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_inbox_members_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("inbox_id", "user_id", name="pk_inbox_members"),
    )
    op.create_index("ix_inbox_members_user_id", "inbox_members", ["user_id"])

    op.create_table(
        "conversations",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("inbox_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("contact_inbox_id", ID, nullable=False),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("display_id", ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("snoozed_until", TIME, nullable=True),
        sa.Column("agent_last_seen_at", TIME, nullable=True),
        sa.Column("assignee_last_seen_at", TIME, nullable=True),
        sa.Column("contact_last_seen_at", TIME, nullable=True),
        sa.Column("waiting_since", TIME, nullable=True),
        sa.Column("first_reply_created_at", TIME, nullable=True),
        sa.Column("last_activity_at", TIME, nullable=False),
        sa.Column("custom_attributes", JSON, nullable=False),
        sa.Column("additional_attributes", JSON, nullable=False),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'resolved', 'pending', 'snoozed')", name="ck_conversations_status"
        ),
        sa.CheckConstraint("priority BETWEEN -1 AND 3", name="ck_conversations_priority"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_conversations_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["users.id"], name="fk_conversations_assignee_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_conversations_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_inbox_id"],
            ["contact_inboxes.id"],
            name="fk_conversations_contact_inbox_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inboxes.id"], name="fk_conversations_inbox_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("account_id", "display_id", name="uq_conversations_account_id_display_id"),
        sa.UniqueConstraint("uuid", name="uq_conversations_uuid"),
    )
    op.create_index(
        "ix_conversations_activity", "conversations", ["account_id", "status", "last_activity_at", "id"]
    )
    op.create_index("ix_conversations_any_status", "conversations", ["account_id", "last_activity_at", "id"])
    op.create_index(
        "ix_conversations_assignee",
        "conversations",
        ["assignee_id", "account_id", "status", "last_activity_at", "id"],
    )
    op.create_index("ix_conversations_contact", "conversations", ["contact_id", "last_activity_at"])
    op.create_index("ix_conversations_contact_inbox", "conversations", ["contact_inbox_id", "id"])
    op.create_index("ix_conversations_counted", "conversations", ["inbox_id", "status", "assignee_id"])
    op.create_index("ix_conversations_created", "conversations", ["account_id", "status", "created_at", "id"])
    op.create_index(
        "ix_conversations_inbox", "conversations", ["inbox_id", "status", "last_activity_at", "id"]
    )
    op.create_index(
        "ix_conversations_priority",
        "conversations",
        ["account_id", "status", "priority", "last_activity_at", "id"],
    )
    op.create_index(
        "ix_conversations_unassigned",
        "conversations",
        ["account_id", "status", "last_activity_at", "id"],
        sqlite_where=sa.text("assignee_id IS NULL"),
        postgresql_where=sa.text("assignee_id IS NULL"),
    )
    op.create_index(
        "ix_conversations_waiting", "conversations", ["account_id", "status", "waiting_since", "id"]
    )

    op.create_table(
        "conversation_labels",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_conversation_labels_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_conversation_labels_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "title", name="pk_conversation_labels"),
    )
    op.create_index(
        "ix_conversation_labels_account_id_title_conversation_id",
        "conversation_labels",
        ["account_id", "title", "conversation_id"],
    )

    op.create_table(
        "messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("message_type", sa.String(length=10), nullable=False),
        sa.Column("content_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_attributes", JSON, nullable=False),
        sa.Column("additional_attributes", JSON, nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("sender_user_id", ID, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint(
            "message_type IN ('incoming', 'outgoing', 'activity', 'template')",
            name="ck_messages_message_type",
        ),
        sa.CheckConstraint("status IN ('sent', 'delivered', 'read', 'failed')", name="ck_messages_status"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_messages_conversation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sender_user_id"], ["users.id"], name="fk_messages_sender_user_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index("ix_messages_conversation", "messages", ["conversation_id", "id"])
    op.create_index(
        "ix_messages_incoming",
        "messages",
        ["conversation_id", "created_at"],
        sqlite_where=sa.text("message_type = 'incoming'"),
        postgresql_where=sa.text("message_type = 'incoming'"),
    )
    op.create_index(
        "ix_messages_sender",
        "messages",
        ["sender_user_id"],
        sqlite_where=sa.text("sender_user_id IS NOT NULL"),
        postgresql_where=sa.text("sender_user_id IS NOT NULL"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_SEARCH if is_sqlite else POSTGRESQL_SEARCH:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE contacts_search")  # its triggers go with the table that they watch
    for table in (
        "messages",
        "conversation_labels",
        "conversations",
        "inbox_members",
        "contact_inboxes",
        "user_sessions",
        "password_links",
        "memberships",
        "inboxes",
        "dashboard_apps",
        "contacts",
        "access_tokens",
        "users",
        "sign_in_failures",
        "jobs",
        "installations",
        "accounts",
    ):
        op.drop_table(table)
