"""Serves the floor exactly as the product is served: `python -m bench.floor_server SOCKET LIFELINE READY`."""

import socket
import sys

from dashboard.http import logs
from dashboard.server.child import follow
from dashboard.server.collector import collect_between_instructions
from dashboard.server.web import Server


def main(listener: int, lifeline: int, ready: int) -> None:
    follow(lifeline)
    collect_between_instructions()
    logs.configure()
    Server("bench.floor:asgi", ready=ready).run(sockets=[socket.socket(fileno=listener)])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
