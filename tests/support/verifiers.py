"""The examples that check tokens, as servers of their own: an app that somebody might have written."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.config import CHECKOUT
from tests.support.processes import started
from tests.support.servers import free_port

EXAMPLES = CHECKOUT / "examples" / "verify"
INSTALLED = CHECKOUT / "tests" / "node_modules"


def own_origin() -> str:
    return f"http://127.0.0.1:{free_port()}"


def node_example(folder: Path) -> Path:
    """The example in Node with its library, as `npm install` would put it there."""
    assert INSTALLED.exists(), "the library is not installed: npm ci --prefix tests"
    place = folder / "node"
    shutil.copytree(EXAMPLES / "node", place)
    (place / "node_modules").symlink_to(INSTALLED.resolve())
    return place


@contextmanager
def running(kind: str, folder: Path, *, desk: str, client_id: str, origin: str) -> Iterator[None]:
    """The example in `flask` or `node`, at that origin, for the app of that desk."""
    port = origin.rpartition(":")[2]
    if kind == "flask":
        place = EXAMPLES / "flask"
        command = [sys.executable, "-m", "flask", "--app", "server", "run", "--port", port]
    else:
        place = node_example(folder)
        command = ["node", "server.mjs"]
    known = {"DESK": desk, "CLIENT_ID": client_id, "ORIGIN": origin, "PORT": port}
    with started(command, place, said=origin, **known):
        yield
