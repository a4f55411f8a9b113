"""“Check this app” against real servers, run by people who mean well and by people who do not."""

import gzip
import socket
import ssl
import time
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
import trustme
from sqlalchemy import select

from dashboard.apps.models.checks import AppCheck
from dashboard.apps.operations import checks
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import learn_format
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.checks import ask_for_all
from dashboard.apps.operations.checks import ask_for_check
from dashboard.apps.operations.checks import check_app
from dashboard.apps.operations.checks import is_being_checked
from dashboard.apps.queries.checks import checks_of
from dashboard.apps.queries.checks import unframed_apps
from dashboard.extensions import db
from dashboard.extensions import desk_url
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.lib.framing import Verdict
from dashboard.wiring import JOBS
from dashboard.wiring import PERIODIC
from dashboard.wiring import UNHURRIED
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.raw import RawServer
from tests.support.raw import answering
from tests.support.raw import page as answer
from tests.support.servers import free_port

HOME = (ip_network("127.0.0.0/8"),)
DESK = "http://localhost:9101"
Resolve = Callable[[dict[str, list[str]]], list[str]]


@pytest.fixture(autouse=True)
def _home_allowed() -> Iterator[None]:
    outgoing.allow(HOME)
    yield
    outgoing.allow(())


@pytest.fixture
def server() -> Iterator[RawServer]:
    with answering() as found:
        yield found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """A resolver that somebody else controls: each time it is asked, the next answer comes."""

    def set_up(answers: dict[str, list[str]]) -> list[str]:
        asked: list[str] = []

        def ask(host: str, port: int | None, **_: Any) -> Any:
            asked.append(host)
            known = answers.get(host, [host] if host[-1].isdigit() else [])
            if not known:
                raise socket.gaierror(socket.EAI_NONAME, "unknown")
            found = known[min(asked.count(host), len(known)) - 1]
            return [
                (
                    socket.AF_INET6 if ":" in number else socket.AF_INET,
                    socket.SOCK_STREAM,
                    6,
                    "",
                    (number, port),
                )
                for number in found.split("+")
            ]

        monkeypatch.setattr(socket, "getaddrinfo", ask)
        return asked

    return set_up


def seen_at(url: str, *, desk: str = DESK, own_port: int = 0) -> Verdict:
    return checks.look_at(url, desk=desk, own_port=own_port)


def test_it_asks_as_a_browser_asks_for_a_frame(server: RawServer) -> None:
    assert seen_at(server.url("/app?x=1")) == Verdict("fine")

    (request,) = server.asked
    assert request.startswith("GET /app?x=1 HTTP/1.1\r\n")
    for line in (
        f"Host: 127.0.0.1:{server.port}",
        "Sec-Fetch-Dest: iframe",
        "Sec-Fetch-Mode: navigate",
        "Sec-Fetch-Site: cross-site",
        "Upgrade-Insecure-Requests: 1",
        f"Referer: {DESK}/",
    ):
        assert f"\r\n{line}\r\n" in request
    assert "cookie:" not in request.lower() and "authorization:" not in request.lower()


def test_the_header_that_forbids_it_is_named(server: RawServer) -> None:
    server.answers["/"] = answer("X-Frame-Options: SAMEORIGIN")

    assert seen_at(server.url()) == Verdict("frame_options", "X-Frame-Options: SAMEORIGIN")


@pytest.mark.attack(46)
@pytest.mark.parametrize(
    ("head", "cause"),
    [
        (answer(*["X-A: b"] * 500, "X-Frame-Options: DENY"), "frame_options"),
        (answer(*[f"Content-Security-Policy: frame-ancestors {DESK}"] * 200), "fine"),
        (answer("X-Long: " + "a" * 65536, "X-Frame-Options: DENY"), "frame_options"),
        (answer("X-Latin: \xe9\xff", "Content-Security-Policy: frame-ancestors 'none' \xe9"), "fine"),
        (answer("X-Frame-Options:\r\n DENY"), "frame_options"),
        (b"HTTP/1.1 103 Early\r\nX-Frame-Options: DENY\r\n\r\n" + answer(), "fine"),
        (b"HTTP/1.1 103 Early\r\n\r\n" * 100, "unreachable"),
        (answer().replace(b"\r\n", b"\n"), "fine"),
        (answer("X-Longer: " + "a" * 300_000), "unreadable"),
        (answer(status="204 No Content"), "empty"),
        (answer(status="503 Busy"), "status"),
        (answer("Location: /", status="201 Created"), "fine"),
        (answer(status="302 Found"), "fine"),
    ],
)
def test_odd_heads_are_read_as_browsers_read_them(server: RawServer, head: bytes, cause: str) -> None:
    server.answers["/"] = head

    assert seen_at(server.url()).cause == cause


