"""What pages ask about inboxes."""

from datetime import time
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms import FieldList
from wtforms import Form
from wtforms import FormField
from wtforms import SelectChoice
from wtforms import SelectField
from wtforms import SelectMultipleField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms import TimeField
from wtforms import URLField
from wtforms import ValidationError
from wtforms.validators import InputRequired
from wtforms.validators import Length
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput
from wtforms.widgets import ListWidget

from dashboard.accounts.models import Membership
from dashboard.bots.models import AgentBot
from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib import clock
from dashboard.lib.addresses import callback_problem
from dashboard.lib.hours import is_sound

LONGEST_TEXT = 20_000
NOT_A_CHOICE = lazy_gettext("That is not a choice.")
DAY_KINDS = (
    SelectChoice("closed", lazy_gettext("Closed")),
    SelectChoice("hours", lazy_gettext("Open")),
    SelectChoice("all", lazy_gettext("Open all day")),
)


class InboxForm(FlaskForm):
    """An inbox that programs write to. The door fills in who can be a member."""

    name = StringField(lazy_gettext("Name"), [InputRequired(lazy_gettext("Fill this in."))])
    webhook_url = URLField(lazy_gettext("Callback address"))
    members = SelectMultipleField(
        lazy_gettext("Members"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_choice_message=lazy_gettext("One of them is no longer in this account."),
        invalid_value_message=lazy_gettext("One of them is no longer in this account."),
    )

    def offer(self, memberships: list[Membership]) -> None:
        """Let these people be chosen."""
        self.members.choices = [
            SelectChoice(membership.user_id, membership.user.name) for membership in memberships
        ]

    def validate_webhook_url(self, field: URLField) -> None:
        """As strict as for apps: what is typed by hand is more often wrong than odd."""
        problem = callback_problem(field.data.strip()) if field.data else None
        if problem is not None:
            message = lazy_gettext(problem.message)
            raise ValidationError(message % problem.values if problem.values else message)


class ConversationsForm(FlaskForm):
    """How an inbox treats those who write."""

    lock_to_single_conversation = BooleanField(lazy_gettext("Keep to one conversation for each contact"))
    greeting_enabled = BooleanField(lazy_gettext("Greet who writes for the first time"))
    greeting_message = TextAreaField(
        lazy_gettext("Greeting"),
        [Length(max=LONGEST_TEXT, message=lazy_gettext("Use at most %(max)d characters."))],
    )


class IdentityForm(FlaskForm):
    hmac_mandatory = BooleanField(lazy_gettext("Enforce identity validation"))


class DayForm(Form):
    """One day of the week; its fields are named by their day."""

    kind = SelectField(choices=DAY_KINDS, invalid_choice_message=NOT_A_CHOICE)
    opens = TimeField(validators=[Optional()])
    closes = TimeField(validators=[Optional()])

    @property
    def hours(self) -> dict[str, Any]:
        """The day as it is stored, but for its number."""
        opens, closes = (self.opens.data, self.closes.data) if self.kind.data == "hours" else (None, None)
        return {
            "closed_all_day": self.kind.data == "closed",
            "open_all_day": self.kind.data == "all",
            "open_hour": opens.hour if opens else None,
            "open_minutes": opens.minute if opens else None,
            "close_hour": closes.hour if closes else None,
            "close_minutes": closes.minute if closes else None,
        }

    def validate_closes(self, field: TimeField) -> None:
        if not is_sound(self.hours):
            raise ValidationError(lazy_gettext("Say when it opens and, later, closes."))


class BotForm(FlaskForm):
    """Which bot answers first; 0 is none. The door fills in which there are."""

    bot = SelectField(
        lazy_gettext("Bot"), coerce=int, invalid_choice_message=lazy_gettext("That bot is there no longer.")
    )

    def offer(self, bots: list[AgentBot]) -> None:
        """Let one of these be chosen, or none."""
        nameless = gettext("Bot without a name")
        choices = [SelectChoice(bot.id, bot.name or nameless) for bot in bots]
        self.bot.choices = [SelectChoice(0, gettext("No bot")), *choices]


class HoursForm(FlaskForm):
    """When somebody is there, from Sunday to Saturday, and what is said when nobody is."""

    working_hours_enabled = BooleanField(lazy_gettext("Tell customers when nobody is there"))
    timezone = SelectField(lazy_gettext("Time zone"), invalid_choice_message=NOT_A_CHOICE)
    out_of_office_message = TextAreaField(
        lazy_gettext("What to say then"),
        [Length(max=LONGEST_TEXT, message=lazy_gettext("Use at most %(max)d characters."))],
    )
    days = FieldList(FormField(DayForm), min_entries=7, max_entries=7)

    def __init__(self, settings: dict[str, Any], **how: Any) -> None:
        found = {**DEFAULTS, **settings}
        names = ("working_hours_enabled", "timezone", "out_of_office_message")
        days = [_shown(day) for day in sorted(found["working_hours"], key=lambda day: day["day_of_week"])]
        super().__init__(**{name: found[name] for name in names}, days=days, **how)
        self.timezone.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in clock.time_zones()]

    @property
    def settings(self) -> dict[str, Any]:
        """What was filled in, as it is stored."""
        return {
            "working_hours_enabled": self.working_hours_enabled.data,
            "timezone": self.timezone.data,
            "out_of_office_message": self.out_of_office_message.data or "",
            "working_hours": [
                {"day_of_week": number, **day.form.hours} for number, day in enumerate(self.days)
            ],
        }


def _shown(day: dict[str, Any]) -> dict[str, Any]:
    kind = "closed" if day["closed_all_day"] else "all" if day["open_all_day"] else "hours"
    opens, closes = _time(day, "open"), _time(day, "close")
    return {"kind": kind, "opens": opens or time(9), "closes": closes or time(17)}


def _time(day: dict[str, Any], end: str) -> time | None:
    hour = day.get(f"{end}_hour")
    return None if hour is None else time(hour, day.get(f"{end}_minutes") or 0)
