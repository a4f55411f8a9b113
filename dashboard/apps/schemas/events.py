"""The entries in the log of an app, in the words of people."""

from dashboard.lib.text import N_

KINDS: dict[str, str] = {
    "created": N_("Added"),
    "updated": N_("Changed"),
    "deleted": N_("Deleted"),
    "launched": N_("Opened with a token"),
    "muted": N_("Muted"),
    "paused": N_("Closed for its messages"),
    "resumed": N_("Opened again"),
    "action": N_("Action"),
    "blocked": N_("Blocked"),
    "checked": N_("Checked"),
}
# What an entry says beyond its kind; another name stands as it is.
DETAILS: dict[str, str] = {
    "method": N_("Action"),
    "changed": N_("Settings"),
    "origin": N_("Address"),
    "of": N_("Attributes of"),
    "fields": N_("Fields"),
    "labels": N_("Labels"),
    "status": N_("Status"),
    "agent": N_("Agent"),
    "times": N_("Times"),
}
COLUMNS = ("time", "app_id", "app", "kind", "agent_id", "agent", "conversation", "detail")
