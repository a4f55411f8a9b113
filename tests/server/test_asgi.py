"""What the shell lets through to Flask and what it answers itself, asked over a real socket."""

import json
import logging
import socket
import threading

import pytest
from flask import Flask
from flask import request

from dashboard.http.logs import request_id
from dashboard.server import bodies
from dashboard.server import protocol
from dashboard.server.protocol import BoundedProtocol
from tests.support.cast import make_cast

BIG = b"x" * (8 << 20)  # more than the buffers between two sockets hold


@pytest.fixture
def small_app(tmp_path):
    """Says what it received; `/wait` waits for the gate, `/fail` fails."""
    folder = tmp_path / "static"
    (folder / "js").mkdir(parents=True)
    (folder / "js" / "main.js").write_text("let a;")
    (tmp_path / "secret.txt").write_text("hidden")
    app = Flask("small", static_folder=str(folder), static_url_path="/static/abc123")
    app.gate = threading.Event()

    @app.route("/echo", methods=["GET", "POST"])
    def echo():
        return {
            "headers": {name: request.environ[name] for name in request.environ if name.startswith("HTTP_")},
            "address": request.remote_addr,
            "scheme": request.scheme,
            "query": request.args.to_dict(),
            "length": len(request.get_data()),
            "said": request.content_length,
        }

    @app.get("/wait")
    def wait():
        assert app.gate.wait(20)
        return "waited"

    @app.get("/big")
    def big():
        return BIG

    @app.get("/fail")
    def fail():
        raise RuntimeError("on purpose")

    yield app
    app.gate.set()


def read(response):
    return json.loads(response.read())


@pytest.mark.parametrize("name", ["api_access_token", "Api-Access-Token"])
def test_the_token_header_arrives_in_both_spellings(serve, small_app, name):
    answer = read(serve(small_app).ask("/echo", headers={name: "abc"}))

    assert answer["headers"]["HTTP_API_ACCESS_TOKEN"] == "abc"


def test_no_other_header_with_an_underscore_does(serve, small_app):
    served = serve(small_app, environ={"TRUSTED_PROXIES": "127.0.0.1"})

    answer = read(
        served.ask("/echo", headers={"X_Forwarded_For": "1.1.1.1", "x_request_id": "1", "Proxy": "evil"})
    )

    assert not {"HTTP_X_FORWARDED_FOR", "HTTP_X_REQUEST_ID", "HTTP_PROXY"} & set(answer["headers"])
    assert answer["address"] == "127.0.0.1"


def test_a_trusted_proxy_is_believed(serve, small_app):
    forwarded = {"X-Forwarded-For": "192.0.2.66, 198.51.100.1", "X-Forwarded-Proto": "https"}

    trusting = read(
        serve(small_app, environ={"TRUSTED_PROXIES": "127.0.0.0/8"}).ask("/echo", headers=forwarded)
    )
    wary = read(serve(small_app).ask("/echo", headers=forwarded))

    assert (trusting["address"], trusting["scheme"]) == ("198.51.100.1", "https")
    assert (wary["address"], wary["scheme"]) == ("127.0.0.1", "http")


def test_another_host_than_public_url_is_refused_but_not_by_the_health_checks(serve, small_app):
    served = serve(small_app, environ={"PUBLIC_URL": "https://desk.example.com"})

    def status_of(path, host):
        return served.ask(path, headers={"Host": host}).status

    assert status_of("/echo", "desk.example.com") == 200
    assert status_of("/echo", "localhost") == 200
    assert status_of("/echo", "evil.example") == 400
    assert status_of("/static/abc123/js/main.js", "evil.example") == 400
    assert status_of("/healthz", "evil.example") == 200


def test_of_two_hosts_none_is_believed(serve, small_app):
    served = serve(small_app, environ={"PUBLIC_URL": "https://desk.example.com"})
    for hosts in (("desk.example.com", "evil.example"), ("evil.example", "desk.example.com")):
        connection = served.connect()
        connection.putrequest("GET", "/echo", skip_host=True)
        for host in hosts:
            connection.putheader("Host", host)
        connection.endheaders()

        assert connection.getresponse().status == 400


def test_health_says_json(serve, small_app):
    served = serve(small_app)

    assert read(served.ask("/healthz")) == {"status": "ok"}
    unready = served.ask("/readyz")
    assert (unready.status, read(unready)) == (503, {"status": "unavailable", "database": "empty"})


