"""Static files, answered beside the thread pool: a page's forty small requests must not queue behind it."""

import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rjsmin import jsmin

_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
_TEXTUAL = re.compile(r"text/|image/svg")
_OWN_SCRIPTS = "js"  # the folder of our own; what comes from elsewhere is sent as it came


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent; `body` is empty where the browser has it already."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class StaticFiles:
    """`/static/<revision>/…`: the address changes with the content, so what it names is kept for ever.

    A page that was open during an upgrade asks for the old revision: it gets today's file, but not to keep.
    """

    def __init__(self, folder: Path, url_path: str) -> None:
        self.folder = folder.resolve()
        self.address = re.compile(
            re.escape(url_path.rsplit("/", 1)[0]) + r"/(?P<revision>[^/]+)/(?P<name>.+)"
        )
        self.revision = url_path.rsplit("/", 1)[1]

    def owns(self, method: str, path: str) -> bool:
        return method in {"GET", "HEAD"} and self.address.fullmatch(path) is not None

    def read(self, path: str, seen: bytes) -> StaticFile | None:
        """The file at that address, unless `seen` (If-None-Match) says that the browser has it."""
        found = self.address.fullmatch(path)
        file = _inside(self.folder, found["name"]) if found else None
        if found is None or file is None:
            return None
        facts = file.stat()
        etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'.encode()
        keep = b"public, max-age=31536000, immutable" if found["revision"] == self.revision else b"no-cache"
        headers = [(b"cache-control", keep), (b"etag", etag), (b"x-content-type-options", b"nosniff")]
        if seen == etag:
            return StaticFile(304, headers, b"")
        body = content_of(file, self.folder)
        headers += [(b"content-type", _type_of(file)), (b"content-length", str(len(body)).encode())]
        return StaticFile(200, headers, body)


def content_of(file: Path, folder: Path) -> bytes:
    """What is sent of a file in the folder: of our own scripts what a browser reads, without comments and
    indentation, which are a third of them."""
    if file.suffix != ".js" or not file.is_relative_to(folder / _OWN_SCRIPTS):
        return file.read_bytes()
    return _spare(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _spare(file: Path, _written_at: int) -> bytes:
    return bytes(jsmin(file.read_bytes()))


def _inside(folder: Path, name: str) -> Path | None:
    try:
        file = (folder / name).resolve()
        return file if file.is_relative_to(folder) and file.is_file() else None
    except (OSError, ValueError):  # too long, or a zero byte
        return None


def _type_of(file: Path) -> bytes:
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8".encode() if _TEXTUAL.match(kind) else kind.encode()
