"""The endpoints of an app in its form: addresses in an order."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field

from dashboard.apps.schemas.variables import is_personal
from dashboard.lib.addresses import has_ipv6_host
from dashboard.lib.addresses import is_blocked_on_https

_WARNINGS = {"http": is_blocked_on_https, "ipv6": has_ipv6_host, "personal": is_personal}


class EndpointsField(Field):
    """Addresses in an order, each in an input of the same name; empty ones are left in place until saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaints: dict[int, list[str]] = {}

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = [str(value).strip() for value in valuelist]

    def complain(self, place: int, sentence: str) -> None:
        self.complaints.setdefault(place, []).append(sentence)

    def warns(self, place: int, of: str) -> bool:
        """Whether there is something to say about this address, for one of three reasons."""
        return _WARNINGS[of](self.data[place])


def move(urls: list[str], verb: str, place: int) -> str:
    """Take one away, or put it a place up or down.

    Returns the control that the person had under the finger, or the nearest one left.
    """
    last = len(urls) - 1
    if verb == "remove" and last > 0:
        del urls[place]
        return f"url-{min(place, last - 1)}"
    if verb == "up" and place > 0:
        urls[place - 1 : place + 1] = [urls[place], urls[place - 1]]
        return f"up-{place - 1}" if place > 1 else "down-0"
    if verb == "down" and place < last:
        urls[place : place + 2] = [urls[place + 1], urls[place]]
        return f"down-{place + 1}" if place + 1 < last else f"up-{last}"
    return f"url-{place}"
