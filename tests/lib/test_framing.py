"""Who shows what in a frame: the rules against what a real browser did with the same answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.lib.framing import VERDICTS
from dashboard.lib.framing import Seen
from dashboard.lib.framing import Verdict
from dashboard.lib.framing import judge
from dashboard.lib.framing import led_to
from dashboard.lib.framing import may_enter
from dashboard.lib.heads import NotHttp
from dashboard.lib.heads import parsed

MEASURED = json.loads((Path(__file__).parent.parent / "fixtures" / "framing-cases.json").read_text())
DESK, APP = MEASURED["desk"], MEASURED["app"]
CSP, XFO = b"Content-Security-Policy: ", b"X-Frame-Options: "
ME = DESK.encode()
ANCESTORS = CSP + b"frame-ancestors "


def verdict_of(*lines: bytes, status: int = 200, app: str = APP, desk: str = DESK, **more: Any) -> Verdict:
    """The verdict on an answer with these header lines, as they come over the wire."""
    number, headers = parsed(b"\r\n".join([b"HTTP/1.1 %d X" % status, *lines, b"", b""]))
    return judge(
        Seen(number, headers, more.pop("origin", app), more.pop("path", "/")), app=app, desk=desk, **more
    )


@pytest.mark.attack(46)
@pytest.mark.parametrize("case", MEASURED["cases"], ids=lambda case: case["name"])
def test_every_measured_answer_gets_the_browsers_verdict(case: dict[str, Any]) -> None:
    headers = [(name, value) for name, value in case["headers"]]

    verdict = judge(Seen(200, headers, APP), app=APP, desk=DESK)

    expected = {APP: {"works"}, "null": {"deaf"}, None: {"blocked", "deaf"}}[case["origin"]]
    assert verdict.word in expected
    assert (verdict.cause == "opaque") == (case["origin"] == "null")
    assert bool(verdict.header) == (verdict.word != "works")


# What Chromium 156 did with the same bytes, a page at http://localhost:9101 framing one at another port.
SHOWN = {
    "banana with an empty rest": [XFO + b"banana,"],
    "deny with more behind it": [XFO + b"DENY; x"],
    "a value that goes on below": [XFO + b"DE\r\n NY"],
    "commas between quotes": [XFO + b'"DENY,SAMEORIGIN"'],
    "quotes that hold a comma, and more": [XFO + b'"DENY, x", y'],
    "a latin-1 byte behind deny": [XFO + b"DENY\xe9"],
    "two hundred of no meaning": [XFO + b"banana"] * 200,
    "two hundred policies, each with us": [ANCESTORS + ME] * 200,
    "64 KiB of others before us": [ANCESTORS + b"https://x.example " * 4000 + ME],
    "a directive that is not ASCII": [ANCESTORS + b"'none' \xe9"],
    "a no-break space where a blank belongs": [CSP + b"frame-ancestors\xa0'none'"],
    "a vertical tab, too": [CSP + b"frame-ancestors\x0b'none'"],
    "a list that goes on below": [CSP + b"frame-ancestors\r\n " + ME],
    "upper case": [ANCESTORS + ME.upper()],
    "something odd beside us": [ANCESTORS + b"ban@na! " + ME],
    "a word for scripts beside us": [ANCESTORS + b"'report-sample' " + ME],
    "an underscore beside us": [ANCESTORS + b"http://lo_cal:9101 " + ME],
    "no scheme": [ANCESTORS + b"localhost:9101"],
    "no scheme and any port": [ANCESTORS + b"localhost:*"],
    "any host at our port": [ANCESTORS + b"*:9101"],
    "any host, any port": [ANCESTORS + b"http://*:*"],
    "a query behind the path": [ANCESTORS + ME + b"/?x"],
    "a zero before the port": [ANCESTORS + b"http://localhost:09101"],
    "HTTP: in upper case": [ANCESTORS + b"HTTP:"],
    "a sandbox with both, shouted": [CSP + b"SANDBOX ALLOW-SCRIPTS ALLOW-SAME-ORIGIN"],
    "a second sandbox in one policy": [CSP + b"sandbox allow-scripts allow-same-origin; sandbox"],
    "a sandbox with an unknown word": [CSP + b"sandbox allow-scripts allow-same-origin allow-bananas"],
    "100 kB of something else": [b"X-Big: " + b"a" * 100_000],
}
HIDDEN = {
    "ALLOWALL with an empty rest": [XFO + b"ALLOWALL,"],
    "deny behind nothing": [XFO + b",DENY"],
    "deny between tabs": [b"X-Frame-Options:\tDENY\t"],
    "deny in the next line": [b"X-Frame-Options:\r\n DENY"],
    "deny behind banana": [XFO + b"banana, DENY"],
    "a blank before the colon": [b"X-Frame-Options : DENY"],
    "one policy of two hundred": [ANCESTORS + ME] * 199 + [ANCESTORS + b"'none'"],
    "behind 64 KiB": [CSP + b"img-src " + b"https://x.example " * 3700 + b"; frame-ancestors 'none'"],
    "behind a directive that is not ASCII": [CSP + b"img-src \xe9; frame-ancestors 'none'"],
    "by X-Frame-Options, as the list is not ASCII": [ANCESTORS + b"\xe9 " + ME, XFO + b"DENY"],
    "in the next line": [CSP + b"img-src *;\r\n frame-ancestors 'none'"],
    "all in upper case": [b"CONTENT-SECURITY-POLICY: FRAME-ANCESTORS 'NONE'"],
    "the second policy of a header": [ANCESTORS + ME + b", frame-ancestors 'none'"],
    "the app alone": [ANCESTORS + b"'self'"],
    "none without quotes": [ANCESTORS + b"none"],
    "nothing that can be read": [ANCESTORS + b"ban@na!"],
    "words for scripts only": [ANCESTORS + b"'unsafe-inline'"],
    "another port, by leaving it out": [ANCESTORS + b"localhost"],
    "the usual port of any host": [ANCESTORS + b"http://*"],
    "hosts below ours": [ANCESTORS + b"http://*.localhost:9101"],
    "a path": [ANCESTORS + ME + b"/a"],
    "a path of two slashes": [ANCESTORS + ME + b"//"],
    "a query at once": [ANCESTORS + ME + b"?x"],
    "a fragment": [ANCESTORS + ME + b"#x"],
    "another scheme": [ANCESTORS + b"https:"],
    "data": [ANCESTORS + b"data:"],
    "a scheme with slashes": [ANCESTORS + b"http://"],
    "our number": [ANCESTORS + b"http://127.0.0.1:9101"],
    "a colon without a port": [ANCESTORS + b"http://localhost:"],
    "a port with a letter": [ANCESTORS + ME + b"x"],
    "a tab between": [CSP + b"frame-ancestors\t'none'"],
    "a form feed between": [CSP + b"frame-ancestors\x0c'none'"],
    "a dot at the end": [ANCESTORS + b"http://localhost.:9101"],
    "X-Frame-Options beside an empty policy": [CSP, XFO + b"DENY"],
    "none and the app": [ANCESTORS + b"'none' 'self'"],
    "none and something odd": [ANCESTORS + b"'none' ban@na!"],
    "semicolons around": [CSP + b";;; ; frame-ancestors 'none';;"],
    "an empty first list": [CSP + b"frame-ancestors; frame-ancestors " + ME],
    "two sandboxes": [CSP + b"sandbox allow-scripts allow-same-origin, sandbox allow-same-origin"],
    "a percent sign in the host": [ANCESTORS + b"http://local%68ost:9101"],
    "the scheme of sockets": [ANCESTORS + b"ws://localhost:9101"],
    "a user name": [ANCESTORS + b"http://a@localhost:9101"],
}


@pytest.mark.parametrize("lines", SHOWN.values(), ids=SHOWN)
def test_what_the_browser_shows_is_said_to_work(lines: list[bytes]) -> None:
    assert verdict_of(*lines).word == "works"


@pytest.mark.parametrize("lines", HIDDEN.values(), ids=HIDDEN)
def test_what_the_browser_hides_is_said_to_be_hidden(lines: list[bytes]) -> None:
    verdict = verdict_of(*lines)

    assert verdict.cause in {"ancestors", "frame_options", "scripts"}
    assert 0 < len(verdict.header) <= 200


@pytest.mark.parametrize(
    ("value", "desk", "app", "is_shown"),
    [
        ("http://desk.example", "https://desk.example", "https://app.example", True),
        ("desk.example", "https://desk.example", "http://app.example", True),
        ("desk.example", "http://desk.example", "https://app.example", False),
        ("https:", "http://desk.example", "https://app.example", False),
        ("http://desk.example:80", "https://desk.example", "https://app.example", True),
        ("http://desk.example:81", "https://desk.example:81", "https://app.example", True),
        ("https://*.example", "https://desk.example", "https://app.example", True),
        ("https://*.desk.example", "https://desk.example", "https://app.example", False),
        ("'self'", "https://one.example", "http://one.example", True),
        ("*", "https://desk.example:8443", "https://app.example", True),
        ("https://[::1]:9101", "https://[::1]:9101", "https://app.example", False),
    ],
)
def test_schemes_ports_and_hosts_are_matched_as_browsers_do(
    value: str, desk: str, app: str, is_shown: bool
) -> None:
    verdict = verdict_of(ANCESTORS + value.encode(), desk=desk, app=app)

    assert (verdict.word == "works") is is_shown


@pytest.mark.parametrize("status", [204, 205, 304])
def test_an_answer_without_a_page_is_none(status: int) -> None:
    assert verdict_of(XFO + b"DENY", status=status) == Verdict("empty", about=str(status))


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (b"attachment", "download"),
        (b"ATTACHMENT; filename=x", "download"),
        (b"form-data; name=x", "download"),
        (b"banana", "download"),
        (b"inline; filename=x", "fine"),
        (b"filename=x", "fine"),
        (b"", "fine"),
    ],
)
def test_what_is_to_be_kept_as_a_file_is_not_shown(value: bytes, cause: str) -> None:
    assert verdict_of(b"Content-Disposition: " + value).cause == cause


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503, 999])
def test_an_error_is_reported_before_anything_else(status: int) -> None:
    assert verdict_of(XFO + b"DENY", status=status) == Verdict("status", about=str(status))


def test_an_error_to_what_stands_in_for_a_placeholder_says_nothing() -> None:
    assert verdict_of(status=404, stands_in=True) == Verdict("fine", warnings=("placeholder",))
    assert verdict_of(XFO + b"DENY", status=404, stands_in=True).cause == "frame_options"


def test_the_order_is_answer_origin_ancestors_sandbox() -> None:
    lines = (CSP + b"sandbox; frame-ancestors 'none'", b"Content-Disposition: attachment")

    assert verdict_of(*lines).cause == "download"
    assert verdict_of(lines[0], origin="https://localhost:9102").cause == "upgraded"
    assert verdict_of(lines[0], origin="http://sso.example").cause == "foreign"
    assert verdict_of(lines[0]).cause == "ancestors"
    assert verdict_of(CSP + b"sandbox").cause == "scripts"
    assert verdict_of(CSP + b"sandbox allow-scripts").cause == "opaque"


def test_a_frame_may_go_to_its_own_origin_and_to_the_same_over_https() -> None:
    desk = "https://desk.example"
    for origin, may in (
        ("http://app.example", True),
        ("https://app.example", True),
        ("http://app.example:8080", False),
        ("https://sso.example", False),
        ("https://desk.example", False),
    ):
        assert may_enter(origin, allowed=["http://app.example"], desk=desk) is may
    assert not may_enter("http://app.example", allowed=["https://app.example"], desk=desk)


def test_where_it_led_is_told_without_what_the_address_carries() -> None:
    verdict = led_to("https://ada:pw@sso.example/login?state=secret#x")

    assert verdict == Verdict(
        "elsewhere", "Location: https://sso.example", "https://sso.example", ("sign_in",)
    )


@pytest.mark.parametrize(
    ("path", "is_sign_in"),
    [
        ("/login", True),
        ("/users/sign_in", True),
        ("/oauth2/start", True),
        ("/authors", False),
        ("/cast", False),
    ],
)
def test_a_page_to_sign_in_is_known_by_its_path(path: str, is_sign_in: bool) -> None:
    assert ("sign_in" in verdict_of(path=path).warnings) is is_sign_in


@pytest.mark.parametrize(
    ("cookie", "is_kept"),
    [
        (b"s=1; SameSite=None; Secure; Partitioned", True),
        (b"s=1; partitioned; secure ; samesite = none; Path=/", True),
        (b"s=1; SameSite=None; Secure", False),
        (b"s=1; SameSite=Lax; Secure; Partitioned", False),
        (b"SameSite=None", False),
    ],
)
def test_cookies_that_a_frame_loses_are_warned_of_and_not_told(cookie: bytes, is_kept: bool) -> None:
    verdict = verdict_of(b"Set-Cookie: s=1; SameSite=None; Secure; Partitioned", b"Set-Cookie: " + cookie)

    assert verdict == Verdict("fine", warnings=() if is_kept else ("cookies",))


@pytest.mark.parametrize(
    ("kind", "is_page"),
    [(b"text/html; charset=utf-8", True), (b"application/xhtml+xml", True), (b"application/json", False)],
)
def test_what_is_no_page_is_warned_of(kind: bytes, is_page: bool) -> None:
    assert ("not_html" in verdict_of(b"Content-Type: " + kind).warnings) is not is_page


@pytest.mark.parametrize(
    "lines",
    [
        [b"Cross-Origin-Opener-Policy: same-origin"],
        [b"Cross-Origin-Resource-Policy: same-origin", b"Cross-Origin-Embedder-Policy: require-corp"],
        [CSP.replace(b":", b"-Report-Only:") + b"frame-ancestors 'none'; sandbox"],
    ],
)
def test_what_does_not_matter_to_a_frame_is_passed_over(lines: list[bytes]) -> None:
    assert verdict_of(*lines) == Verdict("fine")


def test_of_a_long_header_the_directive_is_shown_and_nothing_is_longer_than_a_line() -> None:
    long = verdict_of(CSP + b"img-src " + b"https://x.example " * 20 + b"; frame-ancestors 'none'; a b")
    short = verdict_of(CSP + b"img-src *; frame-ancestors 'none'")
    endless = verdict_of(ANCESTORS + b"https://x.example " * 400)

    assert long.header == "Content-Security-Policy: frame-ancestors 'none'"
    assert short.header == "Content-Security-Policy: img-src *; frame-ancestors 'none'"
    assert len(endless.header) <= 200
    assert (
        verdict_of(XFO + b"DENY\x00\x1b[2J\x85, SAMEORIGIN").header
        == "X-Frame-Options: DENY [2J , SAMEORIGIN"
    )


def test_every_cause_has_a_verdict() -> None:
    assert set(VERDICTS.values()) == {"works", "blocked", "deaf", "broken", "unknown"}


@pytest.mark.parametrize(
    "head", [b"", b"SSH-2.0-OpenSSH_9\r\n\r\n", b"ICY 200 OK\r\n\r\n", b"HTTP/1.1 20\r\n\r\n"]
)
def test_what_is_not_http_is_not_read(head: bytes) -> None:
    with pytest.raises(NotHttp):
        parsed(head)


def test_lines_may_end_with_a_line_feed_alone() -> None:
    assert parsed(b"HTTP/1.1 200 OK\nA: 1\nno colon\nB : 2\n\n") == (200, [("A", "1"), ("B", "2")])
