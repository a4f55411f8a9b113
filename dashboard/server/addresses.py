"""Who is really asking, and for which host: what of a request's address may be believed."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address
from urllib.parse import urlsplit

from dashboard.config import Network

Address = IPv4Address | IPv6Address

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>\d+\.\d+\.\d+\.\d+):\d+")
_USUAL_PORTS = {"http": 80, "https": 443}


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The rightmost address that is not one of our proxies: what stands left of it anybody can write."""
    address = peer
    hops = [hop for line in forwarded for hop in line.split(",")]
    while hops and _is_trusted(address, trusted):
        hop = _parse(hops.pop())
        if hop is None:
            break
        address = str(hop)
    return address


def forwarded_scheme(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str | None:
    """http or https, where a trusted proxy says so."""
    if not forwarded or not _is_trusted(peer, trusted):
        return None
    scheme = forwarded[-1].split(",")[-1].strip().lower()
    return scheme if scheme in _USUAL_PORTS else None


def is_our_host(host: str, public_url: str | None) -> bool:
    """Whether a Host header may stand: any one without PUBLIC_URL, else that one or this machine."""
    if public_url is None:
        return True
    name, port = _split_host(host)
    if name is None:
        return False
    ours = urlsplit(public_url)
    usual = _USUAL_PORTS[ours.scheme]
    return (name == ours.hostname and (port or usual) == (ours.port or usual)) or _is_loopback(name)


def _split_host(host: str) -> tuple[str | None, int | None]:
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname, parts.port) if parts.netloc == host and "@" not in host else (None, None)
    except ValueError:
        return None, None


def _is_loopback(name: str) -> bool:
    address = _parse(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parse(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parse(text: str) -> Address | None:
    """An address as proxies write it: with or without brackets and a port; IPv4 inside IPv6 is IPv4."""
    found = _WITH_PORT.fullmatch(text.strip())
    try:
        address = ip_address((found["six"] or found["four"]) if found else text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
