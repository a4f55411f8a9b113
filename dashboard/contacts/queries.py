"""Finding contacts: by number, page by page, and by a few letters of what they are known by."""

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import UnaryExpression
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import literal_column
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import contains_eager

from dashboard.attributes.queries import Definition
from dashboard.attributes.queries import attribute_keys
from dashboard.contacts.models import Contact
from dashboard.contacts.models import ContactLabel
from dashboard.contacts.models import Note
from dashboard.extensions import db
from dashboard.lib.columns import BigId
from dashboard.lib.errors import NotFound
from dashboard.lib.filters import condition_of
from dashboard.lib.filters import flag_key
from dashboard.lib.filters import set_key
from dashboard.lib.filters import text_key
from dashboard.lib.filters import time_key

PAGE = 15
COUNT_CAP = 10_000
SHORTEST_PART = 3  # the letters that an index of three-letter pieces needs to find anything
FEW = 1_000
_LAST_LETTER = "\U0010ffff"


def labelled(titles: Sequence[str]) -> ColumnElement[bool]:
    """Whether a contact carries one of these labels."""
    some = select(ContactLabel.contact_id).where(
        ContactLabel.account_id == Contact.account_id, ContactLabel.title.in_(titles)
    )
    return Contact.id.in_(some.correlate(Contact))


_COLUMNS = {
    "name": func.lower(Contact.name),
    "email": Contact.email,
    "phone_number": Contact.phone_number,
    "last_activity_at": Contact.last_activity_at,
    "created_at": Contact.created_at,
    "company_name": Contact.additional_attributes["company_name"].as_string(),
    "city": Contact.additional_attributes["city"].as_string(),
    "country": Contact.additional_attributes["country"].as_string(),
}
_FILTER_KEYS = {
    "name": text_key(Contact.name),
    "phone_number": text_key(Contact.phone_number, "starts_with"),
    "email": text_key(Contact.email),
    "identifier": text_key(Contact.identifier),
    "country_code": text_key(Contact.additional_attributes["country_code"].as_string()),
    "city": text_key(Contact.additional_attributes["city"].as_string()),
    "company_name": text_key(Contact.additional_attributes["company_name"].as_string()),
    "labels": set_key(labelled, Contact.id.in_(select(ContactLabel.contact_id))),
    "created_at": time_key(Contact.created_at),
    "last_activity_at": time_key(Contact.last_activity_at),
    "blocked": flag_key(Contact.blocked),
}
_SEARCHED_COLUMNS = (Contact.name, Contact.email, Contact.phone_number, Contact.identifier)
# Word for word the expression of the index that the migration makes: PostgreSQL compares them.
_SEARCHED: ColumnElement[str] = literal_column(
    "lower(coalesce(contacts.name, '') || chr(10) || coalesce(contacts.email, '') || chr(10) || "
    "coalesce(contacts.phone_number, '') || chr(10) || coalesce(contacts.identifier, ''))"
)


def contact_of(account_id: int, contact_id: int) -> Contact:
    """One contact of an account.

    Raises:
        NotFound: the account has none of that number.
    """
    found = db.session.scalar(
        select(Contact).where(Contact.account_id == account_id, Contact.id == contact_id)
    )
    if found is None:
        raise NotFound
    return found


def contact_by(field: str, value: str, *, account_id: int) -> Contact | None:
    """The contact of an account whose `identifier`, `email` or `phone_number` that is."""
    column = {
        "identifier": Contact.identifier,
        "email": Contact.email,
        "phone_number": Contact.phone_number,
    }[field]
    query = select(Contact).where(Contact.account_id == account_id, column == value)
    return db.session.scalar(query)


def notes_of(contact: Contact) -> list[Note]:
    """The notes about a contact with who wrote them, the newest first."""
    query = select(Note).outerjoin(Note.user).options(contains_eager(Note.user))
    return list(db.session.scalars(query.where(Note.contact_id == contact.id).order_by(Note.id.desc())))


def note_of(contact: Contact, note_id: int) -> Note:
    """One note about a contact.

    Raises:
        NotFound: there is none of that number.
    """
    found = db.session.scalar(select(Note).where(Note.contact_id == contact.id, Note.id == note_id))
    if found is None:
        raise NotFound
    return found


def contacts_page(
    account_id: int, *conditions: ColumnElement[bool], sort: str = "", page: int = 1
) -> list[Contact]:
    """A numbered page of the contacts that can be found by something, the last active first."""
    return list(db.session.scalars(_page(_identified(account_id, *conditions), sort, page, PAGE)))


def contacts_after(
    account_id: int, number: int, *conditions: ColumnElement[bool], limit: int
) -> list[Contact]:
    """The next of all contacts that can be found by something, by their numbers."""
    query = _identified(account_id, *conditions).where(Contact.id > number)
    return list(db.session.scalars(query.order_by(Contact.id).limit(limit)))


