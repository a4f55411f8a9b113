"""Nobody is believed about where a request comes from, unless the administrator said so."""

from ipaddress import ip_network

import pytest

from dashboard.server.addresses import client_address
from dashboard.server.addresses import forwarded_scheme
from dashboard.server.addresses import is_our_host

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),  # a stranger may say what it likes
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),  # the left one was written by the client
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),  # the header came twice
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("fd00::1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("", ["198.51.100.1"], ""),  # a unix socket has no address
    ],
)
def test_the_client_is_the_rightmost_address_that_is_not_a_proxy(peer, forwarded, expected):
    assert client_address(peer, forwarded, TRUSTED) == expected


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", ["https"], "https"),
        ("10.0.0.1", ["http, HTTPS"], "https"),
        ("10.0.0.1", ["gopher"], None),
        ("10.0.0.1", [], None),
        ("203.0.113.5", ["https"], None),
    ],
)
def test_the_scheme_is_what_a_proxy_of_ours_says(peer, forwarded, expected):
    assert forwarded_scheme(peer, forwarded, TRUSTED) == expected


@pytest.mark.parametrize(
    "host",
    [
        "desk.example.com",
        "DESK.example.com",
        "desk.example.com:443",
        "localhost:5000",
        "127.0.0.1",
        "[::1]:5000",
    ],
)
def test_these_hosts_are_ours(host):
    assert is_our_host(host, "https://desk.example.com")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "desk.example.com:80",
        "desk.example.com.evil.example",
        "desk.example.com@evil.example",
        "evil.example/desk.example.com",
        "desk.example.com:x",
        "127.0.0.1.evil.example",
    ],
)
def test_these_are_not(host):
    assert not is_our_host(host, "https://desk.example.com")


def test_without_public_url_any_host_will_do():
    assert is_our_host("anything.example", None)
