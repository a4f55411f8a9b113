"""Which machines a name means, and what kind of address each has."""

import socket
import threading
import time
from concurrent.futures import Future
from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address
from ipaddress import ip_network
from typing import Any

Address = IPv4Address | IPv6Address

_NAT64 = ip_network("64:ff9b::/96")
# What Python takes for everybody's: site-local, documentation, and the way to 6to4's relays.
_NOBODYS = [ip_network(network) for network in ("fec0::/10", "3fff::/20", "192.88.99.0/24")]
# Where clouds tell their machines names, roles and keys: no setting allows it.
_METADATA = {
    ip_address(number)
    for number in (
        "169.254.169.254",
        "169.254.169.253",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    )
}


def address_of(text: str) -> Address:
    """The address without the zone that may stand behind it."""
    return ip_address(text.split("%")[0])


def looked_up(host: str, port: int | None, end: float) -> list[Any]:
    """A resolver takes the time that it takes; whoever waits for it does not wait longer than to the end."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # whatever it is: it is raised again by who waits
            answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return answer.result(timeout=max(end - time.monotonic(), 0))


def is_everybodys(host: str, *, deadline: float) -> bool | None:
    """Whether a host is on the public internet; None where nobody knows it."""
    try:
        found = looked_up(host, None, time.monotonic() + deadline)
    except (OSError, UnicodeError, ValueError):
        return None
    return all(is_global(inner_of(address_of(str(each[4][0])))) for each in found)


def is_global(found: Address) -> bool:
    """Whether it is everybody's: on the public internet, and one machine's."""
    if any(found in network for network in _NOBODYS):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_metadata(found: Address) -> bool:
    return found in _METADATA


def is_here(address: str) -> bool:
    """Whether it is one of this machine's own: no other can be bound."""
    inner = inner_of(address_of(address))
    if inner.is_loopback or inner.is_unspecified:
        return True
    family = socket.AF_INET if inner.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(inner), 0))
        except OSError:
            return False
    return True


def inner_of(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    return inner or address
