"""What an administrator may set for an app beside its name and its endpoints."""

from collections.abc import Callable
from typing import Any
from typing import TypedDict

from dashboard.apps.models.apps import FORMATS
from dashboard.apps.models.apps import ICONS
from dashboard.apps.models.apps import LAUNCHES
from dashboard.apps.models.apps import PLACEMENTS
from dashboard.apps.models.apps import STATES
from dashboard.apps.schemas.access import ACTIONS
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.access import viewers
from dashboard.apps.schemas.conditions import checked_conditions
from dashboard.apps.schemas.framing import FEATURES
from dashboard.apps.schemas.framing import SANDBOX
from dashboard.apps.schemas.framing import origins
from dashboard.apps.schemas.framing import some_of
from dashboard.lib.checks import one_of
from dashboard.lib.shapes import Schema


class Settings(TypedDict, total=False):
    """Those that are given; the others stay as they are, or as the model has them at first."""

    format: str
    launch: str
    placement: str
    reloads: bool
    icon: str
    sandbox: list[str]
    features: list[str]
    scopes: list[str]
    actions: list[str]
    state: str
    visibility: dict[str, list[Any]]
    conditions: list[dict[str, Any]]
    frame_origins: list[str]


# How each is checked: the name of the setting and what was given, to what is stored.
_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "format": lambda field, word: one_of(field, word, FORMATS),
    "launch": lambda field, word: one_of(field, word, LAUNCHES),
    "placement": lambda field, word: one_of(field, word, PLACEMENTS),
    "reloads": lambda field, wish: bool(wish),
    "icon": lambda field, word: one_of(field, word, ICONS),
    "sandbox": lambda field, words: some_of(field, words, SANDBOX),
    "features": lambda field, words: some_of(field, words, FEATURES),
    "scopes": lambda field, words: some_of(field, words, SCOPES),
    "actions": lambda field, words: some_of(field, words, ACTIONS),
    "state": lambda field, word: one_of(field, word, STATES),
    "visibility": viewers,
    "conditions": checked_conditions,
    "frame_origins": origins,
}
NAMES = frozenset(_CHECKS)

# Those that mean the same at another desk, as JSON Schemas: what a file of apps carries.
PORTABLE: dict[str, Schema] = {
    "format": {"enum": list(FORMATS)},
    "placement": {"enum": list(PLACEMENTS)},
    "reloads": {"type": "boolean"},
    "launch": {"enum": list(LAUNCHES)},
    "icon": {"enum": list(ICONS)},
    "sandbox": {"type": "array", "items": {"enum": list(SANDBOX)}},
    "features": {"type": "array", "items": {"enum": list(FEATURES)}},
    "scopes": {"type": "array", "items": {"enum": list(SCOPES)}},
    "actions": {"type": "array", "items": {"enum": list(ACTIONS)}},
}


def checked(settings: Settings) -> dict[str, Any]:
    """The settings as the model stores them.

    Raises:
        Invalid: a value cannot be used.
    """
    return {name: _CHECKS[name](name, value) for name, value in settings.items()}
