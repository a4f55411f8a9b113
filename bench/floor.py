"""The floor: what the same answers cost in a bare Flask app on the same server, database and session check.

Flask, SQLAlchemy's engine with SQL written by hand, and Jinja: nothing of the product but its server. Each
door selects the rows that the product's page shows and fills a template of about the same bytes.
"""

import hashlib
import json
import os
import uuid
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from typing import Any

from flask import Flask
from flask import Response
from flask import abort
from flask import jsonify
from flask import render_template
from flask import request
from flask import session
from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import create_engine
from sqlalchemy import text

from dashboard.config import CHECKOUT
from dashboard.config import Config
from dashboard.extensions import prepare_engine
from dashboard.extensions import write_intent
from dashboard.server.asgi import Shell

THREAD = 30
COUNT_CAP = 10_000

config = Config.from_environment()
app = Flask("bench", template_folder=str(CHECKOUT / "bench" / "templates"))
app.secret_key = config.secret_key
app.config["SESSION_COOKIE_NAME"] = "deskframe"
engine = create_engine(config.database_url)
prepare_engine(engine)

# What the product's pages weigh, and how many lines of the list they have, told by who starts this server.
# Templates are filled up with letters.
weights: dict[str, int] = json.loads(os.environ.get("BENCH_WEIGHTS", "{}"))
lines: dict[str, int] = json.loads(os.environ.get("BENCH_ROWS", "{}"))
padding: dict[str, str] = {}

_SESSION = text("""
    SELECT users.id, users.name, users.email, users.locale, users.time_zone, users.theme,
           user_sessions.last_used_at, accounts.id AS account_id, accounts.name AS account_name, role
    FROM users JOIN user_sessions ON user_sessions.user_id = users.id
    LEFT JOIN accounts ON accounts.id = :account
    LEFT JOIN memberships ON memberships.account_id = accounts.id AND memberships.user_id = users.id
    WHERE user_sessions.digest = :digest
""")
_TOKEN = text("""
    SELECT users.id, users.name, accounts.id AS account_id, memberships.role
    FROM users JOIN access_tokens ON access_tokens.user_id = users.id
    LEFT JOIN accounts ON accounts.id = :account
    LEFT JOIN memberships ON memberships.account_id = accounts.id AND memberships.user_id = users.id
    WHERE access_tokens.token = :token
""")
_CONVERSATION = text("""
    SELECT conversations.id, display_id, conversations.uuid, status, priority, conversations.labels,
           conversations.created_at, conversations.last_activity_at, agent_last_seen_at, waiting_since,
           first_reply_created_at, snoozed_until, conversations.custom_attributes,
           conversations.additional_attributes, assignee_id, users.name AS assignee,
           conversations.inbox_id, inboxes.name AS inbox, conversations.contact_id, contacts.name AS contact,
           contacts.email, phone_number, contacts.identifier, contacts.custom_attributes AS contact_custom,
           contacts.additional_attributes AS contact_more, contacts.created_at AS contact_since, blocked,
           source_id, hmac_verified
    FROM conversations JOIN contacts ON contacts.id = conversations.contact_id
    JOIN inboxes ON inboxes.id = conversations.inbox_id
    JOIN contact_inboxes ON contact_inboxes.id = contact_inbox_id LEFT JOIN users ON users.id = assignee_id
    WHERE conversations.account_id = :account AND display_id = :number
""")
_SOURCE = text("""
    SELECT contact_id, contacts.name, contacts.account_id FROM contact_inboxes
    JOIN inboxes ON inboxes.id = inbox_id JOIN contacts ON contacts.id = contact_id
    WHERE inboxes.identifier = :identifier AND source_id = :source
""")
_MESSAGES = text("""
    SELECT messages.id, message_type, content_type, content, content_attributes, additional_attributes,
           private, status, messages.created_at, sender_user_id, users.name AS sender
    FROM messages LEFT JOIN users ON users.id = sender_user_id
    WHERE conversation_id = :conversation ORDER BY messages.id DESC LIMIT :limit
""")
_APPS = text("SELECT * FROM dashboard_apps WHERE account_id = :account ORDER BY id")
_ACCOUNTS = text("""
    SELECT accounts.id, name, role FROM accounts JOIN memberships ON account_id = accounts.id
    WHERE user_id = :user ORDER BY name
""")
_INBOXES = text("""
    SELECT inboxes.id, name FROM inboxes LEFT JOIN inbox_members ON inbox_id = inboxes.id AND user_id = :user
    WHERE account_id = :account AND (:all = 1 OR user_id IS NOT NULL) ORDER BY lower(name)
""")
_LIST = """
    SELECT conversations.id, display_id, conversations.status, priority, conversations.labels,
           conversations.last_activity_at, snoozed_until, contacts.name AS contact, contacts.email,
           inboxes.name AS inbox, users.name AS assignee, last.content, last.message_type, last.private,
           (SELECT count(*) FROM messages WHERE conversation_id = conversations.id
               AND message_type = 'incoming' AND messages.created_at > agent_last_seen_at) AS unread
    FROM conversations JOIN contacts ON contacts.id = contact_id JOIN inboxes ON inboxes.id = inbox_id
    LEFT JOIN users ON users.id = assignee_id
    LEFT JOIN messages AS last ON last.id = (
        SELECT max(id) FROM messages WHERE conversation_id = conversations.id
    )
    WHERE conversations.account_id = :account AND conversations.status = 'open' AND inbox_id IN ({inboxes})
    ORDER BY conversations.last_activity_at DESC, conversations.id DESC LIMIT :limit
"""
_COUNTED = "SELECT count(*) FROM (SELECT 1 FROM conversations WHERE {where} LIMIT {cap}) AS counted"


