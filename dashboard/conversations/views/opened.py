"""A conversation as its page needs it: what is in it, what its apps may hear, what its parts are called."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.utils import cached_property

from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.payloads import app_context
from dashboard.apps.payloads import empty_context
from dashboard.attributes.queries import Definition
from dashboard.attributes.queries import definitions_of
from dashboard.bots.models import AgentBot
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.lines import Listed
from dashboard.conversations.queries.lines import line_of
from dashboard.conversations.queries.messages import message_of
from dashboard.conversations.queries.summaries import Summary
from dashboard.conversations.queries.summaries import head_of
from dashboard.conversations.queries.summaries import summary_of
from dashboard.conversations.views.packing import packed
from dashboard.conversations.views.thread import Stretch
from dashboard.conversations.views.thread import stretch_around
from dashboard.conversations.views.thread import stretch_of
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.links import link_to
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound


@dataclass(frozen=True)
class Opened:
    """A conversation with the last page of its thread."""

    summary: Summary

    @property
    def conversation(self) -> Conversation:
        return self.summary.conversation

    @property
    def key(self) -> int:
        return self.conversation.display_id

    @property
    def line(self) -> Listed:
        return line_of(summary_of(current_membership(), self.key))

    @cached_property
    def stretch(self) -> Stretch:
        return stretch_of(self.conversation)

    @property
    def bot(self) -> AgentBot | None:
        """The bot that answers for now, if one does; asked for only where it has not spoken yet."""
        conversation = self.conversation
        if not conversation.is_with_bot:
            return None
        number = conversation.assignee_bot_id or conversation.inbox.agent_bot_id
        spoke = (each.sender_bot for each in self.stretch.messages if each.sender_bot_id == number)
        return next(spoke, None) or conversation.assignee_bot or conversation.inbox.agent_bot

    @property
    def context(self) -> dict[str, Any]:
        """What the page's `#app-context` block says: the frame host hands it to the apps."""
        user = current_user()
        data = app_context(
            self.summary,
            self.stretch.messages,
            agent=user,
            theme=theme_of(user),
            definitions=definitions_of(current_account()),
        )
        return {"key": str(self.key), **packed(data)}

    def definitions(self, model: str) -> tuple[Definition, ...]:
        """The attributes that the account has defined for its conversations, or for its contacts."""
        return definitions_of(current_account(), f"{model}_attribute")

    def stretch_at(self, message_id: int | None) -> Stretch | None:
        """Where a message is that an address leads to; nothing where it is on the last page, or nowhere."""
        if message_id is None or any(message.id == message_id for message in self.stretch.messages):
            return None
        try:
            return stretch_around(self.conversation, message_of(self.conversation, message_id))
        except NotFound:
            return None

    def url(self, resource: str, **values: Any) -> str:
        """The address of one of its parts: `opened.url("status")`."""
        return link_to(
            f"conversations.{resource}",
            account_id=self.conversation.account_id,
            display_id=self.key,
            **values,
        )


def open_conversation(display_id: int) -> Opened:
    """The conversation of that number, where the person who asks may see it.

    Raises:
        NotFound: there is none, or it is in an inbox of others: pages do not tell the two apart.
    """
    try:
        return Opened(head_of(current_membership(), display_id))
    except NotAllowed as error:
        raise NotFound from error


def nothing_opened() -> dict[str, Any]:
    """The `#app-context` block of the list alone."""
    user = current_user()
    definitions = definitions_of(current_account())
    return {"key": "", "data": empty_context(agent=user, theme=theme_of(user), definitions=definitions)}


def theme_of(user: User) -> str:
    """As far as the server knows; where the system decides, the page itself corrects it."""
    return user.theme if user.theme in {"light", "dark"} else "light"


def mark_of(apps: Sequence[DashboardApp]) -> str:
    """Changes when the page would need other tabs or other frames than it was loaded with. What the page has
    learned about an app since is not part of it."""
    tabs = [[app.id, app.title, app.urls, app.placement, app.reloads] for app in apps]
    rights = [[app.sandbox, app.features, app.frame_origins, app.launch] for app in apps]
    return hashlib.sha256(json.dumps([tabs, rights]).encode()).hexdigest()[:16]


def is_outdated(apps: Sequence[DashboardApp]) -> bool:
    """Whether htmx asks from a page that was loaded with other apps than there are now."""
    return request.headers.get("X-Apps", mark_of(apps)) != mark_of(apps)
