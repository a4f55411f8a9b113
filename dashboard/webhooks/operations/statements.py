"""What the sender asks the database all the time: written by hand and made once, for both databases.

Numbers are handed in as one list of JSON, so that a statement stays the same, however many there are.
"""

from typing import Any

from sqlalchemy import TextClause
from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import text
from sqlalchemy import update

from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Notice

_IDS = {
    "sqlite": "(SELECT value FROM json_each(:ids))",
    "postgresql": "(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:ids AS json)))",
}
_LANES = {
    "sqlite": "json_each(:lanes) AS each",
    "postgresql": "json_array_elements_text(CAST(:lanes AS json)) AS each(value)",
}
_NOW = bindparam("now", type_=UtcDateTime)
_deliveries: Any = Delivery.__table__
_notices: Any = Notice.__table__


def _for_both(words: str) -> dict[str, TextClause]:
    return {name: text(words.format(ids=_IDS[name], lanes=_LANES[name])) for name in _IDS}


ADD_NOTICE = insert(_notices)
ADD_DELIVERIES = insert(_deliveries)

# The last of each lane that is still on its way. On PostgreSQL it is held until the promise is kept or not:
# whoever notes its end just then comes back for it, and sees what comes after it.
LAST_OF_LANES = {
    name: statement.columns(created_at=UtcDateTime)
    for name, statement in {
        "sqlite": text("""
            SELECT each.value AS lane, (SELECT created_at FROM deliveries WHERE state = 'waiting'
                AND lane = each.value ORDER BY id DESC LIMIT 1) AS created_at
            FROM json_each(:lanes) AS each
        """),
        "postgresql": text("""
            SELECT last.lane, last.created_at
            FROM json_array_elements_text(CAST(:lanes AS json)) AS each(value)
            CROSS JOIN LATERAL (SELECT lane, created_at FROM deliveries WHERE state = 'waiting'
                AND lane = each.value ORDER BY id DESC LIMIT 1 FOR SHARE) AS last
        """),
    }.items()
}

_ADDRESSES = """
    SELECT e.id, e.kind, e.account_id, e.failures,
        CASE e.kind WHEN 'webhook' THEN e.url WHEN 'bot' THEN b.outgoing_url
            ELSE CASE WHEN i.deleted_at IS NULL THEN i.webhook_url END END AS url,
        CASE e.kind WHEN 'webhook' THEN e.secret WHEN 'bot' THEN b.secret ELSE i.secret END AS secret,
        e.old_secret, e.old_secret_until
"""
_BESIDE = """
    LEFT JOIN inboxes AS i ON i.id = e.inbox_id AND e.kind = 'inbox'
    LEFT JOIN agent_bots AS b ON b.id = e.bot_id
"""
# From one endpoint to the next, without looking at all that waits for each of them.
WAITING_ENDPOINTS = text(f"""
    WITH RECURSIVE waiting(id) AS (
        SELECT (SELECT endpoint_id FROM deliveries WHERE state = 'waiting' ORDER BY endpoint_id LIMIT 1)
        UNION ALL
        SELECT (SELECT endpoint_id FROM deliveries WHERE state = 'waiting' AND endpoint_id > waiting.id
            ORDER BY endpoint_id LIMIT 1)
        FROM waiting WHERE waiting.id IS NOT NULL
    )
    {_ADDRESSES}, (SELECT due_at FROM deliveries WHERE state = 'waiting' AND endpoint_id = e.id
        ORDER BY due_at LIMIT 1) AS due_at
    FROM waiting JOIN endpoints AS e ON e.id = waiting.id {_BESIDE} WHERE e.paused_by = ''
""").columns(old_secret_until=UtcDateTime, due_at=UtcDateTime)
THESE_ENDPOINTS = {
    name: statement.columns(old_secret_until=UtcDateTime)
    for name, statement in _for_both(
        f"{_ADDRESSES} FROM endpoints AS e {_BESIDE} WHERE e.id IN {{ids}}"
    ).items()
}

# Of each of these endpoints as many as that, the longest due first.
DUE = {
    "sqlite": text("""
        SELECT d.endpoint_id, d.id FROM json_each(:ids) AS each JOIN deliveries AS d ON d.id IN (
            SELECT id FROM deliveries WHERE state = 'waiting' AND endpoint_id = each.value AND due_at <= :now
            ORDER BY due_at, id LIMIT :most)
        ORDER BY d.due_at, d.id
    """).bindparams(_NOW),
    "postgresql": text("""
        SELECT d.endpoint_id, d.id FROM json_array_elements_text(CAST(:ids AS json)) AS each(value)
        CROSS JOIN LATERAL (SELECT endpoint_id, due_at, id FROM deliveries WHERE state = 'waiting'
            AND endpoint_id = CAST(each.value AS bigint) AND due_at <= :now
            ORDER BY due_at, id LIMIT :most FOR UPDATE SKIP LOCKED) AS d
        ORDER BY d.due_at, d.id
    """).bindparams(_NOW),
}
TAKE = {
    name: statement.bindparams(bindparam("until", type_=UtcDateTime)).columns(
        created_at=UtcDateTime, sent_at=UtcDateTime, history=Json
    )
    for name, statement in _for_both("""
        UPDATE deliveries SET due_at = :until, lease = :mark, attempts = attempts + 1 WHERE id IN {ids}
        RETURNING id, endpoint_id, message_id, lane, uuid, attempts, created_at, sent_at, took, code, error,
            history, (SELECT event FROM notices WHERE notices.id = deliveries.notice_id) AS event,
            (SELECT body FROM notices WHERE notices.id = deliveries.notice_id) AS body
    """).items()
}

_MINE = "WHERE id IN {ids} AND lease = :mark"
EXTEND, GIVE_BACK = (
    {
        name: statement.bindparams(bindparam("due_at", type_=UtcDateTime))
        for name, statement in _for_both(f"UPDATE deliveries SET {more}due_at = :due_at {_MINE}").items()
    }
    for more in ("", "lease = NULL, attempts = attempts - 1, ")
)
MEND_DUE = text("""
    UPDATE deliveries
    SET due_at = :now, created_at = CASE WHEN created_at > :now THEN :now ELSE created_at END
    WHERE state = 'waiting' AND due_at > :now
        AND (created_at > :ahead OR sent_at > :ahead OR due_at > :latest
            OR (lease IS NOT NULL AND due_at > :lease_end))
""").bindparams(*(bindparam(name, type_=UtcDateTime) for name in ("now", "ahead", "latest", "lease_end")))

# Those that nobody else holds just now.
HELD = {
    "sqlite": text("SELECT id, lease FROM deliveries WHERE id IN (SELECT value FROM json_each(:ids))"),
    "postgresql": text(
        f"SELECT id, lease FROM deliveries WHERE id IN {_IDS['postgresql']} FOR UPDATE SKIP LOCKED"
    ),
}
STILL_THERE = _for_both("SELECT id FROM deliveries WHERE id IN {ids}")
WRITE = (
    update(_deliveries)
    .where(_deliveries.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("state", "sent_at", "took", "code", "error", "answer")})
    .values(due_at=bindparam("next_at"), history=bindparam("history"), lease=None)
)
NEXT_OF_LANES = _for_both("""
    SELECT each.value AS lane, (SELECT id FROM deliveries WHERE state = 'waiting' AND attempts = 0
        AND lane = each.value ORDER BY id LIMIT 1) AS id
    FROM {lanes}
""")
PULL = {
    name: statement.bindparams(_NOW)
    for name, statement in _for_both(
        "UPDATE deliveries SET due_at = :now WHERE id IN {ids} AND due_at > :now"
    ).items()
}
