"""What pages ask about bots."""

from typing import IO
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms import URLField
from wtforms import ValidationError
from wtforms.validators import InputRequired

from dashboard.bots.models import AgentBot
from dashboard.lib.addresses import callback_problem

_FILL_IN = InputRequired(lazy_gettext("Fill this in."))


class BotForm(FlaskForm):
    """A program that answers customers. The API takes one without a name or an address; people are asked."""

    name = StringField(lazy_gettext("Name"), [_FILL_IN])
    description = TextAreaField(lazy_gettext("Description"))
    outgoing_url = URLField(lazy_gettext("Webhook address"), [_FILL_IN])
    avatar = FileField(lazy_gettext("Picture"))
    without_picture = BooleanField(lazy_gettext("Take the picture away"))

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        return {
            "name": (self.name.data or "").strip(),
            "description": (self.description.data or "").strip(),
            "outgoing_url": (self.outgoing_url.data or "").strip(),
        }

    @property
    def picture(self) -> IO[bytes] | None:
        """What was sent to be its picture."""
        return self.avatar.data.stream if self.avatar.data else None

    def validate_name(self, field: StringField) -> None:
        if not (field.data or "").strip():
            raise ValidationError(lazy_gettext("Fill this in."))

    def validate_outgoing_url(self, field: URLField) -> None:
        """As strict as for apps: what is typed by hand is more often wrong than odd."""
        problem = callback_problem((field.data or "").strip())
        if problem is not None:
            message = lazy_gettext(problem.message)
            raise ValidationError(message % problem.values if problem.values else message)


def bot_form(bot: AgentBot | None = None) -> BotForm:
    """The form, filled in with what is known."""
    if bot is None:
        return BotForm()
    return BotForm(name=bot.name, description=bot.description, outgoing_url=bot.outgoing_url)
