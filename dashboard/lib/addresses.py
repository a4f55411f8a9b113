"""Which addresses an app may have. So strict that the browser and we cannot read one differently."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_

LONGEST = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}
PLACEHOLDER = re.compile(r"\{\{(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)(?P<required>\|required)?\}\}")

_SCHEME = re.compile(r"(https?)://")
_AUTHORITY = re.compile(r"[^/?#]*")
_UNSAFE = re.compile(r"""[\x00-\x20\x7f-\x9f"'<>{}|^`\\]""")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")


@dataclass(frozen=True)
class HouseRules:
    """What a desk asks of its apps' addresses beyond the grammar."""

    https_only: bool = False
    own_origins: frozenset[str] = frozenset()  # an app there could act in the reader's name
    any_variables: bool = False  # also names that nobody fills in, as Chatwoot takes them


NO_RULES = HouseRules()


@dataclass(frozen=True)
class _Parts:
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        if self.port == DEFAULT_PORTS[self.scheme]:
            return f"{self.scheme}://{self.host}"
        return f"{self.scheme}://{self.host}:{self.port}"


def check_app_url(url: object, rules: HouseRules = NO_RULES) -> str:
    """The address as it is stored, exactly as given; or Invalid with the sentence that says why not."""
    if not isinstance(url, str):
        raise Invalid("url", N_("The address must be a text."))
    parts = _read(url)
    if rules.https_only and parts.scheme != "https":
        raise Invalid("url", N_("This desk takes only https:// addresses."))
    if parts.origin in rules.own_origins:
        raise Invalid(
            "url",
            N_(
                "This is the address of the desk itself, where an app could act in your name. "
                "Give the app a host or a port of its own."
            ),
        )
    return url


def callback_problem(url: str) -> Problem | None:
    """What is wrong with an address that the desk itself is to call; None where nothing is."""
    try:
        _read(url)
    except Invalid as error:
        return error.problems[0]
    if PLACEHOLDER.search(url):
        return Problem("url", N_("A callback address has no placeholders."))
    return None


def origin_of(url: str) -> str:
    """The origin that a browser gives this address. Refuses what `check_app_url` refuses."""
    return _read(url).origin


def is_local(url: str) -> bool:
    """Whether it is on the reader's own machine: there browsers load http:// into an https:// page."""
    host = _read(url).host
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_blocked_on_https(url: str) -> bool:
    """Whether browsers refuse to show this address inside an https page."""
    try:
        return _read(url).scheme == "http" and not is_local(url)
    except Invalid:
        return False


def has_ipv6_host(url: str) -> bool:
    """Whether the host is an IPv6 number, which no Content-Security-Policy can name: browsers frame none."""
    try:
        return _read(url).host.startswith("[")
    except Invalid:
        return False


@lru_cache(maxsize=1024)  # every page with apps asks about the same few
def _read(url: str) -> _Parts:
    if not url:
        raise Invalid("url", N_("Type the address of your app."))
    if len(url) > LONGEST:
        raise Invalid("url", N_("The address is longer than %(longest)s characters."), longest=LONGEST)
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise Invalid("url", N_("The address must start with http:// or https://."))
    authority = _AUTHORITY.match(url, scheme.end())
    assert authority is not None  # the pattern also matches nothing
    host, port = _split(authority[0])
    _check_rest(url[authority.end() :])
    return _Parts(scheme[1], _check_host(host), _check_port(port, scheme[1]))


def _split(authority: str) -> tuple[str, str | None]:
    """Host and port; the port is None where there is no colon for one."""
    if "{" in authority or "}" in authority:
        raise Invalid(
            "url", N_("Placeholders may stand in the path, the query or the fragment, not in the host.")
        )
    if "\\" in authority:
        raise Invalid("url", N_("The address may not contain a backslash."))
    if "@" in authority:
        raise Invalid("url", N_("The address may not contain a user name or password before the host."))
    host, bracket, rest = authority.partition("]")
    if bracket:
        if rest and not rest.startswith(":"):
            raise Invalid("url", N_("After the ] of an IPv6 address only a port may follow."))
        return host + bracket, rest[1:] if rest else None
    host, colon, port = authority.partition(":")
    return host, port if colon else None


