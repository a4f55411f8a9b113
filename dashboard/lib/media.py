"""What a file is, by its content: what the sender calls it decides nothing that a browser could run."""

import mimetypes
import re
from pathlib import PurePosixPath
from typing import IO

from PIL import Image

HEAD = 4096  # bytes that tell one kind of file from another
MOST_PIXELS = 64_000_000  # of a picture that is opened; beyond that it is only a file
PICTURES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "WEBP": "image/webp",
}
UNKNOWN = "application/octet-stream"
_ORIENTATION = 0x0112  # EXIF's number for it

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_SIGNATURES = (
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"BM.{4}\x00\x00\x00\x00", "image/bmp"),
    (rb"....ftypqt", "video/quicktime"),
    (rb"....ftypM4[AB]", "audio/mp4"),
    (rb"....ftyp(?:iso|mp4|avc|dash|M4V|MSNV|3g)", "video/mp4"),
    (rb"\x1aE\xdf\xa3.{0,64}webm", "video/webm"),
    (rb"OggS.{24,80}theora", "video/ogg"),
    (rb"OggS", "audio/ogg"),
    (rb"ID3|\xff[\xfb\xf3\xf2\xfa]", "audio/mpeg"),
    (rb"RIFF....WAVE", "audio/wav"),
    (rb"fLaC", "audio/flac"),
    (rb"\xff[\xf1\xf9]", "audio/aac"),
    (rb"#!AMR", "audio/amr"),
    (rb"%PDF-", "application/pdf"),
    (rb"PK\x03\x04|PK\x05\x06", "application/zip"),
    (rb"\x1f\x8b", "application/gzip"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_KNOWN = tuple((re.compile(signature, re.DOTALL), kind) for signature, kind in _SIGNATURES)
# What a name may say more exactly: none of these is run or shown by a browser.
_DOCUMENTS = re.compile(r"application/(vnd\.(openxmlformats|oasis|ms-|android)|msword|epub)")
_TEXTS = {"text/csv", "text/calendar", "text/vcard", "application/json"}
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def content_type_of(file: IO[bytes], name: str) -> str:
    """The type by the first bytes; a name only tells documents in archives and texts apart."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    guessed = mimetypes.guess_type(name)[0] or ""
    for signature, kind in _KNOWN:
        if signature.match(head):
            is_document = kind in {"application/zip", "application/x-ole-storage"} and _DOCUMENTS.match(
                guessed
            )
            return guessed if is_document else kind
    if head and not _NOT_TEXT.search(head) and _is_text(head):
        return guessed if guessed in _TEXTS else "text/plain"
    return UNKNOWN


def file_type_of(content_type: str) -> str:
    """`image`, `video`, `audio` or `file`, the words that messages have for it."""
    kind = content_type.partition("/")[0]
    return kind if kind in {"image", "video", "audio"} else "file"


def dimensions_of(file: IO[bytes]) -> tuple[int, int] | None:
    """Width and height of a picture as it is looked at; None for what is none, or too large to open."""
    try:
        with Image.open(file, formats=tuple(PICTURES)) as picture:
            width, height = picture.size
            is_on_its_side = _orientation_of(picture) >= 5
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    finally:
        file.seek(0)
    if width * height > MOST_PIXELS:
        return None
    return (height, width) if is_on_its_side else (width, height)


def clean_name(name: str | None) -> str:
    """The last part of a name, without what turns or hides letters, short enough for every disk."""
    last = PurePosixPath((name or "").replace("\\", "/")).name
    plain = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > 200:
        plain = f"{stem[:180]}{dot}{ending[:19]}" if dot else plain[:200]
    return plain or "file"


def _orientation_of(picture: Image.Image) -> int:
    """As the head of the file says: a PNG may say it behind its pixels, which would all have to be read."""
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    return int(picture.getexif().get(_ORIENTATION, 1))


def _is_text(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == HEAD  # a letter that the limit cut
    return True
