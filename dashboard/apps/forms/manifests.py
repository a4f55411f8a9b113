"""Where apps come from: a file, what was pasted, or a Chatwoot desk."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import PasswordField
from wtforms import StringField
from wtforms import TextAreaField

from dashboard.apps.schemas.manifests import LONGEST

NOT_TEXT = lazy_gettext("This file is no text.")


class ManifestForm(FlaskForm):
    """A file goes before what was pasted."""

    file = FileField(lazy_gettext("File"))
    manifest = TextAreaField(lazy_gettext("Or its text"))

    @property
    def text(self) -> str | None:
        """What was given; None, and a complaint, where the file is no text."""
        if not self.file.data:
            return str(self.manifest.data or "")
        try:
            return str(self.file.data.read(4 * LONGEST).decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.file.errors = [NOT_TEXT]
            return None


class ChatwootForm(FlaskForm):
    """The desk, the account there, and the token of somebody who may see its apps. Nothing of it is kept."""

    address = StringField(lazy_gettext("Address of the desk"))
    account = StringField(lazy_gettext("Number of the account"))
    token = PasswordField(lazy_gettext("Access token"))