def test_ready_means_a_migrated_database(serve, make_app):
    app = make_app()
    served = serve(app, environ={"DATABASE_URL": app.config["DESK"].database_url})

    answer = served.ask("/readyz")

    assert (answer.status, read(answer)) == (200, {"status": "ready"})


def test_when_every_thread_is_busy_health_and_static_files_still_answer(serve, small_app):
    served = serve(small_app, threads=1, queue=1)
    waiting = [served.connect() for _ in range(2)]
    for connection in waiting:
        connection.request("GET", "/wait")
    busy = served.ask("/echo")
    while busy.status == 200:  # the two are on their way
        busy = served.ask("/echo")

    assert (busy.status, busy.headers["Retry-After"]) == (503, "1")
    assert served.ask("/healthz").status == 200
    assert served.ask("/static/abc123/js/main.js").read() == b"let a;"

    small_app.gate.set()
    assert [connection.getresponse().read() for connection in waiting] == [b"waited", b"waited"]


def test_somebody_who_does_not_read_holds_no_thread(serve, small_app):
    served = serve(small_app, threads=1)
    with socket.create_connection(("127.0.0.1", served.port)) as lazy:
        lazy.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert lazy.recv(15) == b"HTTP/1.1 200 OK"

        assert served.ask("/echo").status == 200


def test_somebody_who_sends_slowly_holds_no_thread_and_is_sent_away(serve, small_app):
    served = serve(small_app, threads=1, queue=0, body_timeout=1)
    with socket.create_connection(("127.0.0.1", served.port)) as slow:
        slow.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")

        assert served.ask("/echo").status == 200
        assert slow.recv(20) == b"HTTP/1.1 408 Request"


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"GET /echo HTTP/1.1\r\nHost: localhost\r\n", b"X-More: x\r\n" * 1000),
        (b"GET /echo HTTP/1.1\r\nHost: localhost\r\nX-Long: ", b"x" * 10_000),
        (b"GET /echo?", b"x" * 10_000),
    ],
)
def test_headers_without_an_end_are_refused(serve, small_app, beginning, piece):
    served = serve(small_app)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as endless:
        endless.sendall(beginning)
        with pytest.raises(OSError):
            for _ in range(10_000):
                endless.sendall(piece)

    assert served.ask("/echo", headers={"X-Long": "x" * 60_000}).status == 200


@pytest.mark.parametrize("beginning", [b"", b"GET /echo HTTP/1.1\r\nHost: localhost\r\n"])
def test_somebody_who_never_ends_the_head_is_sent_away(serve, small_app, monkeypatch, beginning):
    monkeypatch.setattr(BoundedProtocol, "head_timeout", 0.3)
    served = serve(small_app)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as slow:
        slow.sendall(beginning)

        assert slow.makefile("rb").read().startswith(b"HTTP/1.1 408 ")


def test_a_second_request_on_a_connection_has_its_own_time(serve, small_app, monkeypatch):
    monkeypatch.setattr(BoundedProtocol, "head_timeout", 1.0)
    request = b"GET /echo HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", serve(small_app).port), timeout=20) as slow:
        slow.sendall(request + b"\r\n" + request)

        answers = slow.makefile("rb").read()

    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answers


def test_trailers_without_an_end_are_refused(serve, small_app):
    served = serve(small_app)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as endless:
        endless.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        with pytest.raises(OSError):
            for _ in range(10_000):
                endless.sendall(b"X-More: x\r\n" * 1000)