def test_a_redirection_on_the_same_origin_is_followed(server: RawServer) -> None:
    server.answers |= {
        "/": answer("Location: b/../c?d=\xc3\xa9#e", "X-Frame-Options: DENY", status="302 Found"),
        "/c?d=%C3%A9": answer("Location: login", status="307 Moved"),
        "/login": answer("Content-Security-Policy: frame-ancestors 'none'"),
    }

    verdict = seen_at(server.url())

    assert (verdict.cause, verdict.warnings) == ("ancestors", ("sign_in",))
    assert server.paths == ["/", "/c?d=%C3%A9", "/login"]


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "//evil.example/",
        "http://10.0.0.1/login",
        f"{DESK}/api/v1/profile",
    ],
)
def test_where_the_desk_lets_no_frame_go_nobody_looks(server: RawServer, names: Resolve, place: str) -> None:
    asked = names({})
    server.answers["/"] = answer(f"Location: {place}?token=secret", status="302 Found")

    verdict = seen_at(server.url())

    assert verdict.cause == "elsewhere"
    assert "secret" not in verdict.header + verdict.about
    assert "/latest" not in verdict.header
    assert set(asked) <= {"127.0.0.1", "localhost"}


@pytest.mark.parametrize(
    "place", ["\\\\evil.example/", "/a b", "http://a@127.0.0.1/", "javascript:alert(1)", "http://[/", "/\xe9"]
)
def test_a_redirection_that_can_be_read_in_two_ways_is_not_followed(server: RawServer, place: str) -> None:
    server.answers["/"] = answer(f"Location: {place}", status="302 Found")

    assert seen_at(server.url()).cause == "unreadable"
    assert len(server.asked) == 1


@pytest.mark.attack(45)
def test_a_circle_ends_after_five_moves(server: RawServer) -> None:
    server.answers["/"] = answer("Location: /", status="302 Found")

    assert seen_at(server.url()) == Verdict("moved")
    assert len(server.asked) == 6


@pytest.mark.attack(45)
def test_each_move_is_looked_up_anew_and_a_name_that_turns_inward_is_not_followed(
    server: RawServer, names: Resolve
) -> None:
    names({"app.test": ["127.0.0.1", "10.0.0.1"]})
    server.answers["/"] = answer("Location: /inside", status="302 Found")

    assert seen_at(server.url(host="app.test")).cause == "internal"
    assert server.paths == ["/"]


@pytest.mark.attack(45)
def test_a_name_with_a_private_address_among_public_ones_is_not_asked(
    server: RawServer, names: Resolve
) -> None:
    outgoing.allow(())
    names({"mixed.test": ["93.184.216.34+::1"]})

    assert seen_at(server.url(host="mixed.test")).cause == "internal"
    assert server.asked == []


@pytest.mark.attack(45)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254"])
def test_an_internal_address_that_is_not_allowed_says_the_same_open_or_closed(
    server: RawServer, host: str
) -> None:
    outgoing.allow(())

    verdicts = {seen_at(f"http://{host}:{port}/") for port in (server.port, free_port())}

    assert {verdict.cause for verdict in verdicts} == {"internal"}
    assert len(verdicts) == 1
    assert server.asked == []


@pytest.mark.parametrize("number", ["169.254.169.254", "100.100.100.200", "168.63.129.16"])
def test_what_tells_a_machine_who_it_is_is_never_asked(number: str) -> None:
    outgoing.allow((ip_network("0.0.0.0/0"), ip_network("::/0")))

    assert seen_at(f"http://{number}/latest/meta-data/").cause == "internal"
    assert not outgoing.is_public("fd00:ec2::254")
    assert not outgoing.is_public("::ffff:169.254.169.254")


@pytest.mark.attack(45)
def test_the_desk_itself_is_never_asked_by_whatever_name(server: RawServer, names: Resolve) -> None:
    names({"alias.test": ["127.0.0.1"], "everywhere.test": ["127.8.8.8"]})

    for host in ("127.0.0.1", "alias.test", "everywhere.test"):
        assert seen_at(server.url(host=host), own_port=server.port).cause == "internal"
    assert server.asked == []
    assert seen_at(server.url(host="alias.test"), own_port=server.port + 1).cause == "fine"