def _check_port(port: str | None, scheme: str) -> int:
    if port is None:
        return DEFAULT_PORTS[scheme]
    if not _PORT.fullmatch(port) or int(port) > 65535:
        raise Invalid("url", N_("The port must be a number from 1 to 65535."))
    return int(port)


def _check_host(host: str) -> str:
    """The host as browsers write it: lower case."""
    if not host:
        raise Invalid("url", N_("The address has no host."))
    if not host.isascii():
        raise _not_ascii(host)
    if host.startswith("["):
        return _check_ipv6(host)
    labels = host.split(".")
    if "" in labels:
        raise Invalid("url", N_("The host may not begin or end with a dot or have two dots in a row."))
    for label in labels:
        _check_label(label)
    if _NUMBER.fullmatch(labels[-1]):
        return _check_ipv4(host)
    if len(host) > 253:
        raise Invalid("url", N_("The host is longer than 253 characters."))
    return host.lower()


def _not_ascii(host: str) -> Invalid:
    # UTS 46 without the transitional mapping is what browsers do: faß.de is xn--fa-hia.de, not fass.de.
    try:
        ascii_host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError:
        return Invalid("url", N_("The host holds characters that no domain name may have."))
    return Invalid("url", N_("Write the host in its plain form, %(host)s."), host=ascii_host)


def _check_label(label: str) -> None:
    if len(label) > 63:
        raise Invalid("url", N_("No part of the host may be longer than 63 characters."))
    if not _LABEL.fullmatch(label):
        raise Invalid(
            "url",
            N_(
                "The host may hold only letters, digits, hyphens and dots, "
                "and no part of it may begin or end with a hyphen."
            ),
        )
    if label.lower().startswith("xn--"):
        _check_punycode(label.lower())


def _check_punycode(label: str) -> None:
    try:
        agrees = idna.alabel(idna.ulabel(label)).decode("ascii") == label
    except idna.IDNAError:
        agrees = False
    if not agrees:
        raise Invalid("url", N_("%(label)s in the host is not the encoded form of a name."), label=label)


def _check_ipv4(host: str) -> str:
    try:
        agrees = str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        agrees = False
    if not agrees:
        raise Invalid(
            "url",
            N_("An IPv4 address must be four numbers from 0 to 255 with dots between, as in 192.0.2.1."),
        )
    return host


def _check_ipv6(host: str) -> str:
    address = host[1:-1].lower()
    try:
        read = ipaddress.IPv6Address(address)
    except ValueError:
        raise Invalid("url", N_("The IPv6 address between [ and ] is not one.")) from None
    if read.scope_id is not None:
        raise Invalid("url", N_("An IPv6 address may not name a zone."))
    if read.ipv4_mapped is not None:
        raise Invalid("url", N_("Write the IPv4 address itself instead of its IPv6 form."))
    if read.compressed != address:
        raise Invalid(
            "url", N_("Write the IPv6 address in its short form, [%(address)s]."), address=read.compressed
        )
    return f"[{address}]"


def _check_rest(rest: str) -> None:
    plain = PLACEHOLDER.sub("x", rest)
    if "{" in plain or "}" in plain:
        raise Invalid("url", N_("Braces may stand only around a placeholder, as in {{contact.id}}."))
    if not plain.isascii():
        raise Invalid(
            "url", N_("Write letters beyond a–z in the path or query in their percent-encoded form.")
        )
    unsafe = _UNSAFE.search(plain)
    if unsafe:
        raise _unsafe(unsafe[0])
    if _BROKEN_PERCENT.search(plain):
        raise Invalid("url", N_("Every percent sign must be followed by two hexadecimal digits."))


def _unsafe(character: str) -> Invalid:
    if character == "\\":
        return Invalid("url", N_("The address may not contain a backslash."))
    if character <= " " or character >= "\x7f":
        return Invalid("url", N_("The address may not contain spaces, line breaks or control characters."))
    return Invalid(
        "url",
        N_("The address may not contain %(character)s; write %(encoded)s instead."),
        character=character,
        encoded=f"%{ord(character):02X}",
    )
