"""Files of messages: taken in before there is a message, hung on it when it is written, forgotten with it."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import IO
from typing import Any

from itsdangerous import BadData
from itsdangerous import URLSafeSerializer
from sqlalchemy import Select
from sqlalchemy import delete
from sqlalchemy import select

from dashboard.bots.models import AgentBot
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.media import clean_name
from dashboard.lib.media import content_type_of
from dashboard.lib.media import dimensions_of
from dashboard.lib.media import file_type_of
from dashboard.lib.storage import NotStored
from dashboard.lib.storage import new_key
from dashboard.lib.storage import storage_of
from dashboard.lib.text import N_
from dashboard.lib.thumbnails import NotAPicture
from dashboard.lib.thumbnails import thumbnail_of
from dashboard.queue.operations import enqueue
from dashboard.queue.operations import is_crowded
from dashboard.transactions import let_others_write
from dashboard.transactions import transaction

LARGEST_FILE = 40 << 20
MOST_FILES = 15  # of one message
UNSENT = timedelta(hours=24)  # so long a file waits for its message
DRAWING = "conversations.make_thumbnail"
_BATCH = 500


@dataclass(frozen=True)
class Upload:
    """A file that is kept already and belongs to no message yet."""

    key: str
    name: str
    content_type: str
    size: int
    width: int | None
    height: int | None

    @property
    def file_type(self) -> str:
        return file_type_of(self.content_type)


def take_in(file: IO[bytes], *, name: str | None) -> Upload:
    """Keep what somebody sent. Not inside a transaction: a large file takes its time.

    Raises:
        Invalid: it is larger than files may be.
    """
    size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise Invalid("attachments", N_("may have at most 40 MB each"))
    named = clean_name(name)
    content_type = content_type_of(file, named)
    found = dimensions_of(file) if file_type_of(content_type) == "image" else None
    width, height = found or (None, None)
    file.seek(0)
    key = new_key()
    storage_of(settings()).put(key, file)
    return Upload(key, named, content_type, size, width, height)


@contextmanager
def taken_in(
    files: Sequence[tuple[IO[bytes], str | None]], *, tickets: Sequence[str] = (), account_id: int
) -> Iterator[list[Upload]]:
    """What was sent for the message that the block writes: files with their names, and tickets for some that
    are here already. If the block fails, the files go again.

    Raises:
        Invalid: there are too many, one is too large, or a ticket is none.
    """
    check_number([*files, *tickets])
    known = [upload_of(ticket, account_id=account_id) for ticket in tickets]
    uploads: list[Upload] = []
    if files:
        let_others_write()
    try:
        uploads.extend(take_in(file, name=name) for file, name in files)
        if files:
            db.session.expire_all()  # others may have written meanwhile
        yield [*known, *uploads]
    except BaseException:  # whatever ends the block, also the process: no message will have the files
        for upload in uploads:
            storage_of(settings()).delete(upload.key)
        raise


def ticket_for(upload: Upload, *, account_id: int) -> str:
    """What a client sends in place of the file, once it is here."""
    return str(_tickets().dumps([account_id, clock.epoch(clock.now()), asdict(upload)]))


def upload_of(ticket: str, *, account_id: int) -> Upload:
    """The file that a ticket stands for.

    Raises:
        Invalid: it is none of this account's, or too old.
    """
    try:
        owner, made_at, fields = _tickets().loads(ticket)
    except BadData:
        raise Invalid("attachments", N_("are no files of this desk, or no longer")) from None
    if owner != account_id or made_at < clock.epoch(clock.now() - UNSENT):
        raise Invalid("attachments", N_("are no files of this desk, or no longer"))
    return Upload(**fields)


def check_number(uploads: Sequence[Any]) -> None:
    """Say whether these are too many for one message.

    Raises:
        Invalid: they are.
    """
    if len(uploads) > MOST_FILES:
        raise Invalid("attachments", N_("exceeded maximum allowed"))


def attach(message: Message, uploads: Sequence[Upload], *, account_id: int) -> None:
    """Hang files on a message that is being written."""
    for upload in uploads:
        fields = asdict(upload)
        file = Attachment(account_id=account_id, message=message, file_type=upload.file_type, **fields)
        db.session.add(file)
        if upload.width is not None and not is_crowded(DRAWING):
            db.session.flush()
            enqueue(DRAWING, attachment_id=file.id)


def detach_all(message: Message) -> None:
    """Take all files off a message, for good."""
    if message.attached:
        of_message = select(Attachment.key).where(Attachment.message_id == message.id)
        forget_files(of_message)
        db.session.execute(delete(Attachment).where(Attachment.message_id == message.id))
        message.attached = []
        db.session.expire(message, ["attachments"])


def files_in(conversation_ids: Any) -> Select[str]:
    """The keys of all files in these conversations, given as ids or as a query for them."""
    messages = select(Message.id).where(Message.conversation_id.in_(conversation_ids))
    return select(Attachment.key).where(Attachment.message_id.in_(messages))


def forget_files(keys: Select[str]) -> None:
    """Have a job remove the files of those keys; the caller deletes their rows in the same transaction."""
    found = iter(db.session.scalars(keys).all())
    while some := list(islice(found, _BATCH)):
        enqueue("conversations.remove_files", keys=some)


def make_thumbnail(attachment: Attachment) -> None:
    """Draw the small picture of a picture. What cannot be drawn is shown as a file."""
    storage = storage_of(settings())
    key, small_key = attachment.key, attachment.thumbnail_key
    let_others_write()  # drawing takes its time
    try:
        with storage.open(key) as file:
            small = thumbnail_of(file)
    except (NotStored, NotAPicture):
        return
    storage.put(small_key, small)
    with transaction():
        attachment.has_thumbnail = True


def remove_files(keys: Iterable[str]) -> None:
    """Forget what is kept under these keys, unless a message, a contact or a bot still has it."""
    storage = storage_of(settings())
    for key in _unused(list(keys)):
        storage.delete(f"{key}.thumb")
        storage.delete(key)


def sweep_files() -> None:
    """Forget what nobody has: uploads that were never sent, and what was left by whoever was killed."""
    storage = storage_of(settings())
    kept = storage.keys(older_than=clock.now() - UNSENT)
    while some := list(islice(kept, _BATCH)):
        unused = _unused({key.partition(".")[0] for key in some})
        for key in some:
            if key.partition(".")[0] in unused or key.endswith(".part"):
                storage.delete(key)


def _unused(keys: Iterable[str]) -> set[str]:
    wanted = set(keys)
    with transaction():
        for key in (Attachment.key, Contact.avatar_key, AgentBot.avatar_key):
            wanted -= set(db.session.scalars(select(key).where(key.in_(wanted))))
    return wanted


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="upload")
