"""Addresses under which a file may be read by whoever has the address: signed, and good for some months.

They stand in messages for programs and customers, who have no session here. An address stays the same for
a whole period, so that nothing seems changed when only time went by; see docs/decisions/0013-files.md.
"""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import lru_cache
from urllib.parse import quote

from itsdangerous import BadData
from itsdangerous import URLSafeSerializer

from dashboard.extensions import desk_url
from dashboard.extensions import settings
from dashboard.lib import clock

PERIOD = timedelta(days=90)
_START = datetime(2026, 1, 1, tzinfo=UTC)


def address_of_file(attachment_id: int, name: str) -> str:
    """Where the file is for at least one period, at most two."""
    ticket = _signer().dumps([attachment_id, _period_now() + 2])
    return f"{desk_url()}/files/{ticket}/{quote(name)}"


def file_in_address(ticket: str) -> int | None:
    """Which file an address is of; None where it is not ours, or its time is over."""
    try:
        attachment_id, end = _signer().loads(ticket)
    except BadData:
        return None
    return int(attachment_id) if end > _period_now() else None


def address_of_picture(key: str) -> str:
    """Where the picture of somebody is, for as long as files are and while it is theirs."""
    return desk_url() + path_of_picture(key)


def path_of_picture(key: str) -> str:
    """The same for our own pages."""
    return _path_of_picture(settings().secret_key, key, _period_now() + 2)


def picture_in_address(ticket: str) -> str | None:
    """Under which key the picture is kept; None where the address is not ours, or its time is over."""
    try:
        key, end = _signer("picture").loads(ticket)
    except BadData:
        return None
    return str(key) if end > _period_now() else None


@lru_cache(maxsize=4096)  # lists are full of them
def _path_of_picture(secret_key: str, key: str, end: int) -> str:
    return f"/files/pictures/{URLSafeSerializer(secret_key, salt='picture').dumps([key, end])}"


def _period_now() -> int:
    return (clock.now() - _START) // PERIOD


def _signer(salt: str = "file") -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=salt)
