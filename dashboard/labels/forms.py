"""What pages ask about labels."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms import ColorField
from wtforms import SelectMultipleField
from wtforms import StringField
from wtforms.validators import InputRequired
from wtforms.validators import Regexp

from dashboard.labels.schemas import COLOR


class LabelForm(FlaskForm):
    """A label: its title, what it means, and how it is found."""

    title = StringField(lazy_gettext("Title"), [InputRequired(lazy_gettext("Fill this in."))])
    description = StringField(lazy_gettext("Description"))
    color = ColorField(lazy_gettext("Colour"), [Regexp(COLOR, message=lazy_gettext("Choose a colour."))])
    show_on_sidebar = BooleanField(lazy_gettext("Show on the sidebar"))


class LabelsForm(FlaskForm):
    """All labels that a conversation or a contact has from now on, and perhaps a new one."""

    labels = SelectMultipleField(validate_choice=False)
    label = StringField(lazy_gettext("New label"))

    @property
    def wanted(self) -> list[str]:
        new = (self.label.data or "").strip()
        return [*(self.labels.data or []), *([new] if new else [])]
