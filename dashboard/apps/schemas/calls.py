"""What an app may ask of the server: the shape of a call, and of the params of each method."""

from dashboard.attributes.schemas import LONGEST_VALUE
from dashboard.conversations.models import STATUSES
from dashboard.lib.shapes import ID
from dashboard.lib.shapes import OBJECT
from dashboard.lib.shapes import Schema
from dashboard.lib.shapes import list_of

LARGEST_PARAMS = 64 << 10  # bytes, as compact JSON
LARGEST_CALL = LARGEST_PARAMS + (16 << 10)  # the same with what stands around it
LARGEST_RESULT = 256 << 10
DEEPEST = 12  # levels of lists and objects
MOST_MESSAGES = 50
LAST_SECOND = 253_402_300_799  # of the last year that calendars know

# What can be wrong with a call. `stale_context` and `timeout` are the page's to say.
CODES = (
    "denied_scope",
    "denied_user",
    "invalid",
    "unsupported",
    "rate_limited",
    "too_large",
    "busy",
    "internal",
)


def _params(*required: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


CALL: Schema = _params(
    "method",
    method={"type": "string"},
    params=OBJECT,
    conversation={**ID, "type": ["integer", "null"]},
    session={"type": ["string", "null"], "maxLength": 128},
)
TRIED_CALL: Schema = _params(
    "method",
    "context",
    "scopes",
    "actions",
    method={"type": "string"},
    params=OBJECT,
    context=OBJECT,
    scopes=list_of({"type": "string"}),
    actions=list_of({"type": "string"}),
    state={},
)
WRITTEN: Schema = _params("context", "scopes", context=OBJECT, scopes=list_of({"type": "string"}))
NOTHING = _params()
ATTRIBUTES = _params(
    "of",
    "values",
    of={"enum": ["contact", "conversation"]},
    values={
        "type": "object",
        "minProperties": 1,
        "maxProperties": 50,
        "additionalProperties": {"type": ["string", "number", "boolean", "null"], "maxLength": LONGEST_VALUE},
    },
)
LABELS = _params(
    "labels", labels=list_of({"type": "string", "minLength": 1, "maxLength": 255}, minItems=1, maxItems=20)
)
STATUS = _params(
    "status",
    status={"enum": list(STATUSES)},
    snoozed_until={"type": ["integer", "null"], "minimum": 0, "maximum": LAST_SECOND},
)
ASSIGNEE = _params("agent", agent={**ID, "type": ["integer", "null"]})
PATH = _params(path=list_of({"type": ["string", "integer"]}, maxItems=DEEPEST))
MESSAGES = _params(
    before={**ID, "type": ["integer", "null"]},
    limit={"type": "integer", "minimum": 1, "maximum": MOST_MESSAGES},
)
STATE: Schema = {**_params("value"), "properties": {"value": {}}}