def test_a_body_may_come_in_the_smallest_of_pieces(serve, small_app):
    served = serve(small_app)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as patient:
        patient.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        patient.sendall(b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n")

        assert patient.recv(15) == b"HTTP/1.1 200 OK"


def test_a_body_that_says_it_is_too_large_is_refused_and_the_sender_hears_why(serve, small_app):
    response = serve(small_app).ask("/echo", method="POST", body=bytes(bodies.LARGEST + 1))

    assert (response.status, read(response)) == (413, {"error": "The body is too large."})


def test_a_body_in_pieces_that_grows_too_large_is_refused(serve, small_app):
    pieces = (bytes(1 << 20) for _ in range(42))

    response = serve(small_app).ask(
        "/echo", method="POST", body=pieces, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )

    assert response.status == 413


@pytest.mark.parametrize("size", [0, 5, 70_000, 3 << 20])
def test_a_body_arrives_whole_however_it_is_sent(serve, small_app, size):
    served = serve(small_app)

    whole = read(served.ask("/echo", method="POST", body=bytes(size)))
    pieces = iter([bytes(size)]) if size else iter([])
    chunked = read(
        served.ask(
            "/echo", method="POST", body=pieces, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
        )
    )

    assert (whole["length"], whole["said"]) == (size, size)
    assert (chunked["length"], chunked["said"]) == (size, size)


def test_static_files_are_kept_for_ever_under_todays_revision_only(serve, small_app):
    served = serve(small_app)

    today = served.ask("/static/abc123/js/main.js")
    before = served.ask("/static/older/js/main.js")

    assert today.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert today.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert today.headers["X-Content-Type-Options"] == "nosniff"
    assert before.headers["Cache-Control"] == "no-cache"
    assert before.read() == today.read() == b"let a;"


def test_a_static_file_that_the_browser_has_is_not_sent_again(serve, small_app):
    served = serve(small_app)
    etag = served.ask("/static/abc123/js/main.js").headers["ETag"]

    again = served.ask("/static/abc123/js/main.js", headers={"If-None-Match": etag})

    assert (again.status, again.read()) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/abc123/nothing.js",
        "/static/abc123/../../secret.txt",
        "/static/x/%2e%2e/%2e%2e/secret.txt",
        "/static/x/%00",
        "/static/x/js",
    ],
)
def test_nothing_outside_the_folder_is_a_static_file(serve, small_app, path):
    assert serve(small_app).ask(path).status == 404


def test_each_request_has_an_id_and_a_line(serve, small_app, caplog):
    caplog.set_level(logging.INFO, "desk.request")
    served = serve(small_app)

    ids = {served.ask("/echo?q=private").headers["X-Request-Id"] for _ in range(2)}
    served.ask("/set-password/topsecret")
    served.ask("/join/topsecret")
    served.ask("/%0aGET%20/forged")

    assert len(ids) == 2
    lines = [record.getMessage() for record in caplog.records if record.name == "desk.request"]
    assert lines[0].startswith("GET /echo 200 ")
    assert lines[2].startswith("GET /set-password/… 404 ")
    assert lines[3].startswith("GET /join/… 404 ")
    assert lines[4].startswith("GET /?GET /forged 404 ")
    assert "private" not in "".join(lines)
    assert "topsecret" not in "".join(lines)


def test_an_error_is_logged_under_the_id_of_its_request(serve, small_app, caplog):
    seen = []
    logging.getLogger("small").addFilter(lambda record: seen.append(request_id.get()) or True)

    failed = serve(small_app).ask("/fail")

    assert failed.status == 500
    assert seen == [failed.headers["X-Request-Id"]]


def test_a_websocket_is_refused(serve, small_app):
    response = serve(small_app).ask(
        "/cable",
        headers={
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": "x" * 24,
            "Sec-WebSocket-Version": "13",
        },
    )

    assert response.status >= 400


def test_the_line_of_a_request_says_who_asked(serve, make_app, caplog):
    caplog.set_level(logging.INFO, "desk.request")
    app = make_app()
    with app.app_context():
        cast = make_cast()
        token, ada = cast.token(cast.ada), cast.ada.id
    served = serve(app, environ={"DATABASE_URL": app.config["DESK"].database_url})

    served.ask("/api/v1/profile", headers={"api_access_token": token}).read()

    assert f" user={ada}" in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/cable", "desk.example.com", 101),
        ("/cable", "127.0.0.1", 101),
        ("/cable", "other.example.com", 403),
        ("/other", "desk.example.com", 403),
    ],
)
def test_a_socket_is_opened_at_the_desks_own_address_only(serve, path: str, host: str, status: int) -> None:
    served = serve(Flask(__name__), environ={"PUBLIC_URL": "https://desk.example.com"})
    handshake = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }

    assert served.ask(path, headers=handshake).status == status


def test_there_is_room_for_so_many_sockets_and_the_next_is_told_so(serve) -> None:
    served = serve(Flask(__name__))
    served.shell.cable.most_sockets = 1
    handshake = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    first = served.connect()
    first.request("GET", "/cable", headers=handshake)
    assert first.getresponse().status == 101

    assert served.ask("/cable", headers=handshake).status == 503


def test_who_connected_just_before_the_end_is_answered(serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LAST_WORD", 20.0)
    served = serve(Flask(__name__))
    early = served.connect()
    early.connect()
    served.ask("/healthz").read()  # by now the server has the earlier connection too

    served.server.should_exit = True
    while served.server.servers and served.server.servers[0].is_serving():
        threading.Event().wait(0.01)
    early.request("GET", "/healthz")

    answer = early.getresponse()
    assert answer.status == 200
    assert answer.getheader("Connection") == "close"
