"""One client that does not keep up costs the others nothing."""

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.bus.topics import ROOMS
from dashboard.realtime.rooms import person_room
from tests.support.claims import agent
from tests.support.servers import Desk
from tests.support.servers import Server
from tests.support.sockets import Socket

EVENTS, SIZE = 300, 100_000  # together more than a system keeps for somebody who does not read


def test_who_never_reads_is_cut_off_and_nobody_else_notices(
    live: Server, desk: Desk, connect: Callable[..., Socket]
):
    bo = connect().subscribe(**agent(live, desk, desk.bo))
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", urlsplit(live.url).port))
    _subscribe(deaf, agent(live, desk, desk.ada))

    with live.work():
        rooms = [person_room(desk.ada.id), person_room(desk.bo.id)]
        for number in range(EVENTS):
            text = json.dumps({"event": "test.large", "data": {"number": number, "text": "x" * SIZE}})
            bus.publish(ROOMS, {"deliveries": [(text, rooms, [])]})
            assert bo.hear("test.large")["number"] == number  # who reads is not left behind by this loop

    assert _rest_of(deaf) < EVENTS * SIZE


def _subscribe(client: socket.socket, claim: dict) -> None:
    client.sendall(
        b"GET /cable HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    _read_until(client, b'{"type":"welcome"}')
    identifier = json.dumps({"channel": "RoomChannel", **claim})
    content = json.dumps({"command": "subscribe", "identifier": identifier}).encode()
    client.sendall(b"\x81\xfe" + len(content).to_bytes(2, "big") + bytes(4) + content)
    _read_until(client, b"presence.update")


def _read_until(client: socket.socket, wanted: bytes) -> None:
    read = b""
    while wanted not in read:
        read += client.recv(65_536)


def _rest_of(client: socket.socket) -> int:
    """How many bytes still come before the end."""
    client.settimeout(20)
    size = 0
    with suppress(ConnectionResetError):
        while piece := client.recv(1 << 20):
            size += len(piece)
    client.close()
    return size
