"""deskframe.json: apps as a file, to be moved from desk to desk. Chatwoot's list of apps is read as well."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import cast

from jsonschema import Draft202012Validator

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.content import CONTENT
from dashboard.apps.schemas.content import LONGEST_TITLE
from dashboard.apps.schemas.content import MOST_APPS
from dashboard.apps.schemas.content import content_problems
from dashboard.apps.schemas.content import permitted
from dashboard.apps.schemas.content import tidy_title
from dashboard.apps.schemas.content import title_problems
from dashboard.apps.schemas.settings import PORTABLE
from dashboard.apps.schemas.settings import Settings
from dashboard.apps.schemas.settings import checked
from dashboard.lib.addresses import NO_RULES
from dashboard.lib.addresses import HouseRules
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.shapes import Schema
from dashboard.lib.text import N_

VERSION = 1
LONGEST = 256 << 10  # characters
# What Chatwoot's list says beside title and content: where the app was, which is no concern of another desk.
_OF_THE_OTHER_DESK = {"id", "user_id", "account_id", "created_at", "updated_at"}
_UNFIT = N_("The value of “%(name)s” cannot be used.")

MANIFEST: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Dashboard apps of a Deskframe desk",
    "type": "object",
    "required": ["deskframe", "apps"],
    "properties": {
        "deskframe": {"const": VERSION, "description": "The version of this format"},
        "apps": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_APPS,
            "items": {
                "type": "object",
                "required": ["title", "content"],
                "properties": {
                    "title": {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE},
                    "content": CONTENT,
                    **PORTABLE,
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Draft:
    """An app as a file describes it."""

    title: str
    content: Any
    settings: Settings = field(default_factory=lambda: Settings())
    problems: list[Problem] = field(default_factory=list)  # why it cannot be added
    unknown: list[str] = field(default_factory=list)  # what the file says beside, and nobody reads

    @property
    def key(self) -> str:
        """Two apps of one key are the same app."""
        urls = [frame["url"] for frame in self.content] if not self.problems else []
        return key_of(self.title, urls)

    @property
    def grants(self) -> list[str]:
        """What the file lets the app do beyond the least: whoever brings it in must see it first."""
        return [
            *self.settings.get("actions", []),
            *self.settings.get("sandbox", []),
            *self.settings.get("features", []),
            *(["notes"] if "notes" in self.settings.get("scopes", []) else []),
        ]


def key_of(title: str, urls: Iterable[str]) -> str:
    """The name and the addresses of an app, as one text."""
    return "\n".join([title, *urls])


def manifest_of(apps: Iterable[DashboardApp]) -> dict[str, Any]:
    """What the file holds. What only this desk has, such as its agents, is not in it."""
    return {
        "deskframe": VERSION,
        "apps": [
            {
                "title": app.title,
                "content": app.content,
                **{name: getattr(app, name) for name in PORTABLE},
            }
            for app in apps
        ],
    }


def drafts_in(text: str, rules: HouseRules = NO_RULES) -> list[Draft]:
    """Every app that a file describes, with what is wrong with it.

    Args:
        text: a manifest of ours, or the answer of Chatwoot's `GET …/dashboard_apps`.

    Raises:
        Invalid: it is neither.
    """
    if len(text) > LONGEST:
        raise Invalid("manifest", N_("This is too long for a list of apps."))
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("manifest", N_("This is not JSON.")) from None
    apps = said.get("apps") if isinstance(said, dict) else said
    if isinstance(said, dict) and said.get("deskframe") != VERSION:
        raise Invalid("manifest", N_("This is no file of dashboard apps that this desk can read."))
    if not isinstance(apps, list) or not all(isinstance(app, dict) for app in apps):
        raise Invalid("manifest", N_("This is no file of dashboard apps that this desk can read."))
    if not apps:
        raise Invalid("manifest", N_("There is no app in it."))
    if len(apps) > MOST_APPS:
        raise Invalid("manifest", N_("There are more than %(most)s apps in it."), most=MOST_APPS)
    return [_draft(app, rules) for app in apps]


def _draft(app: dict[str, Any], rules: HouseRules) -> Draft:
    content = permitted(app.get("content"))
    settings = {name: value for name, value in app.items() if name in PORTABLE}
    problems = title_problems(app.get("title")) + content_problems(content, rules)
    problems += _setting_problems(settings)
    known = {"title", "content", *PORTABLE, *_OF_THE_OTHER_DESK}
    return Draft(
        title=tidy_title(app.get("title")),
        content=content,
        settings=cast(Settings, settings),
        problems=problems,
        unknown=sorted(name[:40] for name in app if name not in known)[:10],
    )


def _setting_problems(settings: dict[str, Any]) -> list[Problem]:
    """By their shape first: the checks are made for what a form can send."""
    problems = [
        Problem(name, _UNFIT, {"name": name}, "/" + name)
        for name, value in settings.items()
        if not Draft202012Validator(PORTABLE[name]).is_valid(value)
    ]
    if problems:
        return problems
    try:
        checked(cast(Settings, settings))
    except Invalid as error:
        return error.problems
    return []