def count_contacts(account_id: int, *conditions: ColumnElement[bool]) -> int:
    """How many there are, at most 10,000: counting on would cost more than it tells."""
    some = _identified(account_id, *conditions).with_only_columns(Contact.id).limit(COUNT_CAP).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def search_contacts(
    account_id: int, q: str, *conditions: ColumnElement[bool], sort: str = "", page: int = 1
) -> list[Contact]:
    """The contacts that `matching_contact_ids` means; one more than a page where more follow.

    The first query finds out how rare they are. The few are sorted; of more, enough are met soon on the way
    through the list in its order.
    """
    few = list(db.session.scalars(matching_contact_ids(account_id, q).limit(FEW + 1)))
    if len(few) <= FEW:  # + 0 keeps away from the indices of the order, which know nothing of the few
        query = select(Contact).where(Contact.account_id + 0 == account_id, Contact.id.in_(few))
    else:
        query = select(Contact).where(Contact.account_id == account_id, matches(q))
    return list(db.session.scalars(_page(query.where(*conditions), sort, page, PAGE + 1)))


def labels_in_use(account_id: int) -> list[str]:
    """Every label that some contact of the account carries."""
    query = select(ContactLabel.title).where(ContactLabel.account_id == account_id).distinct()
    return list(db.session.scalars(query.order_by(ContactLabel.title)))


def matching_contact_ids(account_id: int, q: str) -> Select[int]:
    """The ids of contacts whose name, e-mail, phone number or identifier has `q` in it, in any case.

    One or two letters must begin the name. Each way is answered by an index.
    """
    wanted = _tidy(q)
    if len(wanted) >= SHORTEST_PART and _is_sqlite():
        return _found_in_sqlite(account_id, wanted)
    return select(Contact.id).where(Contact.account_id == account_id, matches(q))


def matches(q: str) -> ColumnElement[bool]:
    """Whether a contact at hand is one of those; to ask it of many takes an index only on PostgreSQL."""
    wanted = _tidy(q)
    if not wanted:
        return false()
    if len(wanted) < SHORTEST_PART:
        return _begins_in_sqlite(wanted) if _is_sqlite() else _begins_in_postgresql(wanted)
    return _holds_in_sqlite(wanted) if _is_sqlite() else _holds_in_postgresql(wanted)


def filter_of(payload: Any, definitions: Iterable[Definition]) -> ColumnElement[bool]:
    """The condition that a filter of contacts stands for; their attributes are asked by what defines them.

    Raises:
        BadFilter: it cannot be understood.
    """
    return condition_of(payload, {**attribute_keys(Contact.custom_attributes, definitions), **_FILTER_KEYS})


def _identified(account_id: int, *conditions: ColumnElement[bool]) -> Select[Contact]:
    """Whoever wrote without saying who they are is in no list; search finds them by name."""
    known = or_(
        Contact.email.is_not(None), Contact.phone_number.is_not(None), Contact.identifier.is_not(None)
    )
    return select(Contact).where(Contact.account_id == account_id, known, *conditions)


def _page(query: Select[Contact], sort: str, page: int, limit: int) -> Select[Contact]:
    return query.order_by(*_order(sort)).limit(limit).offset((page - 1) * PAGE)


def _order(sort: str) -> tuple[UnaryExpression[Any], UnaryExpression[int]]:
    """By upstream's word, `-` for the largest first; a word that it does not know changes nothing."""
    column = _COLUMNS.get(sort.removeprefix("-"))
    if column is None:
        return Contact.last_activity_at.desc().nulls_last(), Contact.id.desc()
    if sort.startswith("-"):
        return column.desc().nulls_last(), Contact.id.desc()
    return column.asc().nulls_last(), Contact.id.asc()


def _tidy(q: str) -> str:
    return q.replace("\x00", "").strip()


def _is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def _found_in_sqlite(account_id: int, wanted: str) -> Select[int]:
    """CROSS JOIN is SQLite's word for “in this order”: the full-text table first, however many there are."""
    found = text(
        "contacts_search MATCH :phrase AND contacts.id = contacts_search.rowid "
        "AND contacts.account_id = :searched_account"
    ).bindparams(phrase=_phrase(wanted), searched_account=account_id)
    ids = select(literal_column("contacts.id", BigId).label("id"))
    return ids.select_from(text("contacts_search CROSS JOIN contacts")).where(found)


def _holds_in_sqlite(wanted: str) -> ColumnElement[bool]:
    if wanted.isascii():
        pattern = f"%{_escaped(wanted)}%"
        return or_(*(column.like(pattern, escape="\\") for column in _SEARCHED_COLUMNS))
    # LIKE knows the two cases of English letters only; the full-text table knows them all.
    found = text("SELECT rowid AS id FROM contacts_search WHERE contacts_search MATCH :phrase")
    return Contact.id.in_(found.bindparams(phrase=_phrase(wanted)).columns(Contact.id).subquery().select())


def _phrase(wanted: str) -> str:
    return '"' + wanted.replace('"', '""') + '"'


def _holds_in_postgresql(wanted: str) -> ColumnElement[bool]:
    return _SEARCHED.like(func.lower("%" + _escaped(wanted) + "%"), escape="\\")


def _begins_in_sqlite(wanted: str) -> ColumnElement[bool]:
    name, first = func.lower(Contact.name), func.lower(wanted)
    return (name >= first) & (name < first + _LAST_LETTER)


def _begins_in_postgresql(wanted: str) -> ColumnElement[bool]:
    return func.lower(Contact.name).like(func.lower(_escaped(wanted) + "%"), escape="\\")


def _escaped(wanted: str) -> str:
    return wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
