"""What pages ask about webhooks."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice
from wtforms import SelectField
from wtforms import StringField
from wtforms import URLField
from wtforms import ValidationError
from wtforms.validators import InputRequired
from wtforms.validators import Length

from dashboard.apps.forms.framing import TicksField
from dashboard.lib.addresses import callback_problem
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS
from dashboard.webhooks.schemas.webhooks import LONGEST_NAME

NOT_A_CHOICE = lazy_gettext("Choose some of the list.")
WHEN = {
    "conversation_created": lazy_gettext("Somebody has written for the first time, or again after a while."),
    "conversation_status_changed": lazy_gettext("It was resolved, opened again, set to pending or snoozed."),
    "conversation_updated": lazy_gettext(
        "Its status, assignee, labels, priority or attributes have changed, and from what to what."
    ),
    "message_created": lazy_gettext("A customer, an agent or a bot has written. Private notes, too."),
    "message_updated": lazy_gettext(
        "Its text or status has changed, a form in it was filled in, it is deleted."
    ),
    "webwidget_triggered": lazy_gettext(
        "Something has happened in the customer's own program, such as a chat window."
    ),
    "contact_created": lazy_gettext("There is one more contact."),
    "contact_updated": lazy_gettext("Something about a contact has changed, and from what to what."),
    "conversation_typing_on": lazy_gettext("Somebody has begun to type. Told at once, or not at all."),
    "conversation_typing_off": lazy_gettext("Somebody has stopped typing. Told at once, or not at all."),
    "inbox_created": lazy_gettext("There is one more inbox."),
    "inbox_updated": lazy_gettext("The settings of an inbox have changed."),
}


class WebhookForm(FlaskForm):
    """A server of somebody's, and what it is told of."""

    name = StringField(
        lazy_gettext("Name"),
        [Length(max=LONGEST_NAME, message=lazy_gettext("Use at most %(max)d characters."))],
    )
    url = URLField(lazy_gettext("Webhook URL"), [InputRequired(lazy_gettext("Please enter a valid URL."))])
    subscriptions = TicksField(
        lazy_gettext("Events"),
        choices=[SelectChoice(name, name) for name in SUBSCRIPTIONS],
        invalid_choice_message=NOT_A_CHOICE,
        invalid_value_message=NOT_A_CHOICE,
    )

    def validate_url(self, field: URLField) -> None:
        """As strict as for callbacks: what is typed by hand is more often wrong than odd."""
        problem = callback_problem(field.data.strip())
        if problem is not None:
            message = lazy_gettext(problem.message)
            raise ValidationError(message % problem.values if problem.values else message)

    def validate_subscriptions(self, field: TicksField) -> None:
        if not field.data:
            raise ValidationError(lazy_gettext("Choose at least one event."))


class TryForm(FlaskForm):
    """Which of its events a webhook is told of for a try."""

    event = SelectField(lazy_gettext("Event"), invalid_choice_message=lazy_gettext("Choose one of the list."))

    def offer(self, events: list[str]) -> None:
        self.event.choices = [SelectChoice(name, name) for name in events]
