"""Our own pages of Markdown, and what stands in them that can be run."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from dashboard.config import CHECKOUT

# What the pages write where a reader's own desk has something else.
DESK = "http://127.0.0.1:5000"
TOKEN = "x7Z8NsTvEA5mjr7L69DHztUo"

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Listing:
    """A fenced block; `options` are the words after its language, such as `format=ndoto`."""

    language: str
    options: dict[str, str]
    text: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line} ({self.language})"


def documents() -> list[Path]:
    folders = (CHECKOUT / "docs", CHECKOUT / "examples")
    pages = (page for folder in folders for page in folder.rglob("*.md") if "node_modules" not in page.parts)
    return sorted(CHECKOUT.glob("*.md")) + sorted(pages)


def listings_of(path: Path, language: str | None = None) -> list[Listing]:
    text = path.read_text(encoding="utf-8")
    found = [_listing(match, text) for match in _FENCE.finditer(text)]
    return [listing for listing in found if language in {None, listing.language}]


def tables_of(path: Path) -> dict[str, list[str]]:
    """By heading: the names in the first column of the table below it."""
    tables: dict[str, list[str]] = {}
    heading = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("| `"):
            tables.setdefault(heading, []).extend(re.findall(r"`([^`]+)`", line.split("|")[1]))
    return tables


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """A web server for that folder, on an origin of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@contextmanager
def serving(command: str, folder: Path) -> Iterator[None]:
    """A listing that serves files until it is stopped, once it has said that it does."""
    server = subprocess.Popen(
        shlex.split(command),
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert "Serving HTTP" in server.stdout.readline()
        yield
    finally:
        server.terminate()
        server.communicate(timeout=30)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """The tests say what went wrong."""


def _listing(match: re.Match[str], text: str) -> Listing:
    language, *words = match["info"].split() or [""]
    options = dict(word.split("=", 1) for word in words)
    return Listing(language, options, match["text"], text.count("\n", 0, match.start()) + 1)
