"""How a list of conversations may be asked for."""

from dataclasses import dataclass
from dataclasses import field

from dashboard.conversations.models import STATUSES
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_

ASSIGNEE_TYPES = ("me", "unassigned", "assigned", "all")
SORTS = (
    "last_activity_at_desc",
    "last_activity_at_asc",
    "created_at_desc",
    "created_at_asc",
    "priority_desc",
    "priority_asc",
    "waiting_since_asc",
    "waiting_since_desc",
)


@dataclass(frozen=True)
class Wanted:
    """Which conversations, in which order.

    Raises:
        Invalid: a word that is none of the list.
    """

    status: str = "open"
    assignee_type: str = "all"
    inbox_id: int | None = None
    labels: tuple[str, ...] = field(default=())
    q: str = ""
    sort_by: str = "last_activity_at_desc"

    def __post_init__(self) -> None:
        for name, words in (
            ("status", (*STATUSES, "all")),
            ("assignee_type", ASSIGNEE_TYPES),
            ("sort_by", SORTS),
        ):
            if getattr(self, name) not in words:
                raise Invalid(name, N_("is not included in the list"))
