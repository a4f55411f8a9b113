"""What the name and the content of an app may be: one rule, which the form and the API both ask."""

import re
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema import FormatChecker
from jsonschema import ValidationError

from dashboard.apps.schemas.variables import variable_problem
from dashboard.lib.addresses import NO_RULES
from dashboard.lib.addresses import HouseRules
from dashboard.lib.addresses import check_app_url
from dashboard.lib.checks import BLANK
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_

MOST_APPS = 50
MOST_FRAMES = 20
LONGEST_TITLE = 255

CONTENT: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "maxItems": MOST_FRAMES,
    "items": {
        "type": "object",
        "required": ["url", "type"],
        "properties": {
            "type": {"enum": ["frame"]},
            "url": {"type": "string", "format": "uri", "pattern": "^https?://"},
        },
    },
}

# Line breaks and control characters; halves of surrogate pairs, which no database stores.
_BAD_IN_TITLES = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

_SENTENCES = {
    ("array", "type"): N_("The content must be a list of frames."),
    ("array", "minItems"): N_("Add at least one endpoint."),
    ("array", "maxItems"): N_("An app may have at most %(most)s endpoints."),
    ("item", "type"): N_("Each frame must be an object with a type and a url."),
    ("item", "required"): N_("Each frame must have a type and a url."),
    ("type", "enum"): N_("The type of a frame must be “frame”."),
    ("url", "type"): N_("The address must be a text."),
}

_formats = FormatChecker(formats=())


@_formats.checks("uri", raises=Invalid)  # type: ignore[untyped-decorator]
def _is_address(value: object) -> bool:
    """`uri` means the strict grammar of our own: what it refuses, a browser could read in two ways."""
    return not isinstance(value, str) or bool(check_app_url(value))


_validator = Draft202012Validator(CONTENT, format_checker=_formats)


def tidy_title(title: object) -> str:
    """On one line. Clients may send a number, which is a name too; a list or an object is none."""
    if not isinstance(title, str | int | float):
        return ""
    return _BAD_IN_TITLES.sub(" ", str(title)).strip()


def title_problems(title: object) -> list[Problem]:
    """What keeps this from being the name of an app."""
    length = len(tidy_title(title))
    if length == 0:
        return [Problem("title", BLANK)]
    if length > LONGEST_TITLE:
        return [Problem("title", TOO_LONG, {"limit": LONGEST_TITLE})]
    return []


def permitted(content: object) -> object:
    """The content without what upstream drops in silence: items that are no objects, unknown keys."""
    if not isinstance(content, list):
        return content
    return [
        {key: value for key, value in frame.items() if key in {"url", "type"}}
        for frame in content
        if isinstance(frame, dict)
    ]


def content_problems(content: object, rules: HouseRules = NO_RULES) -> list[Problem]:
    """What keeps this from being the content of an app, at most one problem for each place in it."""
    problems: dict[str, Problem] = {}
    for error in _validator.iter_errors(content):
        problem = _problem(error)
        # The pattern and the format refuse the same address: the format knows why.
        if problem.pointer not in problems or error.validator == "format":
            problems[problem.pointer] = problem
    for pointer, url in _addresses(content).items():
        if pointer not in problems:
            problems.update(_house_problem(pointer, url, rules))
    return list(problems.values())


def _problem(error: ValidationError) -> Problem:
    pointer = "/".join(("/content", *(str(step) for step in error.path)))
    if isinstance(error.cause, Invalid):
        why = error.cause.problems[0]
        return _refused(why.message, pointer, why.values)
    place = ("array", "item", str(error.path[-1]) if error.path else "")[min(len(error.path), 2)]
    sentence = _SENTENCES.get((place, str(error.validator)), N_("is invalid"))
    return _refused(sentence, pointer, {"most": MOST_FRAMES} if "%(most)s" in sentence else {})


def _addresses(content: object) -> dict[str, str]:
    """The addresses in it by their place, whatever else may be wrong."""
    frames = content if isinstance(content, list) else []
    urls = [frame.get("url") if isinstance(frame, dict) else None for frame in frames]
    return {f"/content/{place}/url": url for place, url in enumerate(urls) if isinstance(url, str)}


def _house_problem(pointer: str, url: str, rules: HouseRules) -> dict[str, Problem]:
    """What this desk has against an address that is right by the schema."""
    try:
        check_app_url(url, rules)
    except Invalid as error:
        return {pointer: _refused(error.problems[0].message, pointer, {})}
    problem = variable_problem(url, any_names=rules.any_variables)
    return {pointer: _refused(problem.message, pointer, problem.values)} if problem else {}


def _refused(message: str, pointer: str, values: dict[str, Any]) -> Problem:
    return Problem("content", message, values, pointer, upstream="Content : Invalid data")
