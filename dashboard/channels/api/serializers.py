"""Inbox, session, conversation and message as a customer's own program sees them, in upstream's shapes."""

from typing import Any

from dashboard.contacts.models import Contact
from dashboard.conversations.models import MESSAGE_TYPES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.serializers import attachment_json
from dashboard.conversations.serializers import sender_push
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib import clock

_OF_THE_INBOX = (
    "timezone",
    "working_hours",
    "working_hours_enabled",
    "csat_survey_enabled",
    "greeting_enabled",
)


def client_inbox(inbox: Inbox) -> dict[str, Any]:
    """The inbox: neither its number nor its secrets."""
    settings = {**DEFAULTS, **inbox.settings}
    return {
        "identifier": inbox.identifier,
        "identity_validation_enabled": inbox.hmac_mandatory,
        "name": inbox.name,
        **{name: settings[name] for name in _OF_THE_INBOX},
    }


def client_session(session: ContactInbox) -> dict[str, Any]:
    """The session with the token that opens the live connection: the contact's own."""
    contact = session.contact
    return {
        "source_id": session.source_id,
        "pubsub_token": session.pubsub_token,
        "id": contact.id,
        "name": contact.name,
        "email": contact.email,
        "phone_number": contact.phone_number,
    }


def client_contact(contact: Contact) -> dict[str, Any]:
    """The contact as upstream's raw row."""
    last = contact.last_activity_at
    return {
        "id": contact.id,
        "name": contact.name,
        "email": contact.email,
        "phone_number": contact.phone_number,
        "account_id": contact.account_id,
        "additional_attributes": contact.additional_attributes,
        "identifier": contact.identifier,
        "custom_attributes": contact.custom_attributes,
        "last_activity_at": clock.iso(last) if last else None,
        "contact_type": "lead" if contact.is_identified else "visitor",
        "middle_name": "",
        "last_name": "",
        "location": "",
        "country_code": "",
        "blocked": contact.blocked,
        "company_id": None,
        "created_at": clock.iso(contact.created_at),
        "updated_at": clock.iso(contact.updated_at),
    }


def client_conversation(conversation: Conversation, messages: list[Message]) -> dict[str, Any]:
    """The conversation with all that was said in it."""
    return {
        "id": conversation.display_id,
        "uuid": conversation.uuid,
        "inbox_id": conversation.inbox_id,
        "contact_last_seen_at": clock.epoch(conversation.contact_last_seen_at),
        "status": conversation.status,
        "agent_last_seen_at": clock.epoch(conversation.agent_last_seen_at),
        "messages": [client_message(message, conversation) for message in messages],
        "contact": client_contact(conversation.contact),
    }


def client_survey(survey: Message, locale: str) -> dict[str, Any]:
    """The survey with what has been answered."""
    conversation, attributes = survey.conversation, survey.content_attributes
    submitted = attributes.get("submitted_values")
    return {
        "id": survey.id,
        "csat_survey_response": submitted.get("csat_survey_response")
        if isinstance(submitted, dict)
        else None,
        "display_type": str(attributes.get("display_type") or "emoji"),
        "content": survey.content,
        "inbox_avatar_url": "",
        "inbox_name": conversation.inbox.name,
        "locale": locale,
        "conversation_id": conversation.display_id,
        "created_at": clock.epoch(survey.created_at),
    }


def client_message(message: Message, conversation: Conversation) -> dict[str, Any]:
    """A message for the contact: how it was delivered and what echoes it is not the contact's matter."""
    face = {
        "id": message.id,
        "content": message.content,
        "message_type": MESSAGE_TYPES.index(message.message_type),
        "content_type": message.content_type,
        "content_attributes": message.content_attributes,
        "created_at": clock.epoch(message.created_at),
        "conversation_id": conversation.display_id,
    }
    if message.attached:
        face["attachments"] = [attachment_json(file) for file in message.files]
    sender = sender_push(message, conversation)
    if sender:
        face["sender"] = sender
    return face
