"""Large files on a running desk: they cost no memory."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

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


def peak(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) << 10


def test_a_large_file_costs_no_memory_and_comes_back_whole(server: Server) -> None:
    desk = server.make_desk()
    address = address_of(server, desk)
    server.api(desk.bo.token).post(address, {"content": "warm"})
    (process,) = server.web_processes()
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
