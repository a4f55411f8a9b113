"""The names of the events that leave the desk, and who may be told which."""

# What a webhook may subscribe to, in upstream's order.
SUBSCRIPTIONS = (
    "conversation_created",
    "conversation_status_changed",
    "conversation_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
    "contact_created",
    "contact_updated",
    "conversation_typing_on",
    "conversation_typing_off",
    "inbox_created",
    "inbox_updated",
)
TYPING = frozenset({"conversation_typing_on", "conversation_typing_off"})  # nothing when it is old
OF_CALLBACK = frozenset(name for name in SUBSCRIPTIONS if not name.startswith(("contact_", "inbox_")))
OF_BOT = OF_CALLBACK - TYPING - {"conversation_created"} | {"conversation_opened", "conversation_resolved"}
EVENTS = (*SUBSCRIPTIONS, "conversation_opened", "conversation_resolved")
