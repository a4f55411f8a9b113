"""What an app will see, for whoever decides it: a real conversation, and what each scope lets through."""

from dataclasses import dataclass

from dashboard.apps.forms.access import SCOPES as WORDS
from dashboard.apps.forms.app import AppForm
from dashboard.apps.payloads import whole_context
from dashboard.apps.schemas.explained import Part
from dashboard.apps.schemas.explained import explained
from dashboard.apps.schemas.variables import Reader
from dashboard.apps.schemas.variables import address_for
from dashboard.apps.schemas.variables import variable_problem
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.summaries import head_of
from dashboard.conversations.queries.summaries import newest_number_of
from dashboard.http.addresses import reader_of
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.lib.addresses import check_app_url
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.numbers import row_number
from dashboard.lib.variables import has_variables


@dataclass(frozen=True)
class Made:
    """An address with variables, and what it is in that conversation; or why there is none."""

    template: str
    url: str = ""
    why: str = ""


@dataclass(frozen=True)
class Preview:
    """`groups` is empty where no conversation can be shown."""

    number: int | None
    groups: list[Part]
    words: dict[str, object]
    addresses: list[Made]


def preview_of(form: AppForm) -> Preview:
    """The conversation that was typed, or the newest; only what the person who asks may see."""
    membership = current_membership()
    number = row_number((form.preview.data or "").strip()) or newest_number_of(membership)
    if number is None:
        return Preview(None, [], {**WORDS}, _made(form, None))
    try:
        summary = head_of(membership, number)
    except (NotAllowed, NotFound):
        return Preview(number, [], {**WORDS}, _made(form, None))
    whole = whole_context(summary, agent=current_user())
    scopes = form.scopes.data or []
    return Preview(number, explained(whole, scopes), {**WORDS}, _made(form, summary.conversation))


def _made(form: AppForm, conversation: Conversation | None) -> list[Made]:
    reader = reader_of(conversation)
    return [_address(url, reader, form.scopes.data or []) for url in form.addresses if has_variables(url)]


def _address(url: str, reader: Reader, scopes: list[str]) -> Made:
    try:
        problem = variable_problem(check_app_url(url))
        return (
            Made(url, why=reader.say(problem))
            if problem
            else Made(url, address_for(url, reader, scopes=scopes))
        )
    except Invalid as error:
        return Made(url, why=reader.say(error.problems[0]))
