"""Contacts on their way in and out: tables as CSV, with the names of the columns in the first line."""

import csv
import io
import logging
import tempfile
from collections.abc import Iterable
from collections.abc import Iterator
from itertools import islice
from typing import IO

from sqlalchemy import ColumnElement

from dashboard.accounts.models import Account
from dashboard.attributes.queries import CONTACT
from dashboard.attributes.queries import Definition
from dashboard.attributes.queries import definitions_of
from dashboard.attributes.schemas import value_of
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.people import UNIQUE
from dashboard.contacts.operations.people import flush_checked
from dashboard.contacts.operations.people import write_checked
from dashboard.contacts.queries import contact_by
from dashboard.contacts.queries import contacts_after
from dashboard.contacts.serializers import PLACES
from dashboard.contacts.serializers import contact_row
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.lib.errors import Invalid
from dashboard.lib.files import waiting_file
from dashboard.lib.storage import NotStored
from dashboard.lib.storage import new_key
from dashboard.lib.storage import storage_of
from dashboard.lib.text import N_
from dashboard.queue.operations import enqueue
from dashboard.transactions import let_others_write
from dashboard.transactions import transaction

LARGEST = 40 << 20  # bytes of one table
BATCH = 100  # rows in one transaction: nobody else waits long for the database
PAGE = 1000  # contacts that are read at a time
COLUMNS = ("id", "name", "email", "phone_number", "identifier", *PLACES)
_OTHER_WORDS = {"company": "company_name", "phone": "phone_number", "e-mail": "email"}

log = logging.getLogger(__name__)


def ask_for_import(account: Account, file: IO[bytes]) -> None:
    """Keep a table, for a job to take its contacts in. Not inside a transaction.

    Raises:
        Invalid: it is larger than such tables may be.
    """
    if file.seek(0, 2) > LARGEST:
        raise Invalid("import_file", N_("may have at most 40 MB"))
    file.seek(0)
    let_others_write()
    key = new_key()
    storage_of(settings()).put(key, file)
    with transaction():
        enqueue("contacts.take_in", account_id=account.id, file=key)


def take_in(account: Account, *, key: str) -> None:
    """Make a contact of each row, or change the one that is known by its identifier, e-mail or phone number.
    Rows that cannot be used are left out. Done by half, it begins anew and finds what it has made.

    Nobody is told of each: it would be as many events as rows.
    """
    storage = storage_of(settings())
    try:
        file = storage.open(key)
    except NotStored:  # done before
        return
    taken = refused = 0
    with io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="") as lines:
        rows = _rows(lines)
        while some := list(islice(rows, BATCH)):
            with transaction():
                done = [_take(account, row) for row in some]
            taken, refused = taken + sum(done), refused + len(done) - sum(done)
    log.info("contacts of account %s: %s rows taken in, %s left out", account.id, taken, refused)
    storage.delete(key)


def exported(
    account: Account, *conditions: ColumnElement[bool], columns: Iterable[str] = ()
) -> tempfile.SpooledTemporaryFile[bytes]:
    """A table of the contacts that can be found by something, with these columns or all that there are."""
    keys = [definition.attribute_key for definition in definitions_of(account, CONTACT)]
    known = [*COLUMNS, *(key for key in keys if key not in COLUMNS)]
    chosen = [column for column in columns if column in known] or known
    table = waiting_file(settings().incoming_dir)
    lines = io.TextIOWrapper(table, "utf-8", newline="", write_through=True)
    writer = csv.writer(lines)
    writer.writerow(chosen)
    last = 0
    while found := contacts_after(account.id, last, *conditions, limit=PAGE):
        writer.writerows(contact_row(contact, chosen) for contact in found)
        last = found[-1].id
        db.session.expunge_all()
    lines.detach()
    table.seek(0)
    return table


def _rows(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Each row by the names of its columns, without what is empty; a table that breaks off ends there."""
    reader = csv.DictReader(lines)
    try:
        for row in reader:
            yield {
                _column(name): value.replace("\x00", "").strip()
                for name, value in row.items()
                if name and isinstance(value, str) and value.strip()
            }
    except csv.Error as error:
        log.info("a table of contacts breaks off: %s", error)


def _column(name: str) -> str:
    word = name.strip().lower().replace(" ", "_")
    return _OTHER_WORDS.get(word, word)


def _take(account: Account, row: dict[str, str]) -> bool:
    try:
        with db.session.begin_nested():
            contact = _known(account, row) or Contact(
                account_id=account.id, name="", additional_attributes={}, custom_attributes={}
            )
            write_checked(contact, _values(account, row))
            db.session.add(contact)
            flush_checked()
    except Invalid:
        return False
    return True


def _known(account: Account, row: dict[str, str]) -> Contact | None:
    for field in ("identifier", "email", "phone_number"):
        value = row.get(field)
        wanted = value.lower() if value and field == "email" else value
        found = contact_by(field, wanted, account_id=account.id) if wanted else None
        if found is not None:
            return found
    return None


def _values(account: Account, row: dict[str, str]) -> dict[str, object]:
    """What is in the columns that we know; of any other name it is a custom attribute.

    Raises:
        Invalid: nothing says who that is, or an attribute is not of its kind.
    """
    if not any(name in row for name in ("name", *UNIQUE)):
        raise Invalid("base", N_("can't be blank"))
    definitions = {each.attribute_key: each for each in definitions_of(account, CONTACT)}
    given: dict[str, object] = {name: row[name] for name in ("name", *UNIQUE) if name in row}
    given["additional_attributes"] = {name: row[name] for name in PLACES if name in row}
    given["custom_attributes"] = {
        name: _typed(definitions.get(name), value) for name, value in row.items() if name not in COLUMNS
    }
    return given


def _typed(definition: Definition | None, value: str) -> object:
    return value if definition is None else value_of(definition, value)