@pytest.mark.attack(45)
@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"])
def test_numbers_in_disguise_are_no_addresses(server: RawServer, host: str) -> None:
    assert seen_at(server.url(host=host)) == Verdict("address")
    assert server.asked == []


def _silent(server: RawServer) -> Callable[[socket.socket], None]:
    return lambda wire: (server.ended.wait(20), None)[1]


def _dripping(server: RawServer) -> Callable[[socket.socket], None]:
    def drip(wire: socket.socket) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\n")
        while not server.ended.wait(0.02):
            wire.sendall(b"X: y\r\n")

    return drip


@pytest.mark.attack(45)
def test_a_closed_port_silence_and_another_protocol_say_the_same(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "DEADLINE", 0.5)
    server.answers |= {
        "/silent": _silent(server),
        "/drip": _dripping(server),
        "/ssh": b"SSH-2.0-OpenSSH_9.9\r\n",
        "/closed": b"",
        "/half": b"HTTP/1.1 200 OK\r\nX-Frame-Opt",
    }
    addresses = [server.url(path) for path in server.answers]
    addresses += [f"http://127.0.0.1:{free_port()}/", server.url(scheme="https")]
    began = time.monotonic()

    assert {seen_at(address) for address in addresses} == {Verdict("unreachable")}

    assert time.monotonic() - began < 10  # one of them alone would go on for ever


@pytest.mark.attack(45)
def test_the_time_is_for_all_moves_together(server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "DEADLINE", 0.4)

    def slow(wire: socket.socket) -> None:
        server.ended.wait(0.3)
        wire.sendall(answer("Location: /", status="302 Found"))

    server.answers["/"] = slow

    assert seen_at(server.url()) == Verdict("unreachable")
    assert len(server.asked) <= 3


def test_a_resolver_that_does_not_answer_is_not_waited_for(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "DEADLINE", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: server.ended.wait(20))

    assert seen_at("http://slow.test/") == Verdict("unreachable")


@pytest.mark.attack(45)
def test_bodies_are_not_read_however_large_or_packed(server: RawServer) -> None:
    sent: list[int] = []

    def endless(wire: socket.socket) -> None:
        wire.sendall(answer("Content-Length: 10000000000"))
        while not server.ended.is_set():
            sent.append(wire.send(b"x" * 65536))

    bomb = gzip.compress(b"\0" * 50_000_000)
    server.answers |= {"/endless": endless, "/bomb": answer("Content-Encoding: gzip").rstrip() + bomb}

    assert seen_at(server.url("/endless")).cause == seen_at(server.url("/bomb")).cause == "fine"


def test_a_name_that_nobody_knows_and_a_certificate_of_somebody_else_are_told_apart(
    names: Resolve,
) -> None:
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("app.test").configure_cert(theirs)
    names({"app.test": ["127.0.0.1"]})

    with answering(theirs) as secure:
        assert seen_at(secure.url(host="app.test")).cause == "tls"

    assert seen_at("http://nobody.test/") == Verdict("dns")


@pytest.mark.parametrize(
    ("url", "desk", "cause"),
    [
        ("http://app.example.com/", "https://desk.example.com", "mixed"),
        ("https://[2001:db8::1]/", "https://desk.example.com", "ipv6"),
        ("https://desk.example.com/x", "https://desk.example.com", "own"),
        ("https://a;sandbox/", "https://desk.example.com", "address"),
    ],
)
def test_what_needs_no_look_gets_none(names: Resolve, url: str, desk: str, cause: str) -> None:
    asked = names({})

    assert seen_at(url, desk=desk) == Verdict(cause)
    assert asked == []


def test_http_on_the_readers_own_machine_is_no_mixed_content(server: RawServer) -> None:
    assert seen_at(server.url(), desk="https://localhost").word == "works"


def test_a_public_desk_with_an_app_in_an_inner_network_is_warned_of(
    server: RawServer, names: Resolve
) -> None:
    names({"desk.example.com": ["93.184.216.34"], "app.test": ["127.0.0.1"], "inner.test": ["10.0.0.7"]})

    public = "http://desk.example.com"
    assert seen_at(server.url(host="app.test"), desk=public) == Verdict("fine", warnings=("local_network",))
    assert seen_at(server.url(host="app.test"), desk="http://inner.test") == Verdict("fine")


