"""Contacts as the API and the apps see them, in upstream's shapes."""

from typing import Any

from dashboard.accounts.models import Membership
from dashboard.accounts.serializers import agent_json
from dashboard.contacts.models import Contact
from dashboard.contacts.models import Note
from dashboard.lib import clock
from dashboard.lib.tables import harmless
from dashboard.realtime.presence import presence

PLACES = ("company_name", "city", "country")


def contact_json(contact: Contact) -> dict[str, Any]:
    """The contact of the REST API and of an app's context."""
    face = {
        "additional_attributes": contact.additional_attributes,
        "availability_status": presence.contact_status(contact.account_id, contact.id),
        "email": contact.email,
        "id": contact.id,
        "name": contact.name,
        "phone_number": contact.phone_number,
        "blocked": contact.blocked,
        "identifier": contact.identifier,
        "thumbnail": contact.thumbnail,
        "custom_attributes": contact.custom_attributes,
        "created_at": clock.epoch(contact.created_at),
    }
    if contact.last_activity_at is not None:
        face["last_activity_at"] = clock.epoch(contact.last_activity_at)
    return face


def note_json(note: Note, contact: Contact, author: Membership | None) -> dict[str, Any]:
    """What was noted, and by whom, unless they have left."""
    face = {
        "id": note.id,
        "content": note.content,
        "account_id": contact.account_id,
        "contact_id": contact.id,
        "created_at": clock.epoch(note.created_at),
        "updated_at": clock.epoch(note.updated_at),
    }
    if author is not None:
        face["user"] = agent_json(author)
    return face


def contact_row(contact: Contact, columns: list[str]) -> list[str]:
    """The contact as a row of a table; nothing in it is a formula for programs that show tables."""
    known: dict[str, Any] = {
        **contact.custom_attributes,
        **{name: contact.additional_attributes.get(name) for name in PLACES},
        "id": contact.id,
        "name": contact.name,
        "email": contact.email,
        "identifier": contact.identifier,
    }
    number = contact.phone_number or ""
    return [number if name == "phone_number" else harmless(known.get(name)) for name in columns]


def contact_push(contact: Contact) -> dict[str, Any]:
    """The contact as the sender of a message."""
    return {
        "additional_attributes": contact.additional_attributes,
        "custom_attributes": contact.custom_attributes,
        "email": contact.email,
        "id": contact.id,
        "identifier": contact.identifier,
        "name": contact.name,
        "phone_number": contact.phone_number,
        "thumbnail": contact.thumbnail,
        "blocked": contact.blocked,
        "type": "contact",
    }
