"""The kinds of entries in the log of an app, in the words of people."""

from dashboard.lib.text import N_

KINDS: dict[str, str] = {
    "created": N_("Added"),
    "updated": N_("Changed"),
    "deleted": N_("Deleted"),
    "action": N_("Action"),
    "blocked": N_("Blocked"),
    "checked": N_("Checked"),
}
COLUMNS = ("time", "app_id", "app", "kind", "agent_id", "agent", "conversation", "detail")
