"""The context of a try: JSON that somebody wrote, made whole, and cut to what the tried app may see."""

from collections.abc import Collection
from math import isfinite
from typing import Any

from jsonschema import Draft202012Validator

from dashboard.apps.schemas.calls import LARGEST_RESULT
from dashboard.apps.schemas.projection import DEFINITIONS
from dashboard.apps.schemas.projection import projected
from dashboard.lib.errors import Invalid
from dashboard.lib.nesting import levels
from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import NUMBER
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of
from dashboard.lib.text import N_

LARGEST_CONTEXT = LARGEST_RESULT  # characters
DEEPEST = 50  # levels of lists and objects
Face = dict[str, Any]
_BESIDE = ("contact", "currentAgent", "customAttributes")

# No more than the cutting needs: what an app does with odd values is for the try to find out.
_SENDER: Schema = {"type": ["object", "null"], "required": ["type"]}
_MESSAGE: Schema = {
    "type": "object",
    "properties": {
        "id": NUMBER,
        "sender": _SENDER,
        "conversation": OBJECT,
        "private": FLAG,
        "attachments": list_of(OBJECT),
    },
}
_CONTEXT: Schema = {
    "type": "object",
    "required": ["conversation", "contact"],
    "additionalProperties": False,
    "properties": {
        "conversation": {
            "type": "object",
            "properties": {
                "contact": OBJECT,
                "custom_attributes": OBJECT,
                "labels": list_of(TEXT),
                "last_non_activity_message": {**_MESSAGE, "type": ["object", "null"]},
                "messages": list_of(_MESSAGE),
                "meta": {"type": "object", "properties": {"sender": OBJECT, "assignee": OBJECT}},
            },
        },
        "contact": {"type": "object", "properties": {"custom_attributes": OBJECT}},
        "theme": TEXT,  # as apps are told it; the page says by itself what holds
        "meta": OBJECT,
        "currentAgent": OBJECT,
        "customAttributes": list_of(
            {
                "type": "object",
                "required": ["attribute_key", "attribute_model"],
                "properties": {"attribute_model": {"enum": list(DEFINITIONS)}},
            }
        ),
    },
}
_validator = Draft202012Validator(_CONTEXT)
_SENTENCES = {
    "required": N_("At “%(place)s” something is missing."),
    "additionalProperties": N_("At “%(place)s” stands a name that no context has."),
    "type": N_("At “%(place)s” stands something of another type."),
    "enum": N_("At “%(place)s” stands none of the known words."),
}


def checked_context(sent: Any) -> Face:
    """What was written, if it can be the context of a try.

    Raises:
        Invalid: it cannot; for the first place that does not fit.
    """
    for part, level in levels(sent):
        if level > DEEPEST or (isinstance(part, float) and not isfinite(part)):
            raise Invalid("context", N_("It is nested too deeply, or has a number that JSON does not know."))
    error = next(_validator.iter_errors(sent), None)
    if error is None:
        return dict(sent)
    place = ".".join(str(step) for step in error.absolute_path) or "data"
    raise Invalid("context", _SENTENCES[str(error.validator)], place=place)


def condensed(data: Face) -> Face:
    """A context as it is written: the contact once, and not what the page says by itself."""
    face = {name: value for name, value in data["conversation"].items() if name != "contact"}
    if "meta" in face:
        face["meta"] = {name: value for name, value in face["meta"].items() if name != "sender"}
    return {"conversation": face, **{name: data[name] for name in _BESIDE if name in data}}


def told(context: Face, scopes: Collection[str]) -> Face:
    """The `data` that an app with these scopes is told of what was written."""
    contact, face = context["contact"], context["conversation"]
    data = {
        "currentAgent": context.get("currentAgent", {}),
        "customAttributes": context.get("customAttributes", []),
        "meta": {"v": 1},
        "contact": contact,
        "conversation": _whole(face, contact, scopes) if face else {},
    }
    return projected(data, scopes)


def _whole(face: Face, contact: Face, scopes: Collection[str]) -> Face:
    messages = [
        message
        for message in face.get("messages", [])
        if ("notes" if message.get("private") else "messages") in scopes
    ]
    said = [message for message in messages if not message.get("private")]
    return {
        "contact": contact,
        "dataFetched": True,
        "allMessagesLoaded": True,
        "last_non_activity_message": said[-1] if said else None,
        **face,
        "meta": {"sender": contact, **face.get("meta", {})},
        "messages": messages,
    }
