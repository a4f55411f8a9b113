"""Requests to addresses that customers of ours typed: they reach public machines only, soon or not at all.

A name is asked once, every address that it has must be public, and the connection goes to one of these very
addresses; Host, SNI and the certificate stay the name's. What is sent follows nothing, no proxy is taken from
the environment, and whatever goes wrong becomes a word.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address
from ipaddress import ip_network
from typing import Any
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.exceptions import LocationParseError
from urllib3.util import Url
from urllib3.util import parse_url

from dashboard.config import Network

CONNECT_TIMEOUT = 5.0  # seconds, for each address
READ_TIMEOUT = 5.0  # seconds without a byte
DEADLINE = 15.0  # seconds for everything
LARGEST_ANSWER = 64 << 10
PIECE = 64 << 10  # bytes that are read at a time
MOVED = {301, 302, 303, 307, 308}
MOST_MOVES = 3
PORTS = {"http": 80, "https": 443}
_NAT64 = ip_network("64:ff9b::/96")
# What Python takes for everybody's: site-local, documentation, and the way to 6to4's relays.
_NOBODYS = [ip_network(network) for network in ("fec0::/10", "3fff::/20", "192.88.99.0/24")]

SENTENCES = {
    "address": "The address is not one that can be called",
    "connection": "The connection broke",
    "dns": "The name of the host is not known",
    "http": "The answer is not HTTP",
    "moved": "It has moved on and on",
    "private_address": "The address is not a public one",
    "refused": "The connection was refused",
    "timeout": "There was no answer in time",
    "tls": "The certificate or the encryption is not in order",
    "too_large": "The answer is too large",
}

# Private networks that may be reached all the same, by OUTGOING_ALLOW; set when the application is made.
allowed: tuple[Network, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or the word for why there is none."""

    status: int = 0
    body: bytes = b""
    error: str = ""
    location: str = ""  # where it is instead, if it has moved

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def sentence(self) -> str:
        """Such as `500 Internal Server Error`, which is how upstream puts it."""
        if self.error:
            return SENTENCES[self.error]
        with suppress(ValueError):
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        return str(self.status)


class _Forbidden(Exception):
    """The word for why nothing is sent."""


def allow(networks: tuple[Network, ...]) -> None:
    """Let requests reach these private networks, and no others."""
    global allowed
    allowed = networks


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    trust: ssl.SSLContext | None = None,
    deadline: float = DEADLINE,
) -> Answer:
    """Send a body and take what is answered, at most `LARGEST_ANSWER` of it. Never raises."""
    request = _Request("POST", body, headers, trust, time.monotonic() + deadline, LARGEST_ANSWER)
    return _in_words(lambda: _ask(_read(url), request))


def get(
    url: str,
    *,
    largest: int,
    headers: Mapping[str, str] | None = None,
    trust: ssl.SSLContext | None = None,
    deadline: float = DEADLINE,
) -> Answer:
    """Fetch what is there, if it is not larger than that. Where it has moved to is looked at as the address
    itself was; but with `headers`, which may hold a secret, nothing is followed. Never raises."""
    request = _Request("GET", None, headers or {}, trust, time.monotonic() + deadline, largest + 1)
    fetch = _ask if headers else _fetch
    answer = _in_words(lambda: fetch(_read(url), request))
    return Answer(error="too_large") if len(answer.body) > largest else answer


def is_public(address: str) -> bool:
    """Whether requests may go to this address: it is everybody's, or OUTGOING_ALLOW has it."""
    found = ip_address(address.split("%")[0])
    inner = _four_inside(found)
    if inner is not None:
        return is_public(str(inner))
    if any(found in network for network in allowed if network.version == found.version):
        return True
    if any(found in network for network in _NOBODYS):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _read(url: str) -> Url:
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise _Forbidden("address") from None
    if parts.scheme not in PORTS or not parts.host or parts.auth is not None:
        raise _Forbidden("address")
    return parts


