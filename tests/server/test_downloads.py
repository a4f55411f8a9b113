"""Files through the shell: in parts, not twice, and at nobody else's cost; uploads that cost no memory."""

import io
import os
import socket
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask import Response
from flask import request

from dashboard.lib.storage import Disk
from dashboard.server import bodies

KEY = "abcdefgh12345678"
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def file_app(tmp_path: Path) -> Flask:
    """`/file` names a stored file; `/post` says how much came."""
    (tmp_path / "data" / "uploads").mkdir(parents=True)
    Disk(tmp_path / "data" / "uploads").put(KEY, io.BytesIO(CONTENT))
    app = Flask("files", static_folder=str(tmp_path), static_url_path="/static/abc123")

    @app.get("/file")
    def file() -> Response:
        return Response(
            headers={"X-Stored-File": KEY, "Content-Type": "image/png", "Cache-Control": "private"}
        )

    @app.get("/gone")
    def gone() -> Response:
        return Response(headers={"X-Stored-File": "zyxwvuts87654321"})

    @app.post("/messages")
    def post() -> dict[str, int]:
        size = 0
        while piece := request.stream.read(1 << 20):
            size += len(piece)
        return {"size": size}

    return app


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("", 200, 0, 256_000),
        ("bytes=0-99", 206, 0, 100),
        ("bytes=255990-", 206, 255_990, 256_000),
        ("bytes=-10", 206, 255_990, 256_000),
        ("bytes=100-999999999", 206, 100, 256_000),
        ("bytes=5-1,7-9", 200, 0, 256_000),
        ("lines=1-2", 200, 0, 256_000),
    ],
)
def test_a_file_comes_whole_or_in_the_part_that_is_wanted(serve, file_app, asked, status, start, end):
    response = serve(file_app).ask("/file", headers={"Range": asked} if asked else {})

    assert (response.status, response.read()) == (status, CONTENT[start:end])
    assert response.headers["Content-Length"] == str(end - start)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers.get_all("X-Stored-File") is None
    if status == 206:
        assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/256000"


def test_a_part_outside_of_the_file_is_refused(serve, file_app):
    response = serve(file_app).ask("/file", headers={"Range": "bytes=256000-"})

    assert (response.status, response.headers["Content-Range"]) == (416, "bytes */256000")


def test_what_the_browser_has_is_not_sent_again(serve, file_app):
    served = serve(file_app)
    etag = served.ask("/file", method="HEAD").headers["ETag"]

    assert served.ask("/file", headers={"If-None-Match": etag}).status == 304
    assert served.ask("/file", headers={"Range": "bytes=0-1", "If-Range": '"other"'}).status == 200
    assert served.ask("/gone").status == 404


def test_readers_who_stop_reading_hold_no_thread(serve, file_app, tmp_path):
    Disk(tmp_path / "data" / "uploads").put("large000", io.BytesIO(bytes(16 << 20)))
    file_app.add_url_rule("/large", view_func=lambda: Response(headers={"X-Stored-File": "large000"}))
    served = serve(file_app, threads=1, queue=0)
    stalled = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(10)]
    for reader in stalled:
        reader.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert reader.recv(15) == b"HTTP/1.1 200 OK"

    assert served.ask("/file").read() == CONTENT

    for reader in stalled:
        reader.close()


def test_slow_uploads_keep_nobody_waiting(serve, file_app):
    served = serve(file_app, threads=1, queue=0)
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(20)]
    for sender in slow:
        sender.sendall(
            b"POST /messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000000\r\n\r\n" + bytes(70_000)
        )

    assert served.ask("/file").read() == CONTENT

    for sender in slow:
        sender.close()


def test_a_large_body_that_goes_on_may_take_longer_than_a_small_one(serve, file_app):
    served = serve(file_app, body_timeout=2)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as sender:
        sender.sendall(b"POST /messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n")
        pause = threading.Event()
        for _ in range(8):
            sender.sendall(bytes(500_000))
            pause.wait(0.3)

        assert sender.recv(15) == b"HTTP/1.1 200 OK"


def test_a_message_may_have_many_files_and_costs_no_memory(serve, file_app, tmp_path):
    served = serve(file_app)
    before = _resident()
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Transfer-Encoding": "chunked"}
    pieces = (bytes(1 << 20) for _ in range(100))

    answer = served.ask("/messages", method="POST", body=pieces, headers=headers, encode_chunked=True)

    assert answer.read() == b'{"size":104857600}\n'
    assert _resident() - before < 30 << 20
    assert not list((tmp_path / "data" / "incoming").iterdir())


def test_a_large_body_leaves_the_desk_room_to_work(serve, file_app, monkeypatch):
    served = serve(file_app)
    monkeypatch.setattr(bodies, "RESERVE", 1 << 60)

    answer = served.ask("/messages", method="POST", body=bytes(2 << 20))

    assert (answer.status, answer.read()) == (507, b'{"error": "The disk of the desk is full."}')
    assert served.ask("/messages", method="POST", body=bytes(1000)).status == 200


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