@app.get("/accounts/<int:account>/conversations/<int:number>")
def page(account: int, number: int) -> str:
    """A conversation with its thread, its apps and the list beside it."""
    write_intent.set(False)
    with engine.connect() as connection:
        person = _person(connection, account)
        conversation = connection.execute(_CONVERSATION, {"account": account, "number": number}).one_or_none()
        if conversation is None:
            abort(404)
        messages = connection.execute(_MESSAGES, {"conversation": conversation.id, "limit": THREAD}).all()
        apps = connection.execute(_APPS, {"account": account}).all()
        accounts = connection.execute(_ACCOUNTS, {"user": person.id}).all()
        inboxes, rows, counts = _list(connection, account, person, lines.get("page", 12))
    return _filled(
        "page",
        person=person,
        conversation=conversation,
        contact_facts=_loaded(conversation.contact_custom),
        messages=messages[::-1],
        apps=apps,
        apps_block=_apps_block(apps),
        context=_context(conversation, messages[:20]),
        accounts=accounts,
        inboxes=inboxes,
        rows=rows,
        counts=counts,
    )


@app.get("/accounts/<int:account>/conversations")
def conversations(account: int) -> str:
    """The list with its counts."""
    write_intent.set(False)
    with engine.connect() as connection:
        person = _person(connection, account)
        apps = connection.execute(_APPS, {"account": account}).all()
        accounts = connection.execute(_ACCOUNTS, {"user": person.id}).all()
        inboxes, rows, counts = _list(connection, account, person, lines.get("list", 50))
    return _filled(
        "list",
        person=person,
        apps=apps,
        apps_block=_apps_block(apps),
        accounts=accounts,
        inboxes=inboxes,
        rows=rows,
        counts=counts,
    )


@app.get("/api/v1/accounts/<int:account>/dashboard_apps")
def apps(account: int) -> Response:
    """The apps of an account."""
    write_intent.set(False)
    with engine.connect() as connection:
        _caller(connection, account)
        rows = connection.execute(_APPS, {"account": account}).all()
    return jsonify([_app(row) for row in rows])


@app.post("/api/v1/accounts/<int:account>/dashboard_apps")
def create_app(account: int) -> Response:
    """One more app."""
    sent = request.get_json()
    if not isinstance(sent["title"], str) or not isinstance(sent["content"], list):
        abort(422)
    now = _now()
    with engine.begin() as connection:
        person = _caller(connection, account)
        row = connection.execute(
            text("""
                INSERT INTO dashboard_apps (account_id, user_id, title, content, format, placement, reloads,
                                            created_at, updated_at)
                VALUES (:account, :user, :title, :content, 'chatwoot', 'side', :no, :now, :now) RETURNING *
            """),
            {
                "account": account,
                "user": person.id,
                "title": sent["title"],
                "content": json.dumps(sent["content"]),
                "no": False,
                "now": now,
            },
        ).one()
    return jsonify(_app(row))


@app.post("/api/v1/accounts/<int:account>/conversations/<int:number>/messages")
def create_message(account: int, number: int) -> Response:
    """One more message, and the conversation comes up in the list."""
    sent = request.get_json()
    now = _now()
    with engine.begin() as connection:
        person = _caller(connection, account)
        conversation = connection.execute(_CONVERSATION, {"account": account, "number": number}).one_or_none()
        if conversation is None or person.role is None:
            abort(404)
        message = connection.execute(
            text("""
                INSERT INTO messages (conversation_id, message_type, content_type, content,
                    content_attributes, additional_attributes, private, status, sender_user_id, created_at,
                    updated_at)
                VALUES (:conversation, 'outgoing', 'text', :content, '{}', '{}', :no, 'sent', :user, :now,
                    :now)
                RETURNING *
            """),
            {
                "conversation": conversation.id,
                "content": sent["content"],
                "user": person.id,
                "no": False,
                "now": now,
            },
        ).one()
        connection.execute(
            text("""
                UPDATE conversations SET last_activity_at = :now, updated_at = :now, waiting_since = NULL
                WHERE id = :conversation
            """),
            {"conversation": conversation.id, "now": now},
        )
    return jsonify(
        id=message.id,
        content=message.content,
        inbox_id=conversation.inbox_id,
        conversation_id=number,
        message_type=1,
        content_type=message.content_type,
        status=message.status,
        content_attributes={},
        created_at=str(message.created_at),
        private=False,
        source_id=None,
        sender={"id": person.id, "name": person.name, "type": "user"},
    )


