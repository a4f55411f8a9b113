"""Requests to addresses that customers of ours typed: they reach public machines only, soon or not at all.

A name is asked once, every address that it has must be public, and the connection goes to one of these very
addresses; Host, SNI and the certificate stay the name's. What is sent follows nothing, no proxy is taken from
the environment, nobody reaches what tells a machine who it is, and whatever goes wrong becomes a word.
"""

import socket
import ssl
import time
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPException
from http.client import IncompleteRead
from typing import Any
from urllib.parse import urljoin

from urllib3.exceptions import HTTPError
from urllib3.exceptions import LocationParseError
from urllib3.util import Url
from urllib3.util import parse_url

from dashboard.config import Network
from dashboard.lib.connections import Connection
from dashboard.lib.connections import Place
from dashboard.lib.connections import Shelf
from dashboard.lib.connections import connection_to
from dashboard.lib.connections import cut_off_at
from dashboard.lib.connections import only_until
from dashboard.lib.heads import TooLarge
from dashboard.lib.heads import read_head
from dashboard.lib.hosts import address_of
from dashboard.lib.hosts import inner_of
from dashboard.lib.hosts import is_global
from dashboard.lib.hosts import is_here
from dashboard.lib.hosts import is_metadata
from dashboard.lib.hosts import looked_up

DEADLINE = 15.0  # seconds for everything
LARGEST_ANSWER = 64 << 10
PIECE = 64 << 10  # bytes that are read at a time
KNOWN_FOR = 5.0  # seconds that the addresses of a name are taken for its addresses when something is posted
MOST_KNOWN = 1000  # names
MOVED = {301, 302, 303, 307, 308}
MOST_MOVES = 3
PORTS = {"http": 80, "https": 443}
SENTENCES = {
    "address": "The address is not one that can be called",
    "connection": "The connection broke",
    "expired": "It had waited for too long",
    "dns": "The name of the host is not known",
    "handshake": "The encryption is not in order",
    "http": "The answer is not HTTP",
    "moved": "It has moved on and on",
    "private_address": "The address is not a public one",
    "refused": "The connection was refused",
    "timeout": "There was no answer in time",
    "tls": "The certificate is not in order",
    "too_large": "The answer is too large",
}

_shelf = Shelf()
_known: dict[tuple[str, int], tuple[list[Any], float]] = {}

