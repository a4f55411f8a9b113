"""What an app asks for: a part of its context, and what was said before."""

from typing import Any

from dashboard.apps.operations.asking import Call
from dashboard.apps.operations.asking import CallRefused
from dashboard.apps.operations.ledger import note_disclosure
from dashboard.apps.operations.tokens import context_token
from dashboard.apps.payloads import context_for
from dashboard.apps.schemas.disclosures import fields_at
from dashboard.apps.schemas.disclosures import fields_in
from dashboard.apps.schemas.projection import projected_message
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.serializers import message_json
from dashboard.lib import clock

USUAL_PAGE = 20


def get_context(call: Call) -> dict[str, Any]:
    """What stands at a place in the app's context; null where nothing does, or nothing that it may see."""
    data = context_for(call.app, call.opened, account=call.account, agent=call.agent)
    path = call.params.get("path", [])
    if call.opened is not None:
        _note(call, fields_at(fields_in(data), path))
    return {"value": value_at(data, path)}


def get_token(call: Call) -> dict[str, Any]:
    """What the app's own server can believe; `expires_at` in seconds since 1970."""
    token, ends = context_token(
        call.app,
        agent=call.agent,
        login=call.login,
        conversation=call.opened.conversation if call.opened else None,
        session=call.session,
        placement=call.app.place_for(call.key),
    )
    return {"token": token, "expires_at": clock.epoch(ends)}


def list_messages(call: Call) -> dict[str, Any]:
    """Messages, oldest first: the last, or those before one; `before` is where still older ones begin.

    Raises:
        CallRefused: the app may not see messages.
    """
    if "messages" not in call.app.scopes:
        raise CallRefused("denied_scope", "The app may not see messages")
    conversation = call.conversation
    limit = int(call.params.get("limit", USUAL_PAGE))
    messages = messages_of(
        conversation,
        before=call.params.get("before"),
        limit=limit + 1,
        without_notes="notes" not in call.app.scopes,
    )
    page = messages[-limit:]
    _note(call, {"conversation.messages"})
    faces = [message_json(message, conversation) for message in page]
    return {
        "messages": [projected_message(face, call.app.scopes) for face in faces],
        "before": page[0].id if len(messages) > limit else None,
    }


def _note(call: Call, fields: set[str]) -> None:
    note_disclosure(call.app, contact=call.conversation.contact, fields=fields)


def value_at(value: Any, path: list[str | int]) -> Any:
    """Never by attribute: a step is a key of an object or a place in a list, or it leads nowhere."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value
