"""What pages ask about inboxes."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice
from wtforms import SelectMultipleField
from wtforms import StringField
from wtforms import URLField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput
from wtforms.widgets import ListWidget

from dashboard.accounts.models import Membership


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
