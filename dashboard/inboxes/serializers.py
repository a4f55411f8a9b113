"""Inboxes and sessions as the API shows them, in upstream's shapes."""

from typing import Any

from dashboard.contacts.models import Contact
from dashboard.contacts.serializers import contact_json
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib import clock

# What other kinds of channel have; typed clients want the keys to be there.
_OF_OTHER_CHANNELS = (
    "callback_webhook_url",
    "allowed_domains",
    "widget_color",
    "website_url",
    "welcome_title",
    "welcome_tagline",
    "web_widget_script",
    "website_token",
    "selected_feature_flags",
    "reply_time",
    "messaging_service_sid",
    "phone_number",
    "provider",
)
_IN_THE_GUIDE = (
    "website_url",
    "widget_color",
    "website_token",
    "web_widget_script",
    "welcome_title",
    "welcome_tagline",
)


def inbox_json(inbox: Inbox) -> dict[str, Any]:
    """The inbox for whoever works in it."""
    return {
        "id": inbox.id,
        "avatar_url": "",
        "channel_id": inbox.id,
        "name": inbox.name,
        "channel_type": inbox.channel_type,
        **dict.fromkeys(_OF_OTHER_CHANNELS),
        **DEFAULTS,
        **inbox.settings,
        "lock_to_single_conversation": inbox.lock_to_single_conversation,
        "hmac_mandatory": inbox.hmac_mandatory,
        "webhook_url": inbox.webhook_url,
        "inbox_identifier": inbox.identifier,
    }


def inbox_with_secrets_json(inbox: Inbox) -> dict[str, Any]:
    """The inbox for administrators."""
    return {**inbox_json(inbox), "hmac_token": inbox.hmac_token, "secret": inbox.secret}


def session_json(session: ContactInbox) -> dict[str, Any]:
    """A contact's session. Its socket token is the contact's own and stands in no answer to agents."""
    return contactable_json(session.inbox, session.source_id)


def contactable_json(inbox: Inbox, source_id: str) -> dict[str, Any]:
    """An inbox in which a contact can be written to, and the name that the contact has or would get there."""
    return {
        "source_id": source_id,
        "inbox": {
            "id": inbox.id,
            "avatar_url": "",
            "channel_id": inbox.id,
            "name": inbox.name,
            "channel_type": inbox.channel_type,
            "provider": None,
        },
    }


def new_session_json(session: ContactInbox) -> dict[str, Any]:
    """A session as the making of a contact tells it: there upstream shows the whole row of the inbox."""
    inbox = session.inbox
    row = {
        "account_id": inbox.account_id,
        "created_at": clock.iso(inbox.created_at),
        "updated_at": clock.iso(inbox.updated_at),
    }
    return {"source_id": session.source_id, "inbox": {**inbox_json(inbox), **row}}


def contact_with_sessions_json(contact: Contact, sessions: list[ContactInbox]) -> dict[str, Any]:
    """The contact with the names that channels have for it."""
    face = contact_json(contact)
    face["contact_inboxes"] = [session_json(session) for session in sessions]
    return face


def guide_contact_json(contact: Contact, sessions: list[ContactInbox]) -> dict[str, Any]:
    """The contact as the guide to API channels prints it: its sessions tell more of their inboxes."""
    face = contact_with_sessions_json(contact, sessions)
    for told, session in zip(face["contact_inboxes"], sessions, strict=True):
        settings = {**DEFAULTS, **session.inbox.settings}
        told["inbox"].update(dict.fromkeys(_IN_THE_GUIDE))
        for name in ("enable_auto_assignment", "greeting_enabled", "greeting_message"):
            told["inbox"][name] = settings[name]
    return face
