"""Dashboard apps: any web app, shown in a frame beside the conversation."""

from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.columns import BigId
from dashboard.lib.columns import Json
from dashboard.lib.columns import UtcDateTime
from dashboard.lib.tokens import new_token

if TYPE_CHECKING:
    from dashboard.accounts.models import User

FORMATS = ("auto", "chatwoot", "ndoto", "native")  # how the context is written, see docs/app-developers.md
# Where its tabs stand, and whether it has a page in the main navigation, by the word that is stored.
PLACES = {
    "side": ["side"],
    "tab": ["tab"],
    "both": ["side", "tab"],
    "page": ["page"],
    "side+page": ["side", "page"],
    "tab+page": ["tab", "page"],
    "both+page": ["side", "tab", "page"],
}
PLACEMENTS = tuple(PLACES)
DRAFT, LIVE, PAUSED = STATES = ("draft", "live", "paused")
# What an app may see where nobody has chosen: what upstream tells every app.
USUAL_SCOPES = (
    "contact.basic",
    "contact.private",
    "contact.attributes",
    "conversation.basic",
    "conversation.attributes",
    "messages",
    "agent.email",
)
# Drawings of the sprite that tell apps apart.
ICONS = (
    "app-window", "package", "shopping-cart", "truck", "receipt", "credit-card", "ticket", "gift",
    "users", "building-2", "map-pin", "phone", "calendar", "chart-column", "database", "globe",
    "file-text", "book-open", "key-round", "wrench",
)  # fmt: skip
LAUNCHES = ("none", "post", "query")  # how a signed token reaches the app as it opens


class DashboardApp(db.Model):
    __tablename__ = "dashboard_apps"
    __table_args__ = (
        CheckConstraint("format IN ('auto', 'chatwoot', 'ndoto', 'native')", name="format"),
        CheckConstraint(
            "placement IN ('side', 'tab', 'both', 'page', 'side+page', 'tab+page', 'both+page')",
            name="placement",
        ),
        CheckConstraint("launch IN ('none', 'post', 'query')", name="launch"),
        {"sqlite_autoincrement": True},  # an open page may still speak of a deleted app by its number
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    content: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # [{"type": "frame", "url": …}, …]
    format: Mapped[str] = mapped_column(String(10), default="chatwoot")
    placement: Mapped[str] = mapped_column(String(10), default="side")
    reloads: Mapped[bool] = mapped_column(default=False)  # a fresh frame for each conversation
    icon: Mapped[str] = mapped_column(String(40), default=ICONS[0], server_default=ICONS[0])
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # among the tabs; the least is first
    # What its frame may beyond the least, and which features of the browser: see `schemas.framing`.
    sandbox: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    frame_origins: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")  # told nothing
    features: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    scopes: Mapped[list[str]] = mapped_column(Json, default=lambda: list(USUAL_SCOPES))
    actions: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(String(10), default=LIVE)
    visibility: Mapped[dict[str, list[Any]]] = mapped_column(Json, default=dict)  # {} is everybody
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    launch: Mapped[str] = mapped_column(String(10), default="none", server_default="none")
    client_id: Mapped[str] = mapped_column(String(24), default=new_token, index=True, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    author: Mapped["User | None"] = relationship()

    @property
    def places(self) -> list[str]:
        """Some of `side`, `tab` and `page`."""
        return PLACES[self.placement]

    @property
    def is_beside(self) -> bool:
        """Whether it stands with conversations."""
        return self.placement != "page"

    @property
    def has_own_context(self) -> bool:
        """Whether it is told something else than any app of Chatwoot, or not in every conversation."""
        is_limited = bool(self.conditions or self.visibility.get("inbox_ids"))
        return is_limited or self.hears_token or set(self.scopes) != set(USUAL_SCOPES)

    @property
    def hears_token(self) -> bool:
        """Whether a signed token comes with each context: an app of these formats cannot ask for one."""
        return self.format in {"chatwoot", "ndoto"} and "token.get" in self.actions

    def place_for(self, conversation: object) -> str:
        """Where it most likely stands, with that conversation or with none."""
        return "page" if conversation is None and "page" in self.places else self.places[0]

    @property
    def urls(self) -> list[str]:
        return [frame["url"] for frame in self.content]
