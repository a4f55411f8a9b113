"""The example app, on a port and thus an origin of its own, as long as some dashboard app shows it."""

import logging
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

from sqlalchemy import String
from sqlalchemy import cast
from sqlalchemy import select

from dashboard.apps.models import DashboardApp
from dashboard.config import CHECKOUT
from dashboard.config import Config
from dashboard.extensions import db

FOLDER = CHECKOUT / "examples" / "customer-orders"
LOOPBACK = {"127.0.0.1", "localhost"}

log = logging.getLogger(__name__)


class Example:
    """Called after each look at the job table: starts and stops the small server as the apps come and go."""

    def __init__(self, config: Config) -> None:
        self.port = config.port + 1
        self.server: ThreadingHTTPServer | None = None
        self.is_warned = False

    def __call__(self) -> None:
        is_wanted = self._is_wanted()
        if is_wanted and self.server is None:
            self._start()
        elif not is_wanted and self.server is not None:
            self.close()

    def close(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def _is_wanted(self) -> bool:
        mentions = cast(DashboardApp.content, String).contains(f":{self.port}")
        contents = db.session.scalars(select(DashboardApp.content).where(mentions))
        return any(self._is_here(frame["url"]) for content in contents for frame in content)

    def _is_here(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme == "http" and parts.hostname in LOOPBACK and parts.port == self.port

    def _start(self) -> None:
        try:
            self.server = ThreadingHTTPServer(
                ("127.0.0.1", self.port), partial(_Handler, directory=str(FOLDER))
            )
        except OSError as error:
            if not self.is_warned:
                log.warning("the example app cannot be served on port %s: %s", self.port, error.strerror)
            self.is_warned = True
            return
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, name="example", daemon=True).start()
        log.info("the example app is at http://127.0.0.1:%s", self.port)


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: it is the customer's page, not ours."""
