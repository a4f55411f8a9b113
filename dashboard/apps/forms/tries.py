"""What is tried in the playground: an address, what it is granted, how it is looked at. All of it stands
in the address of the page, so that a try can be passed on as a link."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField
from wtforms import SelectChoice
from wtforms import SelectField
from wtforms import StringField

from dashboard.apps.forms.access import ACTIONS
from dashboard.apps.forms.access import SCOPES
from dashboard.apps.forms.app import NOT_A_CHOICE
from dashboard.apps.forms.app import said
from dashboard.apps.forms.framing import TicksField
from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.content import content_problems
from dashboard.lib.addresses import HouseRules
from dashboard.lib.numbers import row_number

_NOT_SOME = lazy_gettext("Choose some of the list.")
WIDTHS = {
    "side": "320"
}  # where nobody has chosen: as wide as the place in the desk; elsewhere all that there is
LOCALES = ("en", "de", "es", "fr", "it", "pt-BR", "ja", "zh-CN", "ar", "he")  # such as browsers name them


class TryForm(FlaskForm):
    class Meta:
        csrf = False  # it only asks

    url = StringField(lazy_gettext("Address"))
    conversation = StringField(lazy_gettext("Conversation number"))
    place = SelectField(
        lazy_gettext("Where it appears"),
        choices=[
            SelectChoice("side", lazy_gettext("Side panel")),
            SelectChoice("tab", lazy_gettext("Conversation tab")),
            SelectChoice("page", lazy_gettext("Full page")),
            SelectChoice("modal", lazy_gettext("Window over the page")),
        ],
        invalid_choice_message=NOT_A_CHOICE,
    )
    format = SelectField(
        lazy_gettext("Context format"),
        choices=[
            SelectChoice("auto", lazy_gettext("Automatic")),
            SelectChoice("native", "Deskframe"),
            SelectChoice("chatwoot", "Chatwoot"),
            SelectChoice("ndoto", "Ndoto"),
        ],
        invalid_choice_message=NOT_A_CHOICE,
    )
    locale = SelectField(lazy_gettext("Language"), choices=LOCALES, invalid_choice_message=NOT_A_CHOICE)
    width = RadioField(
        lazy_gettext("Width"),
        choices=[
            SelectChoice("320", "320"),
            SelectChoice("390", "390"),
            SelectChoice("768", "768"),
            SelectChoice("full", lazy_gettext("Full")),
        ],
        invalid_choice_message=NOT_A_CHOICE,
    )
    theme = RadioField(
        lazy_gettext("Theme"),
        choices=[
            SelectChoice("system", lazy_gettext("System")),
            SelectChoice("light", lazy_gettext("Light")),
            SelectChoice("dark", lazy_gettext("Dark")),
        ],
        invalid_choice_message=NOT_A_CHOICE,
    )
    scopes = TicksField(
        lazy_gettext("What it may see"),
        choices=[SelectChoice(*choice) for choice in SCOPES.items()],
        invalid_choice_message=_NOT_SOME,
        invalid_value_message=_NOT_SOME,
    )
    actions = TicksField(
        lazy_gettext("What it may do"),
        choices=[SelectChoice(*choice) for choice in ACTIONS.items()],
        invalid_choice_message=_NOT_SOME,
        invalid_value_message=_NOT_SOME,
    )

    @classmethod
    def of(cls, app: DashboardApp | None, sent: MultiDict[str, str], *, theme: str) -> "TryForm":
        """What was sent; before that, what the app has. A link may name the address alone."""
        usual: dict[str, Any] = {
            "url": app.urls[0] if app else "",
            "conversation": "",
            "place": app.places[0] if app else "side",
            "format": app.format if app else "auto",
            "locale": LOCALES[0],
            "width": "",
            "theme": theme,
        }
        usual |= {name: sent[name] for name in usual if sent.get(name)}
        usual["width"] = usual["width"] or WIDTHS.get(usual["place"], "full")
        granted = (app.scopes, app.actions) if app else (USUAL_SCOPES, ())
        return cls(sent if "sent" in sent else None, **usual, scopes=granted[0], actions=granted[1])

    @property
    def number(self) -> int | None:
        """Of the conversation that was chosen; none is an invented one."""
        return row_number((self.conversation.data or "").strip())

    def is_ready(self, rules: HouseRules) -> bool:
        """Whether there is something to try. The address is held to the rule for those of apps."""
        if not self.url.data:
            return False
        known = self.validate()
        for problem in content_problems([{"type": "frame", "url": self.url.data}], rules):
            self.url.errors = [*self.url.errors, said(problem)]
            known = False
        return known
