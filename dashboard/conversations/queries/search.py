"""Messages by their words, newest first: of whatever there are many, only a page is met.

Words are stored with the slice of message ids that they stand in, so that one look finds those of a slice and
nothing else. Slices are asked from the newest on, until there are enough.
"""

from functools import cache

from sqlalchemy import Select
from sqlalchemy import TextClause
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import contains_eager

from dashboard.accounts.models import Membership
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.messages import with_senders
from dashboard.conversations.queries.terms import inbox_term
from dashboard.conversations.queries.terms import slice_of
from dashboard.conversations.queries.terms import word_term
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import visible_inbox_ids
from dashboard.lib.words import Sought
from dashboard.lib.words import sought_in

_SLICE = "#"  # stands in a question for the slice that it is asked of
REACH = 1_000  # messages whose conversations a list finds by what was said in them
_AT_ONCE = 100  # slices in one statement; SQLite joins no more than 500 parts


def found_message_ids(
    membership: Membership, sought: Sought, *, limit: int, before: int | None = None
) -> list[int]:
    """The newest messages with all these words that somebody may see, or the next ones before an id."""
    if not sought:
        return []
    last = (before - 1) if before is not None else db.session.scalar(select(func.max(Message.id))) or 0
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    inboxes = None if membership.is_administrator else list(db.session.scalars(visible_inbox_ids(membership)))
    if inboxes == [] or last < 1:
        return []
    if is_sqlite:
        return _found_in_sqlite(_fts5(membership.account_id, sought, inboxes), last, limit)
    return _found_in_postgresql(_tsquery(membership.account_id, sought, inboxes), last, limit)


def messages_with(ids: list[int]) -> list[Message]:
    """Those messages with their conversation, contact and author, newest first; none of a deleted inbox."""
    query = (
        with_senders(select(Message))
        .join(Message.conversation)
        .join(Conversation.contact)
        .join(Conversation.inbox)
        .options(
            contains_eager(Message.conversation).contains_eager(Conversation.contact),
            contains_eager(Message.conversation).contains_eager(Conversation.inbox),
        )
        .where(Message.id.in_(ids), Inbox.deleted_at.is_(None))
    )
    return list(db.session.scalars(query.order_by(Message.id.desc()))) if ids else []


def ids_where_said(membership: Membership, q: str) -> Select[int]:
    """The conversations that the newest messages with these words are of: of at most `REACH` messages."""
    found = found_message_ids(membership, sought_in(q), limit=REACH)
    return select(Message.conversation_id).where(Message.id.in_(found))


def first_messages(conversation_ids: list[int]) -> dict[int, Message]:
    """The message that each of the conversations begins with."""
    firsts = select(func.min(Message.id)).where(Message.conversation_id.in_(conversation_ids))
    query = select(Message).where(Message.id.in_(firsts.group_by(Message.conversation_id)))
    return {message.conversation_id: message for message in db.session.scalars(with_senders(query))}


def _found_in_sqlite(question: str, last: int, limit: int) -> list[int]:
    """Parts of a union are read one after the other, and those after the limit not at all."""
    found: list[int] = []
    newest = slice_of(last)
    while newest >= 0 and len(found) < limit:
        slices = range(newest, max(-1, newest - _AT_ONCE), -1)
        values = {f"q{place}": question.replace(_SLICE, str(each)) for place, each in enumerate(slices)}
        ids = db.session.scalars(_parts(len(slices)), {**values, "last": last, "limit": limit - len(found)})
        found += ids
        newest = slices[-1] - 1
    return found


@cache
def _parts(how_many: int) -> TextClause:
    parts = (
        "SELECT * FROM (SELECT rowid AS id FROM messages_search "  # noqa: S608 - a number is put in
        f"WHERE messages_search MATCH :q{place} AND rowid <= :last ORDER BY rowid DESC LIMIT :limit)"
        for place in range(how_many)
    )
    return text(" UNION ALL ".join(parts) + " LIMIT :limit")


def _found_in_postgresql(question: str, last: int, limit: int) -> list[int]:
    """A lateral part is asked for each slice in turn, and not any more once the limit is reached; + 0 keeps
    away from the key, along which there may be a long way to a rare word."""
    found = text(
        "SELECT found.id FROM generate_series(:newest, 0, -1) AS slice CROSS JOIN LATERAL ("
        "SELECT id FROM message_words WHERE "
        "words @@ CAST(replace(:question, '#', CAST(slice AS text)) AS tsquery) "
        "AND id <= :last ORDER BY id + 0 DESC LIMIT :limit) AS found LIMIT :limit"
    )
    values = {"newest": slice_of(last), "question": question, "last": last, "limit": limit}
    return list(db.session.scalars(found, values))


def _fts5(account_id: int, sought: Sought, inboxes: list[int] | None) -> str:
    """Each word in quotes: none of them is a command."""
    terms = [f'"{word_term(word, account_id, _SLICE)}"' for word in sought.words]
    places = [f'"{inbox_term(inbox, _SLICE)}"' for inbox in inboxes or ()]
    return " AND ".join(terms) + "*" + (f" AND ({' OR '.join(places)})" if places else "")


def _tsquery(account_id: int, sought: Sought, inboxes: list[int] | None) -> str:
    terms = [f"'{word_term(word, account_id, _SLICE)}'" for word in sought.words]
    places = [f"'{inbox_term(inbox, _SLICE)}'" for inbox in inboxes or ()]
    return " & ".join(terms) + ":*" + (f" & ({' | '.join(places)})" if places else "")
