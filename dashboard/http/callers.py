"""From where a request comes, for whoever counts them."""

from ipaddress import IPv6Address
from ipaddress import ip_address
from ipaddress import ip_network

from flask import request


def calling_network() -> str:
    """The address of whoever asks; of IPv6 the network of 64 bits, all of which one customer of a provider
    has to himself. The shell has found out whose address it is, by TRUSTED_PROXIES."""
    address = request.remote_addr or ""
    try:
        found = ip_address(address.split("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return address
