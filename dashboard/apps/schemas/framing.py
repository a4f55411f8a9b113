"""What the frame of an app may do beyond the least, and what the browser is told of it."""

from collections.abc import Iterable
from typing import Any

from dashboard.lib.addresses import NO_RULES
from dashboard.lib.addresses import HouseRules
from dashboard.lib.addresses import check_app_url
from dashboard.lib.addresses import origin_of
from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_

MOST_ORIGINS = 20

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


def origins(field: str, given: Any) -> list[str]:
    """Each once, as browsers write them.

    Raises:
        Invalid: one of them is none, or there are too many.
    """
    if not isinstance(given, list | tuple):
        raise Invalid(field, NOT_LISTED)
    found = list(dict.fromkeys(check_origin(field, text) for text in given))
    if len(found) > MOST_ORIGINS:
        raise Invalid(field, N_("An app may have at most %(most)s of them."), most=MOST_ORIGINS)
    return found


def check_origin(field: str, text: object, rules: HouseRules = NO_RULES) -> str:
    """The origin, as browsers write it: what may follow it is the one slash that people copy along.

    Raises:
        Invalid: it is none, or there is more than that.
    """
    try:
        origin = origin_of(check_app_url(text, rules))
    except Invalid as error:
        why = error.problems[0]
        raise Invalid(field, why.message, **why.values) from None
    if str(text).lower().removesuffix("/").count("/") > 2 or set(str(text)) & {"?", "#"}:
        raise Invalid(field, N_("Write only what stands before the path: %(origin)s"), origin=origin)
    return origin


def allowance(features: Iterable[str], origin: str) -> str:
    """The `allow` of a frame: only its own origin may, so that whoever takes its place may not."""
    return "; ".join(f"{feature} {origin}" for feature in features)
