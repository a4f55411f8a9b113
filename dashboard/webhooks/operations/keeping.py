"""An event as a job can keep it: which rows it speaks of, and what has changed, in JSON."""

import json
from typing import Any

from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock

_ROWS: dict[str, Any] = {
    "contact": Contact,
    "contact_inbox": ContactInbox,
    "conversation": Conversation,
    "inbox": Inbox,
    "message": Message,
}
_VALUES = ("changed_attributes", "event_info")


def kept(told: dict[str, Any]) -> dict[str, Any]:
    """What an event tells, without rows; who did it is not told to others."""
    rows = {name: told[name].id for name in _ROWS if told.get(name) is not None}
    values = {name: told[name] for name in _VALUES if name in told}
    plain: dict[str, Any] = json.loads(json.dumps(values, default=clock.iso))
    return {**plain, **rows}


def found(keeping: dict[str, Any]) -> dict[str, Any] | None:
    """The same with its rows; None where one of them is gone by now."""
    rows = {name: db.session.get(_ROWS[name], keeping[name]) for name in _ROWS if name in keeping}
    if None in rows.values():
        return None
    return {"conversation": None, **keeping, **rows}
