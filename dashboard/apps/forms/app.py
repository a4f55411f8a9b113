"""The form of an app: its endpoints as fields, or the same content as JSON. Both ask `schemas.CONTENT`."""

import json
from typing import Any
from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms import HiddenField
from wtforms import RadioField
from wtforms import SelectChoice
from wtforms import StringField
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from dashboard.apps.forms.access import AccessFields
from dashboard.apps.forms.endpoints import EndpointsField
from dashboard.apps.forms.endpoints import move
from dashboard.apps.forms.framing import FramingFields
from dashboard.apps.forms.places import PlacesField
from dashboard.apps.forms.signing import SigningFields
from dashboard.apps.models.apps import ICONS
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.content import MOST_FRAMES
from dashboard.apps.schemas.content import content_problems
from dashboard.apps.schemas.content import permitted
from dashboard.apps.schemas.content import title_problems
from dashboard.apps.schemas.settings import NAMES
from dashboard.apps.schemas.settings import Settings
from dashboard.lib.addresses import NO_RULES
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_
from dashboard.lib.text import capital

NOT_A_CHOICE = lazy_gettext("Choose one of the list.")

# What Python's reader says about a mistake, in words for whoever typed it.
_SYNTAX = {
    "Expecting value": N_("a value is missing"),
    "Expecting ',' delimiter": N_("a comma or a closing bracket is missing"),
    "Expecting ':' delimiter": N_("a colon is missing"),
    "Expecting property name enclosed in double quotes": N_("a name in double quotes is missing"),
    "Illegal trailing comma before end of array": N_("there is a comma too many"),
    "Illegal trailing comma before end of object": N_("there is a comma too many"),
    "Unterminated string starting at": N_("this text has no closing quote"),
    "Invalid control character at": N_("a text goes on over the end of the line"),
    "Extra data": N_("there is more after the end of the list"),
}

_ICON_NAMES = {
    "app-window": lazy_gettext("Window"),
    "package": lazy_gettext("Package"),
    "shopping-cart": lazy_gettext("Shopping cart"),
    "truck": lazy_gettext("Truck"),
    "receipt": lazy_gettext("Receipt"),
    "credit-card": lazy_gettext("Credit card"),
    "ticket": lazy_gettext("Ticket"),
    "gift": lazy_gettext("Gift"),
    "users": lazy_gettext("People"),
    "building-2": lazy_gettext("Building"),
    "map-pin": lazy_gettext("Place"),
    "phone": lazy_gettext("Phone"),
    "calendar": lazy_gettext("Calendar"),
    "chart-column": lazy_gettext("Chart"),
    "database": lazy_gettext("Database"),
    "globe": lazy_gettext("Globe"),
    "file-text": lazy_gettext("Document"),
    "book-open": lazy_gettext("Book"),
    "key-round": lazy_gettext("Key"),
    "wrench": lazy_gettext("Tool"),
}


