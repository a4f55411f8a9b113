"""What an app will see, for whoever decides it: a real conversation, and what each scope lets through."""

from dataclasses import dataclass

from dashboard.apps.forms.access import SCOPES as WORDS
from dashboard.apps.forms.app import AppForm
from dashboard.apps.payloads import MESSAGES_READ
from dashboard.apps.payloads import app_context
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.explained import Part
from dashboard.apps.schemas.explained import explained
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.summaries import head_of
from dashboard.conversations.queries.summaries import newest_number_of
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.numbers import row_number


@dataclass(frozen=True)
class Preview:
    """`groups` is empty where no conversation can be shown."""

    number: int | None
    groups: list[Part]
    words: dict[str, object]


def preview_of(form: AppForm) -> Preview:
    """The conversation that was typed, or the newest; only what the person who asks may see."""
    membership = current_membership()
    number = row_number((form.preview.data or "").strip()) or newest_number_of(membership)
    if number is None:
        return Preview(None, [], {**WORDS})
    try:
        summary = head_of(membership, number)
    except (NotAllowed, NotFound):
        return Preview(number, [], {**WORDS})
    whole = app_context(
        summary,
        messages_of(summary.conversation, limit=MESSAGES_READ),
        agent=current_user(),
        theme="light",
        scopes=SCOPES,
    )
    return Preview(number, explained(whole, form.scopes.data or []), {**WORDS})
