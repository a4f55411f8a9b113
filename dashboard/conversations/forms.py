"""What the desk asks of an agent: a message, a state, somebody in charge. Rules live in the verbs."""

import re
from datetime import datetime
from datetime import timedelta
from datetime import tzinfo
from typing import IO

from flask_babel import gettext
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms import DateTimeLocalField
from wtforms import IntegerField
from wtforms import MultipleFileField
from wtforms import RadioField
from wtforms import SelectField
from wtforms import SelectMultipleField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms.validators import Optional
from wtforms.validators import ValidationError

from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import STATUSES
from dashboard.lib.numbers import row_number

NOT_A_CHOICE = lazy_gettext("Choose one of the list.")
MORNING = 9  # o'clock, when a snooze that ends on another day ends
EVENING = 17  # o'clock, when a snooze that ends today ends; offered while that is a while off
_NAME = re.compile(r"[0-9a-f-]{36}", re.ASCII)
SNOOZES = ("reply", "hour", "today", "tomorrow", "week", "at")
MOST_PICKED = 500  # conversations that one request changes


def name_of_page(given: str | None) -> str | None:
    """What a page calls what it sends; what no page of ours would say is no name."""
    return given if given and _NAME.fullmatch(given) else None


class MessageForm(FlaskForm):
    """What the composer sends: words, files, or both. A ticket stands for a file that was sent before."""

    content = TextAreaField(lazy_gettext("Message"))
    kind = RadioField(choices=["reply", "note"], default="reply", invalid_choice_message=NOT_A_CHOICE)
    echo_id = StringField(filters=[name_of_page])
    in_reply_to = StringField(lazy_gettext("Answers"))
    inserted_by = StringField(filters=[row_number])  # the app that put something into the draft
    attachments = MultipleFileField(lazy_gettext("Files"))
    ticket = SelectMultipleField(validate_choice=False)

    @property
    def sent_files(self) -> list[tuple[IO[bytes], str | None]]:
        return [
            (file.stream, file.filename) for file in self.attachments.data or [] if file and file.filename
        ]

    @property
    def tickets(self) -> list[str]:
        return self.ticket.data or []

    def validate_content(self, field: TextAreaField) -> None:
        if not ((field.data or "").strip() or self.sent_files or self.tickets):
            raise ValidationError(gettext("Write something first."))


class StatusForm(FlaskForm):
    """A state; a snooze with its end, of which `at` is in the person's own time zone."""

    status = SelectField(choices=list(STATUSES), invalid_choice_message=NOT_A_CHOICE)
    until = SelectField(choices=list(SNOOZES), default="reply", invalid_choice_message=NOT_A_CHOICE)
    at = DateTimeLocalField(lazy_gettext("Day and time"), [Optional()])

    def snoozed_until(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the snooze ends; None for one that only a reply ends."""
        if self.until.data == "at":
            return self.at.data.replace(tzinfo=zone) if self.at.data else now
        return snooze_ends(now, zone).get(self.until.data or "")


class MuteForm(FlaskForm):
    """Whether the contact is kept out."""

    muted = RadioField(choices=["yes", "no"], invalid_choice_message=NOT_A_CHOICE)


class BulkForm(StatusForm):
    """The conversations that are ticked, what to do with them, and what that needs to know."""

    pick = SelectMultipleField(validate_choice=False)
    do = SelectField(choices=["resolve", "reopen", "assign", "label", "snooze"])
    chosen = BooleanField()
    assignee_id = IntegerField(validators=[Optional()])
    label = StringField()
    new_label = StringField()
    back = StringField()

    def validate_pick(self, field: SelectMultipleField) -> None:
        picked = field.data or []
        if len(picked) > MOST_PICKED or any(row_number(each) is None for each in picked):
            raise ValidationError

    @property
    def numbers(self) -> list[int]:
        return list({int(each): None for each in self.pick.data or []})

    @property
    def asks(self) -> bool:
        """Whether it still has to be said to whom, which or until when."""
        return self.do.data in {"assign", "label", "snooze"} and not self.chosen.data

    @property
    def chosen_label(self) -> str:
        return (self.new_label.data or self.label.data or "").strip()


class PriorityForm(FlaskForm):
    priority = SelectField(choices=["", *PRIORITIES], invalid_choice_message=NOT_A_CHOICE)


class AssigneeForm(FlaskForm):
    """The number of a person, 0 being nobody; or that of a bot."""

    assignee_id = IntegerField()
    assignee_bot_id = IntegerField(validators=[Optional()])

    def validate_assignee_id(self, field: IntegerField) -> None:
        if field.data is None and self.assignee_bot_id.data is None:
            raise ValidationError(NOT_A_CHOICE)


def snooze_ends(now: datetime, zone: tzinfo) -> dict[str, datetime]:
    """What the ready-made snoozes mean now, in the person's time zone."""
    today = now.astimezone(zone).date()

    def at(days: int, hour: int) -> datetime:
        day = today + timedelta(days=days)
        return datetime(day.year, day.month, day.day, hour, tzinfo=zone)

    hour, evening = now + timedelta(hours=1), at(0, EVENING)
    return {
        "hour": hour,
        **({"today": evening} if hour < evening else {}),
        "tomorrow": at(1, MORNING),
        "week": at(7 - today.weekday(), MORNING),  # the next Monday
    }
