"""What pages ask about canned responses."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms import TextAreaField
from wtforms.validators import InputRequired

_FILL_IN = lazy_gettext("Fill this in.")


class CannedForm(FlaskForm):
    """An answer and the word by which it is found."""

    short_code = StringField(lazy_gettext("Short code"), [InputRequired(_FILL_IN)])
    content = TextAreaField(lazy_gettext("Message"), [InputRequired(_FILL_IN)])
