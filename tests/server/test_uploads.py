"""Files on a running desk: large ones cost no memory, and a killed server keeps no half of any."""

import os
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from tests.support.databases import Databases
from tests.support.factories import make_conversation
from tests.support.servers import Desk
from tests.support.servers import Server

BEGINNING = b'--x\r\nContent-Disposition: form-data; name="attachments[]"; filename="film.bin"\r\n\r\n'
END = b"\r\n--x--\r\n"
SIZE = 40 << 20


@pytest.fixture
def server(databases: Databases, migrated: str, tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, databases.new(copy_of=migrated)).start()
    yield server
    server.stop()


def address_of(server: Server, desk: Desk) -> str:
    with server.work():
        conversation = make_conversation(db.session.get_one(Inbox, desk.inbox_id))
        return f"/api/v1/accounts/{desk.account_id}/conversations/{conversation.display_id}/messages"


def head(desk: Desk, address: str) -> bytes:
    lines = (
        f"POST {address} HTTP/1.1",
        "Host: localhost",
        f"api_access_token: {desk.bo.token}",
        "Content-Type: multipart/form-data; boundary=x",
        f"Content-Length: {len(BEGINNING) + SIZE + len(END)}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def files(server: Server) -> list[Path]:
    folders = [server.folder / "data" / name for name in ("uploads", "incoming")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def web_process(server: Server) -> int:
    assert server.process is not None
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and b"dashboard.server.web" in (folder / "cmdline").read_bytes():
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == server.process.pid:
                return int(folder.name)
    raise AssertionError("there is no web process")


def peak(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) << 10


def test_a_large_file_costs_no_memory_and_comes_back_whole(server: Server) -> None:
    desk = server.make_desk()
    address = address_of(server, desk)
    server.api(desk.bo.token).post(address, {"content": "warm"})
    process = web_process(server)
    Path(f"/proc/{process}/clear_refs").write_text("5")  # the peak is counted from here
    before = peak(process)

    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request(
        "POST",
        address,
        body=(piece for piece in (BEGINNING, *(bytes(1 << 20) for _ in range(40)), END)),
        headers={
            "api_access_token": desk.bo.token,
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Length": str(len(BEGINNING) + SIZE + len(END)),
        },
    )
    answer = connection.getresponse()
    message = answer.read()
    assert answer.status == 200, message

    url = urlsplit(
        server.api(desk.bo.token).get(address).body["payload"][-1]["attachments"][0]["data_url"]
    ).path
    connection.request("GET", url)
    assert len(connection.getresponse().read()) == SIZE
    assert peak(process) - before < 20 << 20


def test_a_server_that_is_killed_while_a_file_comes_keeps_nothing_of_it(server: Server) -> None:
    desk = server.make_desk()
    address = address_of(server, desk)
    host = urlsplit(server.url)
    with socket.create_connection((host.hostname, host.port), timeout=20) as sender:
        sender.sendall(head(desk, address) + BEGINNING + bytes(20 << 20))
        os.kill(web_process(server), 9)

        with pytest.raises(OSError):
            while True:
                sender.sendall(bytes(1 << 20))

    answer = None
    while answer is None:  # the supervisor starts another one
        try:
            answer = server.api(desk.bo.token).post(address, {"content": "again"})
        except OSError:
            continue
    assert answer.status == 200
    assert files(server) == []
    with server.work():
        assert [message.content for message in db.session.query(Message)] == ["again"]
