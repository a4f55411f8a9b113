"""What pages ask about accounts and people. Rules live in the verbs; here only what was left empty."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms import EmailField
from wtforms import HiddenField
from wtforms import PasswordField
from wtforms import RadioField
from wtforms import SelectChoice
from wtforms import SelectField
from wtforms import StringField
from wtforms.validators import InputRequired

NOT_A_CHOICE = lazy_gettext("Choose one of the list.")
ROLES = [
    SelectChoice("agent", lazy_gettext("Agent")),
    SelectChoice("administrator", lazy_gettext("Administrator")),
]
AVAILABILITIES = [
    SelectChoice("online", lazy_gettext("Online")),
    SelectChoice("busy", lazy_gettext("Busy")),
    SelectChoice("offline", lazy_gettext("Offline")),
]
THEMES = [
    SelectChoice("light", lazy_gettext("Light")),
    SelectChoice("dark", lazy_gettext("Dark")),
    SelectChoice("system", lazy_gettext("As the system")),
]


def _required() -> list[Any]:
    return [InputRequired(lazy_gettext("Fill this in."))]


class SetUpForm(FlaskForm):
    """The first account and its administrator."""

    account = StringField(lazy_gettext("Name of the account"), _required())
    name = StringField(lazy_gettext("Your name"), _required())
    email = EmailField(lazy_gettext("E-mail"), _required())
    password = PasswordField(lazy_gettext("Password"), _required())
    code = StringField(lazy_gettext("Set-up code"))
    sample = BooleanField(lazy_gettext("Add sample data"))
    time_zone = HiddenField()


class SignInForm(FlaskForm):
    email = EmailField(lazy_gettext("E-mail"), _required())
    password = PasswordField(lazy_gettext("Password"), _required())
    remember = BooleanField(lazy_gettext("Remember me on this device"))
    next = HiddenField()
    time_zone = HiddenField()


class SetPasswordForm(FlaskForm):
    """Behind the link that an administrator handed over."""

    password = PasswordField(lazy_gettext("New password"), _required())
    time_zone = HiddenField()


class ProfileForm(FlaskForm):
    """What one says about oneself. The door fills in the languages and time zones."""

    name = StringField(lazy_gettext("Name"), _required())
    email = EmailField(lazy_gettext("E-mail"), _required())
    locale = SelectField(lazy_gettext("Language"), invalid_choice_message=NOT_A_CHOICE)
    time_zone = SelectField(lazy_gettext("Time zone"), invalid_choice_message=NOT_A_CHOICE)
    theme = RadioField(lazy_gettext("Theme"), choices=THEMES, invalid_choice_message=NOT_A_CHOICE)
    has_shortcuts = BooleanField(lazy_gettext("Keyboard shortcuts of a single key"))


class PasswordForm(FlaskForm):
    current_password = PasswordField(lazy_gettext("Current password"), _required())
    password = PasswordField(lazy_gettext("New password"), _required(), id="new-password")


class AddAgentForm(FlaskForm):
    """Somebody new in the account."""

    name = StringField(lazy_gettext("Name"), _required())
    email = EmailField(lazy_gettext("E-mail"), _required())
    role = RadioField(
        lazy_gettext("Role"), choices=ROLES, default="agent", invalid_choice_message=NOT_A_CHOICE
    )


class AgentForm(FlaskForm):
    """A person of the account, as an administrator changes them."""

    name = StringField(lazy_gettext("Name"), _required())
    role = RadioField(lazy_gettext("Role"), choices=ROLES, invalid_choice_message=NOT_A_CHOICE)
    availability = RadioField(
        lazy_gettext("Availability"), choices=AVAILABILITIES, invalid_choice_message=NOT_A_CHOICE
    )
