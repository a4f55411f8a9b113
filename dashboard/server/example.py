"""The example app, on a port and thus an origin of its own, as long as some dashboard app shows it."""

import logging
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

from sqlalchemy import String
from sqlalchemy import cast
from sqlalchemy import or_
from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.config import CHECKOUT
from dashboard.config import Config
from dashboard.extensions import db
from dashboard.sample.operations import APP_PATH

FOLDER = CHECKOUT / "examples" / "customer-orders"
LOOPBACK = {"127.0.0.1", "localhost"}
LOWEST_PORT = 1024  # those below are the system's

log = logging.getLogger(__name__)


class Example:
    """Called after each look at the job table: starts and stops the small servers as the apps come and go.

    An app that was made when the desk had another port says where it is: it is served there.
    """

    def __init__(self, config: Config) -> None:
        self.desk_port = config.port
        self.servers: dict[int, ThreadingHTTPServer] = {}
        self.warned: set[int] = set()

    def __call__(self) -> None:
        wanted = self._wanted()
        for port in self.servers.keys() - wanted:
            self._stop(port)
        for port in wanted - self.servers.keys():
            self._start(port)

    def close(self) -> None:
        for port in list(self.servers):
            self._stop(port)

    def _wanted(self) -> set[int]:
        content = cast(DashboardApp.content, String)
        mentions = or_(content.contains(APP_PATH), content.contains(f":{self.desk_port + 1}"))
        contents = db.session.scalars(select(DashboardApp.content).where(mentions))
        ports = {self._port_in(frame["url"]) for content in contents for frame in content}
        return {port for port in ports if port is not None and port >= LOWEST_PORT} - {self.desk_port}

    def _port_in(self, url: str) -> int | None:
        """Where the example has to be for this address; None where it is the address of something else."""
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname not in LOOPBACK:
            return None
        return parts.port if parts.path == APP_PATH or parts.port == self.desk_port + 1 else None

    def _start(self, port: int) -> None:
        try:
            server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(FOLDER)))
        except OSError as error:
            if port not in self.warned:
                log.warning("the example app cannot be served on port %s: %s", port, error.strerror)
            self.warned.add(port)
            return
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, name="example", daemon=True).start()
        self.servers[port] = server
        log.info("the example app is at http://127.0.0.1:%s%s", port, APP_PATH)

    def _stop(self, port: int) -> None:
        server = self.servers.pop(port)
        server.shutdown()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """The example is also at the root, where it was first."""
        return super().translate_path(path.removeprefix(APP_PATH.rstrip("/")) or "/")

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: it is the customer's page, not ours."""