class AppForm(AccessFields, FramingFields, SigningFields, FlaskForm):
    """`view` says which of the two faces of the content was filled in."""

    title = StringField(lazy_gettext("Name"))
    url = EndpointsField(lazy_gettext("Endpoints"))
    content = TextAreaField(lazy_gettext("Content"))
    view = HiddenField(default="fields")
    format = RadioField(
        lazy_gettext("Context format"),
        choices=[
            SelectChoice("auto", lazy_gettext("Automatic")),
            SelectChoice("chatwoot", "Chatwoot"),
            SelectChoice("ndoto", "Ndoto"),
            SelectChoice("native", "Deskframe"),
        ],
        default="auto",
        invalid_choice_message=NOT_A_CHOICE,
    )
    placement = PlacesField(
        lazy_gettext("Where it appears"),
        choices=[
            SelectChoice("side", lazy_gettext("Side panel")),
            SelectChoice("tab", lazy_gettext("Conversation tab")),
            SelectChoice("page", lazy_gettext("Page of its own")),
        ],
        default="side",
        validators=[DataRequired(lazy_gettext("Choose at least one place."))],
        invalid_choice_message=NOT_A_CHOICE,
        invalid_value_message=NOT_A_CHOICE,
    )
    icon = RadioField(
        lazy_gettext("Icon"),
        choices=[SelectChoice(name, _ICON_NAMES[name]) for name in ICONS],
        default=ICONS[0],
        invalid_choice_message=NOT_A_CHOICE,
    )
    reloads = BooleanField(lazy_gettext("Reload for each conversation"))

    rules = NO_RULES  # set by the door
    focus = ""  # the control where the person goes on after a button of the form

    @classmethod
    def of(cls, app: DashboardApp) -> "AppForm":
        """The form as it stands when somebody begins to edit."""
        form = cls(obj=app, url=app.urls, **app.visibility)
        if not form.is_submitted():
            form.content.data = pretty(app.content)
        return form

    @property
    def frames(self) -> Any:
        """The content that was typed, in the face that was used.

        Raises:
            json.JSONDecodeError: it is not JSON.
        """
        if self.view.data == "json":
            return read_json(self.content.data or "")
        return [{"type": "frame", "url": url} for url in self.url.data or []]

    @property
    def addresses(self) -> list[str]:
        """The addresses that were typed, whatever may be wrong with them."""
        try:
            frames = self.frames
        except json.JSONDecodeError:
            return []
        urls = (
            [frame.get("url") for frame in frames if isinstance(frame, dict)]
            if isinstance(frames, list)
            else []
        )
        return [url for url in urls if isinstance(url, str)]

    @property
    def settings(self) -> Settings:
        """Every setting of which the form has a field."""
        given = {name: value for name, value in self.data.items() if name in NAMES}
        chosen = {"visibility": self.visibility, "placement": self.placement.word}
        return cast(Settings, {**given, **chosen})

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, then the name and the content by their rule."""
        valid = super().validate(extra_validators)
        problems = title_problems(self.title.data)
        try:
            problems += content_problems(self.frames, self.rules)
        except json.JSONDecodeError as error:
            self.content.errors = [syntax_error(error)]
            valid = False
        for problem in problems:
            self._place(problem)
        return valid and not problems

    @property
    def has_complaints(self) -> bool:
        return bool(self.errors or self.url.complaints)

    @property
    def has_room(self) -> bool:
        return len(self.url.data) < MOST_FRAMES

    def rearrange(self, wish: str) -> None:
        """Do what one of the form's own buttons asked: nothing is saved, nothing typed is lost."""
        verb, _, place = wish.partition("-")
        if verb == "json":
            self._show_json()
        elif verb == "fields":
            self._show_fields()
        elif verb == "add" and self.has_room:
            self.url.data.append("")
            self.focus = f"url-{len(self.url.data) - 1}"
        elif verb in {"condition", "uncondition"}:
            self.focus = self.rearrange_conditions(verb, place)
        elif place.isdecimal() and int(place) < len(self.url.data):
            self.focus = move(self.url.data, verb, int(place))

    def blame(self, error: Invalid) -> None:
        """Put what the verb complained about where it belongs."""
        for problem in error.problems:
            self._place(problem)

    def _place(self, problem: Problem) -> None:
        sentence = said(problem)
        steps = problem.pointer.split("/")
        if problem.field in self._fields and problem.field != "content":
            field = self._fields[problem.field]
            field.errors = [*field.errors, sentence]
        elif problem.field == "conditions":
            self.conditions.errors = [*self.conditions.errors, sentence]
        elif problem.field != "content":
            self.form_errors.append(sentence)
        elif self.view.data == "json":
            self.content.errors = [*self.content.errors, _with_place(sentence, steps)]
        elif len(steps) > 2:
            self.url.complain(int(steps[2]), sentence)
        else:
            self.url.errors = [*self.url.errors, sentence]

    def _show_json(self) -> None:
        self.content.data = pretty(self.frames)
        self.view.data = "json"
        self.focus = "content"

    def _show_fields(self) -> None:
        """Only what fields can hold; otherwise it stays JSON and says what is wrong."""
        try:
            frames = permitted(self.frames)
        except json.JSONDecodeError as error:
            self.content.errors = [syntax_error(error)]
            return
        problems = [problem for problem in content_problems(frames) if not problem.pointer.endswith("/url")]
        if problems:
            self.blame(Invalid.of(problems))
            return
        self.url.data = [str(frame["url"]) for frame in frames]  # type: ignore[attr-defined]
        self.view.data = "fields"
        self.focus = "url-0"


def said(problem: Problem) -> str:
    """What is wrong, in the language of the page."""
    message: str = gettext(problem.message)
    return capital(message % problem.values if problem.values else message)


def pretty(content: Any) -> str:
    """The content as people read and write it."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def read_json(text: str) -> Any:
    """What was typed.

    Raises:
        json.JSONDecodeError: it is not JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError):  # deeper, or a longer number, than anybody means
        raise json.JSONDecodeError("Expecting value", text, 0) from None


def syntax_error(error: json.JSONDecodeError) -> str:
    """Where the first mistake is, and which, in the language of the page."""
    why = gettext(_SYNTAX.get(error.msg, N_("this is not JSON")))
    return str(
        gettext("Line %(line)s, column %(column)s: %(why)s.", line=error.lineno, column=error.colno, why=why)
    )


def _with_place(sentence: str, steps: list[str]) -> str:
    """In JSON nothing stands beside a field, so the sentence says of which frame it speaks."""
    if len(steps) < 3:
        return sentence
    return str(gettext("Frame %(number)s: %(sentence)s", number=int(steps[2]) + 1, sentence=sentence))