@dataclass(frozen=True)
class _Request:
    method: str
    body: bytes | None
    headers: Mapping[str, str]
    trust: ssl.SSLContext | None
    end: float
    most: int  # bytes of the answer that are taken


def _in_words(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except _Forbidden as error:
        return Answer(error=str(error))
    except (
        TimeoutError,
        socket.gaierror,
        ssl.SSLError,
        HTTPError,
        HTTPException,
        OSError,
        ValueError,
    ) as error:
        return Answer(error=_word_for(error))


def _fetch(url: Url, request: _Request) -> Answer:
    for _ in range(MOST_MOVES + 1):
        answer = _ask(url, request)
        if answer.status not in MOVED or not answer.location:
            return answer
        url = _read(urljoin(url.url, answer.location))
    raise _Forbidden("moved")


def _ask(url: Url, request: _Request) -> Answer:
    connection = _connection_to(url, request.trust, request.end)
    with _cut_off_at(request.end, connection):
        try:
            target, headers = url.request_uri, dict(request.headers)
            connection.request(request.method, target, request.body, headers, preload_content=False)
            response = connection.getresponse()
            content = bytearray()
            while len(content) < request.most:
                piece = response.read1(PIECE, decode_content=False)
                if not piece:
                    break
                content += piece
            if connection.is_cut_off:
                raise TimeoutError
            location = response.headers.get("Location", "")
            return Answer(response.status, bytes(content[: request.most]), location=location)
        except (OSError, HTTPError, HTTPException, ValueError):
            if connection.is_cut_off:
                raise TimeoutError from None
            raise
        finally:
            connection.close()


def _connection_to(url: Url, trust: ssl.SSLContext | None, end: float) -> "_Http | _Https":
    host, port = str(url.host).strip("[]"), url.port or PORTS[str(url.scheme)]
    addresses = _resolved(host, port)
    connection: _Http | _Https
    if url.scheme == "https":
        context = trust or ssl.create_default_context()
        connection = _Https(host, port, timeout=READ_TIMEOUT, ssl_context=context)
    else:
        connection = _Http(host, port, timeout=READ_TIMEOUT)
    connection.addresses, connection.end = addresses, end
    return connection


def _resolved(host: str, port: int) -> list[Any]:
    """Every address of a host, if all are public: one private one among them is a trap."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (UnicodeError, ValueError):
        raise _Forbidden("dns") from None
    if not all(is_public(str(each[4][0])) for each in found):
        raise _Forbidden("private_address")
    return found


class _Pinned:
    """Connects to the addresses that were looked at, whatever the name means by now."""

    addresses: list[Any]
    end: float
    is_cut_off = False
    wire: socket.socket | None = None  # a second handle on what TLS wraps up

    def _new_conn(self) -> socket.socket:
        failure: OSError = TimeoutError()
        for family, kind, protocol, _, address in self.addresses:
            left = min(self.end - time.monotonic(), CONNECT_TIMEOUT)
            if left <= 0:
                break
            wire = socket.socket(family, kind, protocol)
            try:
                wire.settimeout(left)
                wire.connect(address)
            except OSError as error:
                wire.close()
                failure = error
            else:
                wire.settimeout(READ_TIMEOUT)
                self.wire = wire.dup()
                return wire
        raise failure

    def cut_off(self) -> None:
        self.is_cut_off = True
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)


class _Http(_Pinned, HTTPConnection):
    pass


class _Https(_Pinned, HTTPSConnection):
    pass


@contextmanager
def _cut_off_at(end: float, connection: "_Http | _Https") -> Iterator[None]:
    """A socket's time-out begins anew with each byte: who sends one now and then is cut off at the end."""
    watch = threading.Timer(max(end - time.monotonic(), 0), connection.cut_off)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
        if connection.wire is not None:
            connection.wire.close()


def _four_inside(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _word_for(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "dns"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, HTTPException | ValueError) and not isinstance(error, ConnectionError):
        return "http"
    if isinstance(error, HTTPError):
        return _word_for(error.__cause__) if isinstance(error.__cause__, Exception) else "connection"
    return "connection"
