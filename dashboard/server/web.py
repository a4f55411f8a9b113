"""The web process: `python -m dashboard.server.web SOCKET LIFELINE READY`, started by the supervisor."""

import socket
import sys

import uvicorn

from dashboard.http import logs
from dashboard.server.child import follow
from dashboard.server.child import report_ready
from dashboard.server.protocol import BoundedProtocol

SETTINGS = {
    "http": BoundedProtocol,
    "loop": "uvloop",
    "ws": "none",
    "lifespan": "off",
    "log_config": None,
    "access_log": False,
    "proxy_headers": False,  # the shell knows whom to believe; the server believes everybody at this machine
    "server_header": False,
    "timeout_keep_alive": 75,
    "timeout_graceful_shutdown": 10,
}


class Server(uvicorn.Server):
    """Reports when it accepts connections."""

    def __init__(self, app: str, *, ready: int) -> None:
        super().__init__(uvicorn.Config(app, **SETTINGS))  # type: ignore[arg-type]
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        report_ready(self.ready)


def main(listener: int, lifeline: int, ready: int) -> None:
    follow(lifeline)
    logs.configure()
    Server("wsgi:asgi", ready=ready).run(sockets=[socket.socket(fileno=listener)])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
