"""What pages ask about contacts. Whether a value can be used, the verbs say."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms import IntegerField
from wtforms import StringField
from wtforms import TelField
from wtforms import TextAreaField
from wtforms.validators import DataRequired
from wtforms.validators import InputRequired
from wtforms.validators import Length

from dashboard.contacts.models import Contact

PLACES = ("company_name", "city", "country", "description")
NETWORKS = {
    "facebook": "Facebook",
    "github": "GitHub",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "twitter": "X (Twitter)",
}
_SHORT = Length(max=255, message=lazy_gettext("This is too long."))
_WRITE = lazy_gettext("Write something first.")


class ContactForm(FlaskForm):
    """Who somebody is, and where."""

    name = StringField(lazy_gettext("Name"))
    email = EmailField(lazy_gettext("E-mail"))
    phone_number = TelField(lazy_gettext("Phone"))
    identifier = StringField(lazy_gettext("Identifier"))
    company_name = StringField(lazy_gettext("Company"), [_SHORT])
    city = StringField(lazy_gettext("City"), [_SHORT])
    country = StringField(lazy_gettext("Country"), [_SHORT])
    description = TextAreaField(lazy_gettext("About"), [Length(max=1500)])
    facebook = StringField(NETWORKS["facebook"], [_SHORT])
    github = StringField(NETWORKS["github"], [_SHORT])
    instagram = StringField(NETWORKS["instagram"], [_SHORT])
    linkedin = StringField(NETWORKS["linkedin"], [_SHORT])
    twitter = StringField(NETWORKS["twitter"], [_SHORT])

    def changes(self, contact: Contact | None = None) -> dict[str, Any]:
        """What the verbs take. Of what is kept inside objects only what differs, so that a program's own
        values, which no field can show, stay."""
        changes: dict[str, Any] = {
            name: self[name].data for name in ("name", "email", "phone_number", "identifier")
        }
        kept: Mapping[str, Any] = contact.additional_attributes if contact else {}
        additional: dict[str, Any] = self._differing(PLACES, kept)
        profiles = self._differing(tuple(NETWORKS), _profiles(kept))
        if profiles:
            additional["social_profiles"] = {**_profiles(kept), **profiles}
        return {**changes, "additional_attributes": additional} if additional else changes

    @property
    def has_profiles(self) -> bool:
        """Whether one is filled in, or something is wrong with one."""
        return any(self[name].data or self[name].errors for name in NETWORKS)

    def _differing(self, names: tuple[str, ...], kept: Mapping[str, Any]) -> dict[str, str]:
        told = {name: (self[name].data or "").strip() for name in names}
        return {name: text for name, text in told.items() if text != _text(kept.get(name))}


class NoteForm(FlaskForm):
    content = TextAreaField(lazy_gettext("New note"), [DataRequired(_WRITE)])


class MergeForm(FlaskForm):
    mergee_id = IntegerField(validators=[InputRequired()])


def contact_form(contact: Contact | None = None) -> ContactForm:
    """The form, filled in with what is known."""
    if contact is None:
        return ContactForm()
    more = contact.additional_attributes
    return ContactForm(
        name=contact.name,
        email=contact.email,
        phone_number=contact.phone_number,
        identifier=contact.identifier,
        **{name: _text(more.get(name)) for name in PLACES},
        **{name: _text(_profiles(more).get(name)) for name in NETWORKS},
    )


def _profiles(kept: Mapping[str, Any]) -> dict[str, Any]:
    found = kept.get("social_profiles")
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
