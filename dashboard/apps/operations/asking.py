"""A call of an app as the methods get it, and how one is refused."""

from dataclasses import dataclass
from dataclasses import field
from typing import Any

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.permissions import Permission
from dashboard.accounts.permissions import may
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.permissions import is_for
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import head_of
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound


class CallRefused(Exception):
    """The call is not answered; `code` is one of `schemas.calls.CODES`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Call:
    """What an app wants, for which agent, and in which conversation: that of the number `key`."""

    app: DashboardApp
    account: Account
    membership: Membership
    agent: User
    method: str
    params: dict[str, Any]
    key: int | None
    session: str
    login: UserSession | None = None  # of the agent, in the browser that the page stands in
    _found: Summary | None = field(default=None, init=False)

    @property
    def summary(self) -> Summary:
        """The conversation that it is about.

        Raises:
            CallRefused: it names none, or none that the agent may see: the two are not told apart.
        """
        if self._found is None:
            self._found = self._find()
        return self._found

    @property
    def opened(self) -> Summary | None:
        """The same, or nothing where no conversation is open. Raises as `summary`."""
        if self.key is not None:
            return self.summary
        if not is_for(self.app, None):
            raise CallRefused("denied_scope", "The app is only shown in some conversations")
        return None

    @property
    def conversation(self) -> Conversation:
        return self.summary.conversation

    def _find(self) -> Summary:
        if self.key is None:
            raise CallRefused("invalid", "No conversation is open")
        try:
            summary = head_of(self.membership, self.key)
        except (NotFound, NotAllowed):
            raise CallRefused("denied_user", "The agent sees no conversation of that number") from None
        if not is_for(self.app, summary.conversation):
            raise CallRefused("denied_scope", "The app is not shown in this conversation")
        return summary

    def needs(self, permission: Permission) -> None:
        """Go on where the agent may do that.

        Raises:
            CallRefused: they may not, so the app may not for them.
        """
        if not may(self.membership, permission):
            raise CallRefused("denied_user", "The agent may not do that")
