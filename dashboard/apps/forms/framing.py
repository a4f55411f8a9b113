"""What the frame of an app may do, in the form: each thing in words, nothing ticked at first."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Form
from wtforms import SelectChoice
from wtforms import SelectMultipleField
from wtforms import TextAreaField
from wtforms.widgets import CheckboxInput
from wtforms.widgets import ListWidget

_NOT_A_CHOICE = lazy_gettext("Choose some of the list.")
_SANDBOX = {
    "allow-modals": lazy_gettext("Open dialogs of the browser"),
    "allow-popups-to-escape-sandbox": lazy_gettext("Open windows without these limits"),
    "allow-storage-access-by-user-activation": lazy_gettext("Ask for its own cookies"),
    "allow-presentation": lazy_gettext("Show itself on another screen"),
    "allow-pointer-lock": lazy_gettext("Catch the mouse pointer"),
}
_FEATURES = {
    "clipboard-write": lazy_gettext("Copy to the clipboard"),
    "clipboard-read": lazy_gettext("Read the clipboard"),
    "microphone": lazy_gettext("Use the microphone"),
    "camera": lazy_gettext("Use the camera"),
    "display-capture": lazy_gettext("Record the screen"),
    "geolocation": lazy_gettext("Ask where the agent is"),
    "fullscreen": lazy_gettext("Fill the screen"),
    "autoplay": lazy_gettext("Play sound by itself"),
    "publickey-credentials-get": lazy_gettext("Sign in with a passkey"),
    "local-network": lazy_gettext("Reach devices in the agent's network"),
    "loopback-network": lazy_gettext("Reach programs on the agent's computer"),
}


class TicksField(SelectMultipleField):
    """Some of a list, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LinesField(TextAreaField):
    """A list, each of it on a line."""

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = [line.strip() for text in valuelist for line in str(text).splitlines() if line.strip()]


class FramingFields(Form):
    """For the form of an app."""

    sandbox = TicksField(
        lazy_gettext("In its own window"),
        choices=[SelectChoice(*choice) for choice in _SANDBOX.items()],
        invalid_choice_message=_NOT_A_CHOICE,
        invalid_value_message=_NOT_A_CHOICE,
    )
    features = TicksField(
        lazy_gettext("Of the browser and the device"),
        choices=[SelectChoice(*choice) for choice in _FEATURES.items()],
        invalid_choice_message=_NOT_A_CHOICE,
        invalid_value_message=_NOT_A_CHOICE,
    )
    frame_origins = LinesField(lazy_gettext("Other hosts that its frame may show"), default=())

    @property
    def has_rights(self) -> bool:
        """Whether there is something to see in this part of the form."""
        return any(field.data or field.errors for field in (self.sandbox, self.features, self.frame_origins))
