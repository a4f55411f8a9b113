"""Requests to addresses that somebody typed: against small real servers, by somebody who means ill."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import pytest
import trustme

from dashboard.lib import outgoing
from dashboard.lib.outgoing import Answer
from tests.support.receivers import Receiver
from tests.support.receivers import receiving
from tests.support.servers import free_port

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HOME = (ip_network("127.0.0.0/8"),)
Resolve = Callable[[dict[str, list[str]]], list[str]]


@pytest.fixture(autouse=True)
def _nothing_allowed() -> Iterator[None]:
    outgoing.allow(())
    yield
    outgoing.allow(())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Names of a resolver that its owner controls: each time it is asked, the next answer comes."""
    real = socket.getaddrinfo

    def set_up(answers: dict[str, list[str]]) -> list[str]:
        asked: list[str] = []

        def ask(host: str, port: int, *rest: Any, **options: Any) -> Any:
            if host not in answers:
                return real(host, port, *rest, **options)
            asked.append(host)
            found = answers[host][min(len(asked), len(answers[host])) - 1]
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found.split("+")
            ]

        monkeypatch.setattr(socket, "getaddrinfo", ask)
        return asked

    return set_up


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """The address of somebody who says these bytes to the first who comes, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            wire, _ = server.accept()
            with wire:
                came = b""
                while not came.endswith(b'{"a": 1}'):
                    came += wire.recv(65_536)
                wire.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(30)


def send(url: str, **options: Any) -> Answer:
    return outgoing.post(url, b'{"a": 1}', {"Content-Type": "application/json"}, **options)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::7f00:1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://192.0.2.1/",
        "http://[fec0::1]/",
        "http://[3fff::1]/",
        "http://192.88.99.1/",
    ],
)
def test_an_address_that_is_not_public_is_not_asked(url: str) -> None:
    assert send(url).error == "private_address"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "/hook",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://x/",
        "http://",
        "http:///path",
        "http://ada:secret@example.com/",
        "http://[::1/",
        "http://example.com:99999/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_not_asked(url: str) -> None:
    assert send(url).error == "address"


def test_what_the_settings_allow_is_reached(receiver: Receiver) -> None:
    assert send(receiver.url()).error == "private_address"
    outgoing.allow(HOME)

    assert send(receiver.url("/hook?a=b c")) == Answer(200, b"ok")

    assert receiver.received[0].body == b'{"a": 1}'
    assert receiver.received[0].path == "/hook?a=b%20c"
    assert receiver.received[0].headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_name_is_asked_once_and_its_answer_is_where_it_goes(names: Resolve, receiver: Receiver) -> None:
    asked = names({"hook.test": ["127.0.0.1", "192.168.0.1"]})
    outgoing.allow(HOME)

    assert send(receiver.url(host="hook.test")).is_good

    assert asked == ["hook.test"]
    assert receiver.received[0].headers["host"] == f"hook.test:{receiver.port}"


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    names: Resolve, receiver: Receiver
) -> None:
    names({"mixed.test": ["93.184.216.34+127.0.0.1"]})

    assert send(receiver.url(host="mixed.test")).error == "private_address"
    assert receiver.received == []


def test_a_name_that_nobody_knows_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", ask)

    assert send("http://nobody.test/").error == "dns"


def test_the_certificate_must_be_the_names(names: Resolve) -> None:
    authority = trustme.CA()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hook.test").configure_cert(theirs)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    names({"hook.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
    outgoing.allow(HOME)

    with receiving(theirs) as receiver:
        assert send(receiver.url(host="hook.test"), trust=ours) == Answer(200, b"ok")
        assert send(receiver.url(host="other.test"), trust=ours).error == "tls"
        assert send(receiver.url(host="hook.test")).error == "tls"
        assert len(receiver.received) == 1


def test_nothing_is_followed(receiver: Receiver) -> None:
    outgoing.allow(HOME)

    answer = send(receiver.url("/moved"))

    assert (answer.status, answer.is_good, answer.sentence) == (302, False, "302 Found")
    assert [each.path for each in receiver.received] == ["/moved"]


def test_what_is_fetched_is_followed_and_each_place_is_looked_at(receiver: Receiver) -> None:
    outgoing.allow(HOME)
    receiver.moved = {"/private": "http://10.0.0.1/", "/file": "file:///etc/passwd", "/up": "a/../elsewhere"}

    assert outgoing.get(receiver.url("/moved"), largest=2) == Answer(200, b"ok")
    assert outgoing.get(receiver.url("/up"), largest=2) == Answer(200, b"ok")
    assert [each.path for each in receiver.received] == ["/moved", "/elsewhere", "/up", "/elsewhere"]
    assert outgoing.get(receiver.url("/private"), largest=2).error == "private_address"
    assert outgoing.get(receiver.url("/file"), largest=2).error == "address"
    assert outgoing.get(receiver.url("/round"), largest=2).sentence == "It has moved on and on"
    assert outgoing.get(receiver.url(), largest=1).error == "too_large"


def test_a_proxy_in_the_environment_is_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    outgoing.allow(HOME)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert send(receiver.url()).is_good


def test_of_a_large_answer_the_beginning_is_read(receiver: Receiver) -> None:
    outgoing.allow(HOME)
    receiver.body = b"o" * 300_000

    assert len(send(receiver.url()).body) == outgoing.LARGEST_ANSWER


@pytest.mark.parametrize("path", ["/drip", "/drip-headers"])
def test_who_sends_byte_after_byte_is_cut_off(receiver: Receiver, path: str) -> None:
    outgoing.allow(HOME)
    began = time.monotonic()

    assert send(receiver.url(path), deadline=0.5).error == "timeout"

    assert time.monotonic() - began < 8  # all of it would take ten seconds


def test_who_never_answers_is_waited_for_until_the_end() -> None:
    outgoing.allow(HOME)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/"
            assert send(url, deadline=0.3).error == "timeout"


def test_what_goes_wrong_has_a_word_and_a_sentence(receiver: Receiver) -> None:
    outgoing.allow(HOME)

    refused = send(f"http://127.0.0.1:{free_port()}/")
    assert (refused.error, refused.sentence) == ("refused", "The connection was refused")
    assert send(receiver.url("/gone")).error == "http"
    receiver.status = 500
    assert send(receiver.url()).sentence == "500 Internal Server Error"
    receiver.status = 299
    assert send(receiver.url()) == Answer(299, b"ok")
    assert send(f"https://127.0.0.1:{receiver.port}/").error == "handshake"


def test_a_connection_is_kept_for_the_next_who_posts_there(receiver: Receiver) -> None:
    outgoing.allow(HOME)

    assert [send(receiver.url(path)).status for path in ("/a", "/b")] == [200, 200]
    receiver.body = b"x" * 300_000  # of which only the beginning is read
    assert [len(send(receiver.url()).body) for _ in range(2)] == [outgoing.LARGEST_ANSWER] * 2

    first, second, third, fourth = (each.port for each in receiver.received)
    assert first == second == third != fourth


def test_what_the_other_side_closed_meanwhile_is_opened_anew(receiver: Receiver) -> None:
    outgoing.allow(HOME)
    closed = receiver.hang_up_after()

    assert send(receiver.url("/a")) == Answer(200, b"ok")
    assert closed.wait(30)
    assert send(receiver.url("/b")) == Answer(200, b"ok")

    assert len({each.port for each in receiver.received}) == 2


def test_a_kept_connection_is_not_taken_where_the_name_means_something_else(
    names: Resolve, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "KNOWN_FOR", -1.0)
    names({"hook.test": ["127.0.0.1", "192.168.0.1", "127.0.0.2"]})
    outgoing.allow(HOME)
    here = receiver.url(host="hook.test")

    assert send(here).is_good
    assert send(here).error == "private_address"
    assert send(here, deadline=1).error == "refused"
    assert len(receiver.received) == 1


def test_what_is_no_longer_allowed_is_not_reached_by_a_kept_connection(receiver: Receiver) -> None:
    outgoing.allow(HOME)
    assert send(receiver.url()).is_good

    outgoing.allow(())

    assert send(receiver.url()).error == "private_address"


def test_a_name_is_not_asked_for_each_of_many(names: Resolve, receiver: Receiver) -> None:
    asked = names({"hook.test": ["127.0.0.1"]})
    outgoing.allow(HOME)

    assert all(send(receiver.url(host="hook.test")).is_good for _ in range(5))

    assert len(asked) < 5


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            CHUNKED + b"2;x=y\r\nok\r\n3\r\n!!!\r\n0\r\nA: b\r\n\r\n",
            b"ok!!!",
        ),
        (b"HTTP/1.0 200 OK\r\n\r\nok, until the end", b"ok, until the end"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
def test_answers_come_in_many_forms(answer: bytes, expected: bytes) -> None:
    outgoing.allow(HOME)
    with answering(answer) as url:
        found = send(url)

    assert (found.is_good, found.body) == (True, expected)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (CHUNKED + b"xyz\r\nok\r\n", "connection"),
        (CHUNKED + b"1" * 5000, "connection"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "http"),
    ],
)
def test_what_is_no_answer_says_so(answer: bytes, word: str) -> None:
    outgoing.allow(HOME)
    with answering(answer) as url:
        assert send(url).error == word