@app.post("/public/api/v1/inboxes/<identifier>/contacts/<source>/conversations/<int:number>/messages")
def receive_message(identifier: str, source: str, number: int) -> Response:
    """One more message of the customer's, and the conversation comes up in the list."""
    sent = request.get_json()
    now = _now()
    with engine.begin() as connection:
        session = connection.execute(_SOURCE, {"identifier": identifier, "source": source}).one_or_none()
        if session is None:
            abort(404)
        found = {"account": session.account_id, "number": number}
        conversation = connection.execute(_CONVERSATION, found).one_or_none()
        if conversation is None or conversation.contact_id != session.contact_id:
            abort(404)
        message = connection.execute(
            text("""
                INSERT INTO messages (conversation_id, message_type, content_type, content,
                    content_attributes, additional_attributes, private, status, created_at, updated_at)
                VALUES (:conversation, 'incoming', 'text', :content, '{}', '{}', :no, 'sent', :now, :now)
                RETURNING *
            """),
            {"conversation": conversation.id, "content": sent["content"], "no": False, "now": now},
        ).one()
        connection.execute(
            text("""
                UPDATE conversations SET last_activity_at = :now, updated_at = :now, waiting_since = :now
                WHERE id = :conversation
            """),
            {"conversation": conversation.id, "now": now},
        )
        connection.execute(
            text("UPDATE contacts SET last_activity_at = :now WHERE id = :contact"),
            {"contact": session.contact_id, "now": now},
        )
    return jsonify(
        id=message.id,
        content=message.content,
        message_type=0,
        content_type=message.content_type,
        content_attributes={},
        created_at=str(message.created_at),
        conversation_id=number,
        attachments=[],
        sender={"id": session.contact_id, "name": session.name, "type": "contact"},
    )


def _person(connection: Connection, account: int) -> Row[Any]:
    """Who the cookie stands for."""
    token = session.get("_user_id", "")
    digest = hashlib.sha256(token.encode()).hexdigest()
    person = connection.execute(_SESSION, {"account": account, "digest": digest}).one_or_none()
    if person is None or person.role is None:
        abort(401)
    return person


def _caller(connection: Connection, account: int) -> Row[Any]:
    """Who the header's token belongs to."""
    token = request.headers.get("Api-Access-Token", "")
    person = connection.execute(_TOKEN, {"account": account, "token": token}).one_or_none()
    if person is None or person.role is None:
        abort(401)
    return person


def _list(
    connection: Connection, account: int, person: Row[Any], limit: int
) -> tuple[list[Any], list[Any], Row[Any]]:
    everything = int(person.role == "administrator")
    inboxes = connection.execute(_INBOXES, {"account": account, "user": person.id, "all": everything}).all()
    numbers = ", ".join(str(inbox.id) for inbox in inboxes)
    rows = connection.execute(text(_LIST.format(inboxes=numbers)), {"account": account, "limit": limit}).all()
    every = f"account_id = :account AND status = 'open' AND inbox_id IN ({numbers})"
    kinds = (f"{every} AND assignee_id = :user", f"{every} AND assignee_id IS NULL", every)
    counted = ", ".join(f"({_COUNTED.format(where=where, cap=COUNT_CAP)})" for where in kinds)
    counts = connection.execute(text(f"SELECT {counted}"), {"account": account, "user": person.id}).one()
    return list(inboxes), list(rows), counts


def _filled(name: str, **values: Any) -> str:
    if name not in padding:
        bare = len(render_template(f"{name}.html", padding="", **values).encode())
        padding[name] = "x" * max(0, weights.get(name, 0) - bare)
    return render_template(f"{name}.html", padding=padding[name], **values)


def _context(conversation: Row[Any], messages: list[Row[Any]]) -> dict[str, Any]:
    """About what an app is told: the conversation, its contact and the last messages."""
    facts = {key: _plain(value) for key, value in conversation._mapping.items()}
    said = [{key: _plain(value) for key, value in message._mapping.items()} for message in messages]
    return {"conversation": {**facts, "messages": said}, "contact": facts}


def _apps_block(apps: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    return [{"id": each.id, "title": each.title, "frames": _loaded(each.content)} for each in apps]


def _app(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "content": _loaded(row.content),
        "user_id": row.user_id,
        "account_id": row.account_id,
        "created_at": str(row.created_at),
        "updated_at": str(row.updated_at),
    }


def _loaded(value: Any) -> Any:
    """PostgreSQL's driver reads JSON by itself."""
    return json.loads(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, datetime | uuid.UUID) else value


def _now() -> Any:
    now = datetime.now(UTC)
    return now.replace(tzinfo=None).isoformat(" ") if engine.dialect.name == "sqlite" else now


def __getattr__(name: str) -> Any:
    if name != "asgi":
        raise AttributeError(name)
    return Shell(app, config)
