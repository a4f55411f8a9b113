"""The search page: messages, contacts and conversations, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import cached_property

from dashboard.accounts.models import Membership
from dashboard.accounts.permissions import Permission
from dashboard.contacts.models import Contact
from dashboard.contacts.queries import search_contacts
from dashboard.conversations.models import Message
from dashboard.conversations.queries.lists import ListPage
from dashboard.conversations.queries.lists import list_page
from dashboard.conversations.queries.lists import scope_of
from dashboard.conversations.queries.search import found_message_ids
from dashboard.conversations.queries.search import messages_with
from dashboard.conversations.schemas import Wanted
from dashboard.http import arguments
from dashboard.http.current import current_membership
from dashboard.http.guards import requires
from dashboard.http.pages import page_or_part
from dashboard.lib.checks import NOT_LISTED
from dashboard.lib.errors import Invalid
from dashboard.lib.markdown import plain_of
from dashboard.lib.numbers import row_number
from dashboard.lib.text import N_
from dashboard.lib.words import excerpt
from dashboard.lib.words import parts
from dashboard.lib.words import sought_in

KINDS = ("all", "messages", "contacts", "conversations")
FIRST = 5  # of each kind, where all are shown
HITS = 15
LONGEST = 200  # letters of a search

Pieces = list[tuple[str, bool]]

bp = Blueprint("search", __name__, url_prefix="/accounts/<int:account_id>/search")


@dataclass(frozen=True)
class Search:
    """What somebody seeks, of which kind, and after which place; each kind is asked for when it is shown."""

    membership: Membership
    q: str
    kind: str = "all"
    after: str = ""

    @property
    def size(self) -> int:
        return FIRST if self.kind == "all" else HITS

    def hits(self, kind: str) -> Sequence[Any]:
        """What of a kind is shown."""
        if kind == "messages":
            return self._messages
        return self._contacts[: self.size] if kind == "contacts" else self._conversations.lines

    @property
    def has_hits(self) -> bool:
        return any(self.hits(kind) for kind in KINDS[1:])

    @property
    def more(self) -> str:
        """The address of the hits that follow, or nothing."""
        after = ""
        if self.kind == "messages" and len(self._ids) > self.size:
            after = str(self._ids[self.size - 1])
        elif self.kind == "contacts" and len(self._contacts) > self.size:
            after = str(self._page + 1)
        elif self.kind == "conversations":
            after = self._conversations.after
        return replace(self, after=after).address if after else ""

    @property
    def address(self) -> str:
        return url_for(
            "search.index",
            account_id=self.membership.account_id,
            q=self.q or None,
            kind=None if self.kind == "all" else self.kind,
            after=self.after or None,
        )

    def of(self, kind: str) -> str:
        """The same search for another kind."""
        return replace(self, kind=kind, after="").address

    def goes_on(self, kind: str) -> bool:
        """Whether there are more of a kind than are shown beside the others."""
        found: dict[str, Any] = {"messages": self._ids, "contacts": self._contacts}
        return bool(self._conversations.after) if kind == "conversations" else len(found[kind]) > self.size

    def pieces(self, message: Message) -> Pieces:
        return excerpt(plain_of(message.content), sought_in(self.q))

    def marks(self, text: str) -> Pieces:
        return parts(text, self.q)

    def known(self, contact: Contact) -> list[Pieces]:
        """What a contact can be reached by, with what was sought in it."""
        told = (contact.email, contact.phone_number, contact.identifier)
        return [self.marks(each) for each in told if each]

    @cached_property
    def _ids(self) -> list[int]:
        before = int(self.after) if self.after else None
        return found_message_ids(self.membership, sought_in(self.q), limit=self.size + 1, before=before)

    @cached_property
    def _messages(self) -> list[Message]:
        return messages_with(self._ids[: self.size])

    @cached_property
    def _contacts(self) -> list[Contact]:
        return search_contacts(self.membership.account_id, self.q, page=self._page)

    @cached_property
    def _conversations(self) -> ListPage:
        wanted = Wanted(status="all", q=self.q)
        return list_page(scope_of(self.membership, wanted), after=self.after, limit=self.size)

    @property
    def _page(self) -> int:
        return max(int(self.after), 1) if self.after else 1


@bp.get("")
@requires(Permission.CONVERSATIONS_WORK)
def index() -> ResponseReturnValue:
    """Everything that has these words, or one kind of it."""
    kind, after = arguments.word("kind") or "all", arguments.word("after")
    if kind not in KINDS:
        raise Invalid("kind", NOT_LISTED)
    if after and (kind == "all" or (kind != "conversations" and row_number(after) is None)):
        raise Invalid("after", N_("is invalid"))
    search = Search(current_membership(), arguments.word("q").strip()[:LONGEST], kind, after)
    is_more = request.headers.get("HX-Target", "").endswith("hits-more")
    part = "conversations/_hits.html" if is_more else "conversations/_found.html"
    response = page_or_part("conversations/search.html", part, search=search, kind=kind)
    response.vary.add("HX-Target")
    return response