# Private networks that may be reached all the same, by OUTGOING_ALLOW; set when the application is made.
allowed: tuple[Network, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or the word for why there is none."""

    status: int = 0
    body: bytes = b""
    error: str = ""
    location: str = ""  # where it is instead, if it has moved
    retry_after: str = ""  # when to ask again, as it was put
    headers: Sequence[tuple[str, str]] = field(default=(), repr=False)  # of `head()` only

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
    _known.clear()
    _shelf.clear()


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    trust: ssl.SSLContext | None = None,
    deadline: float = DEADLINE,
) -> Answer:
    """Send a body and take what is answered, at most `LARGEST_ANSWER` of it. The connection is kept for a
    moment, for the next who posts there. Never raises."""
    request = _Request("POST", body, headers, trust, time.monotonic() + deadline, LARGEST_ANSWER)
    return _in_words(lambda: _post(_read(url), request))


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


def head(
    url: str,
    headers: Mapping[str, str],
    *,
    deadline: float,
    own_port: int,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Ask for a page and take status and headers alone. Follows nothing, and never asks this machine at the
    port at which it serves the desk itself. Never raises."""
    request = _Request("GET", None, headers, trust, time.monotonic() + deadline, 0, own_port)
    return _in_words(lambda: _ask_for_head(_read(url), request))


def is_public(address: str) -> bool:
    """Whether requests may go to this address: it is everybody's, or OUTGOING_ALLOW has it."""
    found = inner_of(address_of(address))
    if is_metadata(found):
        return False
    if any(found in network for network in allowed if network.version == found.version):
        return True
    return is_global(found)


def leads_inside(url: str) -> bool:
    """Whether the address alone shows that nothing is sent there: a private number, or this machine."""
    try:
        host = str(_read(url).host).strip("[]").lower()
        return not is_public("127.0.0.1" if host == "localhost" else host)
    except (_Forbidden, ValueError):  # no address, or a name: what that means is asked when something is sent
        return False


@lru_cache(maxsize=1024)  # the same few are called all the time
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
    own_port: int = 0  # at which this machine is not asked


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


def _post(url: Url, request: _Request) -> Answer:
    """Over a kept connection where there is one; that it was closed just then shows when it is used."""
    place = _place_of(url, request)
    addresses = _known_addresses(place, request)
    kept = _shelf.take(place, [each[4] for each in addresses])
    if kept is not None:
        with suppress(ConnectionError, ssl.SSLEOFError):
            return _post_over(kept, url, request)
    return _post_over(connection_to(place, addresses), url, request)


def _post_over(connection: Connection, url: Url, request: _Request) -> Answer:
    with cut_off_at(request.end, connection):
        answer, is_whole = _talk(connection, url, request)
    if is_whole:
        _shelf.put(_place_of(url, request), connection)
    else:
        connection.drop()
    return answer


def _known_addresses(place: Place, request: _Request) -> list[Any]:
    """As `_resolved`, but not asked anew for each of many requests."""
    found, until = _known.get((place.host, place.port), ([], 0.0))
    if until < time.monotonic():
        found = _resolved(place, request)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[place.host, place.port] = found, time.monotonic() + KNOWN_FOR
    return found


@cache
def _usual_trust() -> ssl.SSLContext:
    """Made once: it reads every certificate authority that there is."""
    return ssl.create_default_context()


def _ask(url: Url, request: _Request) -> Answer:
    """Over a connection of its own."""
    place = _place_of(url, request)
    connection = connection_to(place, _resolved(place, request))
    with only_until(request.end, connection):
        return _talk(connection, url, request)[0]


def _talk(connection: Connection, url: Url, request: _Request) -> tuple[Answer, bool]:
    """What is answered, and whether that is all of it, so that the connection can be used again."""
    target, headers = url.request_uri, dict(request.headers)
    connection.request(request.method, target, request.body, headers, preload_content=False)
    response = connection.getresponse()
    content = bytearray()
    while len(content) < request.most:
        piece = response.read1(PIECE, decode_content=False)
        if not piece:
            response.read(decode_content=False)  # nothing more, but only now it knows
            break
        content += piece
    location, again = (response.headers.get(name, "") for name in ("Location", "Retry-After"))
    answer = Answer(response.status, bytes(content[: request.most]), location=location, retry_after=again)
    return answer, response.closed and not connection.is_closed


def _ask_for_head(url: Url, request: _Request) -> Answer:
    """Written and read here: the library takes a hundred headers, a browser any number."""
    lines = [f"{request.method} {url.request_uri} HTTP/1.1", f"Host: {url.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    place = _place_of(url, request)
    connection = connection_to(place, _resolved(place, request))
    with only_until(request.end, connection):
        connection.connect()
        connection.sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        status, headers = read_head(connection.sock)
        location = next((value for name, value in headers if name.lower() == "location"), "")
        return Answer(status, location=location, headers=headers)


def _place_of(url: Url, request: _Request) -> Place:
    host, port = str(url.host).strip("[]"), url.port or PORTS[str(url.scheme)]
    trust = (request.trust or _usual_trust()) if url.scheme == "https" else None
    return Place(str(url.scheme), host, port, trust)


def _resolved(place: Place, request: _Request) -> list[Any]:
    """Every address of a host, if all are public: one private one among them is a trap."""
    try:
        found = looked_up(place.host, place.port, request.end)
    except (UnicodeError, ValueError):
        raise _Forbidden("dns") from None
    addresses = [str(each[4][0]) for each in found]
    if not all(is_public(address) for address in addresses):
        raise _Forbidden("private_address")
    if place.port == request.own_port and any(is_here(address) for address in addresses):
        raise _Forbidden("private_address")
    return found


def _word_for(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "dns"
    if isinstance(error, ssl.SSLError):
        return "tls" if isinstance(error, ssl.SSLCertVerificationError) else "handshake"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TooLarge):
        return "too_large"
    if isinstance(error, IncompleteRead):
        return "connection"
    if isinstance(error, HTTPException | ValueError) and not isinstance(error, ConnectionError):
        return "http"
    if isinstance(error, HTTPError):
        return _word_for(error.__cause__) if isinstance(error.__cause__, Exception) else "connection"
    return "connection"
