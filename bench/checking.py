"""The worst address that "Check this app" can be given: one that answers a byte at a time and never ends."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

from bench.measure import Desk
from dashboard.accounts.models import Account
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.checks import ask_for_check
from dashboard.apps.operations.checks import look_at
from dashboard.extensions import db
from dashboard.lib import outgoing

PAUSE = 0.2  # seconds between two bytes
DESK = "http://desk.example.com"


def measure_check(desk: Desk) -> tuple[float, float]:
    """Seconds that a worker looks at it, and milliseconds that whoever asked waits: the look is a job."""
    with _dripping() as url, desk.app.app_context():
        outgoing.allow((ip_network("127.0.0.0/8"),))
        begun = time.monotonic()
        look_at(url, desk=DESK, own_port=0)
        looked = time.monotonic() - begun
        outgoing.allow(())
        app = add_app(
            db.session.get_one(Account, 1), title="Drips", content=[{"type": "frame", "url": url}], actor=None
        )
        begun = time.monotonic()
        ask_for_check(app)
        db.session.flush()
        asked = time.monotonic() - begun
        db.session.rollback()
        number = app.id
    desk.change("DELETE FROM dashboard_apps WHERE id = :number", number=number)
    return looked, asked * 1000


@contextmanager
def _dripping() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_drip, args=(door,), daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"


def _drip(door: socket.socket) -> None:
    """Until the one who listens has gone."""
    wire, _ = door.accept()
    with wire:
        try:
            wire.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while True:
                wire.sendall(b"x")
                time.sleep(PAUSE)
        except OSError:
            return
