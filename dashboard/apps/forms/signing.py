"""Whether an app is told in a signed token, as it opens, from whom it is opened."""

from flask_babel import lazy_gettext
from wtforms import Form
from wtforms import RadioField
from wtforms import SelectChoice


class SigningFields(Form):
    launch = RadioField(
        lazy_gettext("Signed token when it opens"),
        choices=[
            SelectChoice("none", lazy_gettext("None")),
            SelectChoice("post", lazy_gettext("In a form")),
            SelectChoice("query", lazy_gettext("In the address (fallback)")),
        ],
        default="none",
        invalid_choice_message=lazy_gettext("Choose one of the list."),
    )
