"""What the desk of this request asks of its apps' addresses."""

from flask import request

from dashboard.extensions import settings
from dashboard.lib.addresses import HouseRules
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid


def house_rules() -> HouseRules:
    """The desk's own origins are the one it is published at and the one that was asked just now."""
    desk = settings()
    own = (request.host_url, desk.public_url or request.host_url)
    return HouseRules(
        https_only=desk.require_https_apps,
        own_origins=frozenset(origin for address in own for origin in _origin(address)),
    )


def _origin(address: str) -> list[str]:
    """None where the host is one that no app could have either."""
    try:
        return [origin_of(address)]
    except Invalid:
        return []
