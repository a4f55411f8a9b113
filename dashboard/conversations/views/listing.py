"""The list beside a conversation: what the address asks for, and the addresses of its neighbours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from urllib.parse import SplitResult
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

from flask import request
from werkzeug.utils import cached_property

from dashboard.accounts.models import Membership
from dashboard.conversations.queries.lines import Listed
from dashboard.conversations.queries.lists import Counts
from dashboard.conversations.queries.lists import ListPage
from dashboard.conversations.queries.lists import Scope
from dashboard.conversations.queries.lists import counts_in
from dashboard.conversations.queries.lists import list_page
from dashboard.conversations.queries.lists import scope_of
from dashboard.conversations.schemas import SORTS
from dashboard.conversations.schemas import Wanted
from dashboard.http.current import current_account
from dashboard.http.links import link_to
from dashboard.http.locale import time_zone_of_request
from dashboard.inboxes.models import Inbox
from dashboard.labels.queries import KnownLabel
from dashboard.labels.queries import labels_of
from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.errors import Invalid
from dashboard.lib.numbers import row_number
from dashboard.lib.text import N_

ROWS = 50
ROWS_BESIDE = 9  # on the page of a conversation: as many as are in sight; the rest comes by scrolling
_USUAL = Wanted()
# How an address names what it narrows: short words, because people see and share them.
_NAMES = {
    "status": "status",
    "assignee_type": "assigned",
    "inbox_id": "inbox",
    "labels": "label",
    "q": "q",
    "conversation_type": "only",
    "sort_by": "sort",
    "priority": "priority",
    "assignee_id": "assignee",
    "created_since": "since",
    "created_until": "until",
}
_ATTRIBUTE = "attribute."  # before the key of each custom attribute
_MOST_ATTRIBUTES = 20
_NARROWING = ("inbox_id", "labels", "q", "priority", "assignee_id", "created_since", "created_until")
_BARE = {**{name: getattr(_USUAL, name) for name in _NARROWING}, "attributes": ()}
_OPEN = re.compile(r"/conversations/(\d{1,9})$", re.ASCII)
_DESK = re.compile(r"/conversations(/\d{1,9})?$", re.ASCII)


@dataclass(frozen=True)
class Listing:
    """The list as one member sees it; `open_id` is the display id of the conversation beside it."""

    membership: Membership
    wanted: Wanted
    after: str = ""
    open_id: int | None = None
    limit: int = ROWS

    @cached_property
    def scope(self) -> Scope:
        """What the list is of."""
        return scope_of(self.membership, self.wanted)

    @property
    def lines(self) -> list[Listed]:
        return self._page.lines

    @cached_property
    def counts(self) -> Counts:
        return counts_in(self.scope)

    @property
    def inboxes(self) -> list[Inbox]:
        return self.scope.inboxes

    @property
    def labels(self) -> list[KnownLabel]:
        """The labels that the account wants to have at hand beside the list."""
        return [label for label in labels_of(current_account()) if label.show_on_sidebar]

    @property
    def more(self) -> str:
        """The address of the lines that follow, or nothing."""
        return self._address("conversations.rows", after=self._page.after) if self._page.after else ""

    @property
    def next(self) -> str:
        """The page that begins with those lines, for a browser without scripts."""
        return self._address("conversations.index", after=self._page.after)

    @property
    def narrowed(self) -> int:
        """In how many ways the list is narrowed beyond its status and its tabs."""
        told = [getattr(self.wanted, name) != getattr(_USUAL, name) for name in _NARROWING]
        return sum(told) + len(self.wanted.attributes)

    @property
    def bare(self) -> str:
        """The same list, not narrowed."""
        return self.here(**_BARE)

    @property
    def bare_of_all(self) -> str:
        """The same, whatever the status."""
        return self.here(**_BARE, status="all")

    @property
    def filters(self) -> str:
        """The form that narrows this list."""
        return self._address("conversations.filters")

    @property
    def home(self) -> str:
        """The list as it usually is: where forms send what they narrow it to."""
        return replace(self, wanted=_USUAL).back

    def others(self, *names: str) -> list[tuple[str, str]]:
        """What narrows this list apart from these, for a form that changes only them. A name that ends with
        a point means all that begin so."""
        query = parse_qsl(urlsplit(self.back).query)
        families = tuple(name for name in names if name.endswith("."))
        return [(name, value) for name, value in query if name not in names and not name.startswith(families)]

    def here(self, **changes: Any) -> str:
        """Another list in place of this one: `here(status="resolved")`."""
        return replace(self, wanted=replace(self.wanted, **changes)).back

    def to(self, display_id: int) -> str:
        """A conversation, beside this list: asked for every line, so its parts are made once."""
        path, query = self._parts
        return f"{path}/{display_id}{query}"

    @property
    def address(self) -> str:
        """Where the browser is with this list and the conversation beside it."""
        return self.to(self.open_id) if self.open_id else self.back

    @cached_property
    def back(self) -> str:
        """The list alone."""
        return self._address("conversations.index")

    def _address(self, endpoint: str, **more: Any) -> str:
        values = {
            name: getattr(self.wanted, field)
            for field, name in _NAMES.items()
            if getattr(self.wanted, field) != getattr(_USUAL, field)
        }
        values.update({f"{_ATTRIBUTE}{key}": value for key, value in self.wanted.attributes})
        return link_to(endpoint, account_id=self.membership.account_id, **values, **more)

    @cached_property
    def _parts(self) -> tuple[str, str]:
        path, mark, query = self.back.partition("?")
        return path, mark + query

    @cached_property
    def _page(self) -> ListPage:
        return list_page(self.scope, after=self.after, limit=self.limit)


def listing_of(membership: Membership, *, open_id: int | None = None, limit: int = ROWS) -> Listing:
    """The list that this request's address asks for.

    Raises:
        Invalid: a word in the address means nothing.
    """
    return Listing(membership, _wanted(request.args), request.args.get("after", ""), open_id, limit)


def listing_on_page(membership: Membership, *, open_id: int | None) -> Listing:
    """The list that stands on the page from which htmx asks: a change is answered with the right counts."""
    try:
        return Listing(membership, _wanted(dict(parse_qsl(_page().query))), "", open_id)
    except Invalid:
        return Listing(membership, _USUAL, "", open_id)


def open_on_page() -> int | None:
    """Which conversation stands on the page from which htmx asks."""
    found = _OPEN.search(_page().path)
    return int(found[1]) if found else None


def is_on_desk() -> bool:
    """Whether htmx asks from the page of the list, with or without a conversation."""
    return _DESK.search(_page().path) is not None


def _page() -> SplitResult:
    try:
        return urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # no browser says that
        return urlsplit("")


def _wanted(args: Mapping[str, str]) -> Wanted:
    told = {field: _tidy(args.get(name, "")) for field, name in _NAMES.items()}
    given: dict[str, str] = {field: text for field, text in told.items() if text}
    inbox, assignee = given.pop("inbox_id", ""), given.pop("assignee_id", "")
    label = given.pop("labels", "")
    if given.get("sort_by", SORTS[0]) not in SORTS:
        raise Invalid("sort", NOT_LISTED)
    return Wanted(
        inbox_id=_number("inbox", inbox),
        assignee_id=_number("assignee", assignee),
        labels=(label,) if label else (),
        attributes=_attributes(args),
        zone=time_zone_of_request(),
        **given,
    )


def _attributes(args: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    named = [
        (name.removeprefix(_ATTRIBUTE), _tidy(text))
        for name, text in args.items()
        if name.startswith(_ATTRIBUTE)
    ]
    return tuple((key, text) for key, text in named if key and text)[:_MOST_ATTRIBUTES]


def _tidy(text: str) -> str:
    return text.replace("\x00", "").strip()


def _number(name: str, text: str) -> int | None:
    number = row_number(text)
    if text and number is None:
        raise Invalid(name, N_("is invalid"))
    return number