def test_a_placeholder_is_stood_in_for(server: RawServer) -> None:
    server.answers["/c/1?x=1"] = answer(status="404 Not Found")

    verdict = seen_at(server.url("/c/{{contact.id}}?x={{agent.id|required}}"))

    assert verdict == Verdict("fine", warnings=("placeholder",))


def test_what_is_found_is_kept_for_each_endpoint(cast: Cast, jobs: Jobs, server: RawServer) -> None:
    server.answers |= {
        "/a": answer("X-Frame-Options: DENY\x00\xe9"),
        "/b": answer(),
        "/c": answer(status="500 X"),
    }
    app = add_app(
        cast.acme,
        title="Orders",
        content=[{"type": "frame", "url": server.url(path)} for path in ("/a", "/b", "/c")],
        actor=cast.ada,
    )
    assert is_being_checked(app)
    assert checks_of(app) == [None, None, None]

    jobs.run_all()

    assert not is_being_checked(app)
    first, second, third = checks_of(app)
    assert first and second and third
    assert (first.cause, first.verdict, second.verdict, third.verdict) == ("fine", "works", "works", "broken")
    assert (third.about, third.desk) == ("500", desk_url())
    assert clock.now() - first.checked_at < timedelta(minutes=1)
    assert unframed_apps([app]) == {}
    server.answers["/b"] = answer("Content-Security-Policy: sandbox")
    check_app(app.id, desk=DESK)
    (mark,) = unframed_apps([app]).values()
    assert (mark.number, mark.cause) == (1, "scripts")


def test_only_a_new_address_is_looked_at_when_an_app_is_saved(
    cast: Cast, jobs: Jobs, server: RawServer
) -> None:
    app = make_app(cast.acme, urls=(server.url("/a"),), format="auto")
    change_app(app, title="Renamed", actor=cast.ada)
    jobs.run_all()
    assert server.paths == ["/a"]

    learn_format(app, shown="chatwoot")
    change_app(app, title="Again", actor=cast.ada)
    assert jobs.waiting("apps.check") == []

    change_app(app, content=[{"type": "frame", "url": server.url("/b")}], actor=cast.ada)
    assert checks_of(app) == [None]
    jobs.run_all()
    assert server.paths == ["/a", "/b"]
    assert len(db.session.scalars(select(AppCheck)).all()) == 1


def test_an_origin_that_may_be_shown_is_followed_and_is_told_nothing(
    cast: Cast, jobs: Jobs, server: RawServer
) -> None:
    with answering() as other:
        server.answers["/"] = answer(f"Location: {other.url('/login')}", status="302 Found")
        app = add_app(
            cast.acme, title="Orders", content=[{"type": "frame", "url": server.url()}], actor=cast.ada
        )
        jobs.run_all()
        assert [check.cause for check in checks_of(app) if check] == ["elsewhere"]
        assert other.asked == []

        change_app(app, frame_origins=[other.url("")], actor=cast.ada)
        jobs.run_all()

        (check,) = checks_of(app)
        assert check is not None
        assert (check.cause, check.about, check.verdict) == ("foreign", other.url(""), "deaf")
        assert check.warnings == ["sign_in"]
        assert other.paths == ["/login"]


def test_an_app_that_goes_meanwhile_leaves_nothing(cast: Cast, jobs: Jobs, server: RawServer) -> None:
    app = make_app(cast.acme, urls=(server.url(),))
    ask_for_check(app)
    app_id = app.id
    remove_app(app, actor=cast.ada)

    jobs.run_all()

    assert db.session.scalars(select(AppCheck)).all() == []
    check_app(app_id, desk=DESK)
    assert server.asked == []


def test_every_night_the_apps_in_use_are_looked_at_one_after_the_other(
    cast: Cast, jobs: Jobs, server: RawServer
) -> None:
    first = make_app(cast.acme, urls=(server.url("/1"),))
    make_app(cast.acme, urls=(server.url("/2"),), state="paused")
    third = make_app(cast.other, urls=(server.url("/3"),))
    check_app(first.id, desk="http://told.example")

    ask_for_all()

    waiting = jobs.waiting("apps.check")
    assert [job.args["app_id"] for job in waiting] == [first.id, third.id]
    assert waiting[0].due_at < waiting[1].due_at
    assert waiting[0].args["desk"] == "http://told.example"
    assert {"apps.check", "apps.check_all"} <= set(JOBS)
    assert PERIODIC["apps.check_all"] == timedelta(days=1)
    assert "apps.check" in UNHURRIED
