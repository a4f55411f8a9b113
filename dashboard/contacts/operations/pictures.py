"""The pictures of contacts: sent, or fetched from where a program says that one is. Each is drawn anew."""

import io
import logging
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.lib import outgoing
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.storage import new_key
from dashboard.lib.storage import storage_of
from dashboard.lib.text import N_
from dashboard.lib.thumbnails import NotAPicture
from dashboard.lib.thumbnails import portrait_of
from dashboard.queue.operations import enqueue
from dashboard.transactions import let_others_write
from dashboard.transactions import record
from dashboard.transactions import transaction

FETCHING = "contacts.fetch_picture"
LARGEST = 15 << 20  # bytes, as upstream's

log = logging.getLogger(__name__)


@contextmanager
def drawn(file: IO[bytes] | None) -> Iterator[str | None]:
    """A small picture of what was sent, kept for the contact that the block gives it to; under which key.
    Without a file there is none. If the block fails, the picture goes again. Not inside a transaction.

    Raises:
        Invalid: it is too large, or no picture.
    """
    if file is None:
        yield None
        return
    let_others_write()
    key = _keep(file)
    try:
        db.session.expire_all()  # others may have written meanwhile
        yield key
    except BaseException:  # whatever ends the block, also the process: no contact will have the picture
        storage_of(settings()).delete(key)
        raise


def set_picture(contact: Contact, *, key: str | None, actor: User | None) -> None:
    """Give a contact the picture that is kept under this key, in place of an older one; or none."""
    with transaction():
        db.session.refresh(contact, ["avatar_key"], with_for_update=True)  # two at once take turns
        before, old = contact.thumbnail, contact.avatar_key
        if old == key:
            return
        contact.avatar_key = key
        forget_picture(old)
        changes = {"thumbnail": [before, contact.thumbnail]}
        record("contact.updated", contact=contact, changed_attributes=changes, performer=actor)


def ask_for_picture(contact: Contact, *, url: str) -> None:
    """Have a job fetch the contact's picture from there; of several addresses the last."""
    enqueue(FETCHING, key=f"{FETCHING}:{contact.id}", contact_id=contact.id, url=url)


def fetch_picture(contact_id: int, *, url: str) -> None:
    """Give a contact the picture that is at that address, if one is. Who wants it otherwise says so again."""

    def give(key: str) -> None:
        set_picture(_contact(contact_id), key=key, actor=None)

    draw_from(url, give, whose=f"contact {contact_id}")


def draw_from(url: str, give: Callable[[str], None], *, whose: str) -> None:
    """Draw the picture that is at that address, and give the key that it is kept under to who wants it."""
    answer = outgoing.get(url, largest=LARGEST)
    if not answer.is_good:
        log.info("no picture for %s: %s", whose, answer.sentence)
        return
    try:
        with drawn(io.BytesIO(answer.body)) as key, transaction():
            give(str(key))
    except (Invalid, NotFound) as error:
        log.info("no picture for %s: %s", whose, type(error).__name__)


def forget_picture(key: str | None) -> None:
    """Have a job remove what was a picture; the caller takes it off its contact in the same transaction."""
    if key is not None:
        enqueue("conversations.remove_files", keys=[key])


def _contact(contact_id: int) -> Contact:
    """The contact, who may have gone while their picture was fetched."""
    contact = db.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound
    return contact


def _keep(file: IO[bytes]) -> str:
    if file.seek(0, 2) > LARGEST:
        raise Invalid("avatar", N_("may have at most 15 MB"))
    file.seek(0)
    try:
        portrait = portrait_of(file)
    except NotAPicture:
        raise Invalid("avatar", N_("is not a picture that can be shown")) from None
    key = new_key()
    storage_of(settings()).put(key, portrait)
    return key
