"""What the frame of an app may do beyond the least, and what the browser is told of it."""

from collections.abc import Iterable
from typing import Any

from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.errors import Invalid

# In the order in which they are offered. Whatever leads the desk's own page elsewhere is never among them.
SANDBOX = (
    "allow-modals",
    "allow-popups-to-escape-sandbox",
    "allow-storage-access-by-user-activation",
    "allow-presentation",
    "allow-pointer-lock",
)
FEATURES = (
    "clipboard-write",
    "clipboard-read",
    "microphone",
    "camera",
    "display-capture",
    "geolocation",
    "fullscreen",
    "autoplay",
    "publickey-credentials-get",
    "local-network",
    "loopback-network",
)


def some_of(field: str, given: Any, words: Iterable[str]) -> list[str]:
    """Those of the words that are given, each once, in their own order.

    Raises:
        Invalid: something else is among them.
    """
    known = list(words)
    if not isinstance(given, list | tuple) or any(word not in known for word in given):
        raise Invalid(field, NOT_LISTED)
    return [word for word in known if word in given]


def allowance(features: Iterable[str], origin: str) -> str:
    """The `allow` of a frame: only its own origin may, so that whoever takes its place may not."""
    return "; ".join(f"{feature} {origin}" for feature in features)
