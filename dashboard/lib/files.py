"""Small rules about files."""

import errno
import hashlib
from pathlib import Path
from tempfile import SpooledTemporaryFile

LARGEST_MESSAGE = 601 << 20  # bytes of a body: fifteen files of 40 MB, and what stands around them
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}  # what the system says of a full disk
IN_MEMORY = 1 << 20  # bytes; what is larger waits on disk


def revision_of(folder: Path) -> str:
    """A short word that changes when any file below the folder does; addresses with it never go stale."""
    summary = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        summary.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return summary.hexdigest()[:8]


def waiting_file(folder: Path) -> "SpooledTemporaryFile[bytes]":
    """A nameless file for what is on its way: small in memory, else on disk. It ends with its process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SpooledTemporaryFile(IN_MEMORY, dir=str(folder))
