"""The web process: `python -m dashboard.server.web SOCKET LIFELINE READY`, started by the supervisor."""

import socket
import sys

import uvicorn

from dashboard.http import logs
from dashboard.realtime.presence import presence
from dashboard.server.asgi import Shell
from dashboard.server.child import follow
from dashboard.server.child import report_ready
from dashboard.server.collector import collect_between_instructions
from dashboard.server.protocol import BoundedProtocol
from dashboard.server.protocol import SocketProtocol

SETTINGS = {
    "http": BoundedProtocol,
    "loop": "uvloop",
    "ws": SocketProtocol,
    "ws_max_size": 64 << 10,  # bytes of a frame: what clients say is short
    "ws_per_message_deflate": False,  # costs each socket more memory than all the rest
    "lifespan": "off",
    "log_config": None,
    "access_log": False,
    "proxy_headers": False,  # the shell knows whom to believe; the server believes everybody at this machine
    "server_header": False,
    "timeout_keep_alive": 75,
    "timeout_graceful_shutdown": 10,
}


class Server(uvicorn.Server):
    """Reports when it accepts connections, and tells its sockets where to go when it does no more."""

    def __init__(self, app: str, *, ready: int) -> None:
        super().__init__(uvicorn.Config(app, **SETTINGS))  # type: ignore[arg-type]
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        presence.share()
        await super().startup(sockets)
        report_ready(self.ready)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()  # whoever comes back at once must not come back here
        shell = self.config.loaded_app
        if isinstance(shell, Shell):
            await shell.end()
        await super().shutdown(sockets)


def main(listener: int, lifeline: int, ready: int) -> None:
    follow(lifeline)
    collect_between_instructions()
    logs.configure()
    Server("wsgi:asgi", ready=ready).run(sockets=[socket.socket(fileno=listener)])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
