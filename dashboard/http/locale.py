"""Which language, and which time zone, this request speaks."""

from collections.abc import Callable
from datetime import UTC
from datetime import tzinfo
from functools import cache
from gettext import NullTranslations
from typing import Any

from babel import Locale
from babel import UnknownLocaleError
from flask import Flask
from flask import g
from flask import request
from flask_babel import get_babel
from flask_babel import get_locale
from flask_babel import get_timezone
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from dashboard.extensions import babel
from dashboard.http.current import caller

# English is the only translation so far; its regions still differ in how they write dates and numbers.
LOCALES = ("en", "en_GB", "en_AU", "en_CA", "en_IE", "en_IN", "en_NZ", "en_US", "en_ZA")


def register(app: Flask) -> None:
    """Let templates say `_("…")` at a fifth of what Jinja's own way costs: a page says it a hundred times.

    A page gets the words of its language with its other values; components, which know no page, look it up.
    """
    app.jinja_env.globals["_"] = _translated
    app.context_processor(lambda: {"_": _words_of(locale_here())})


def gettext(message: str, **values: Any) -> str:
    """A text in the language of this request: what Flask-Babel's says, told quicker."""
    said = _catalog(locale_here()).gettext(message)
    return said % values if values else said


def locale_here() -> Locale:
    """The language of this request; asked hundreds of times a page, so it is looked up where it is kept."""
    return getattr(_kept(), "babel_locale", None) or get_locale() or Locale("en")


def zone_here() -> tzinfo:
    """The time zone of this request, looked up likewise."""
    return getattr(_kept(), "babel_tzinfo", None) or get_timezone() or UTC


def available_locales() -> dict[str, str]:
    """Locale → its own name for itself, for the profile's list: LOCALES and every translation there is."""
    return {code: _name(code) for code in _codes(*get_babel().translation_directories)}


def locale_of_request() -> Locale:
    """The person's language, else the browser's first that we have, else the account's."""
    return _parsed(_code_of_request())


def time_zone_of_request() -> str:
    """The person's time zone, else the account's."""
    known = caller()
    if known and known.user.time_zone:
        return known.user.time_zone
    return known.account.time_zone if known and known.account else "UTC"


def _code_of_request() -> str:
    known = caller()
    if known and known.user.locale:
        return known.user.locale
    codes = _codes(*get_babel().translation_directories)
    wanted = request.accept_languages.best_match([code.replace("_", "-") for code in codes])
    if wanted:
        return str(wanted).replace("-", "_")
    return known.account.locale if known and known.account else "en"


@pass_eval_context
def _translated(context: EvalContext, message: str, **values: Any) -> str:
    said: str = _words_of(locale_here())(context, message, **values)
    return said


@cache
def _words_of(locale: Locale) -> Callable[..., str]:
    kept: dict[tuple[str, bool], str] = {}

    @pass_eval_context
    def say(context: EvalContext, message: str, **values: Any) -> str:
        key = (message, bool(context.autoescape))
        if key not in kept:
            said = _catalog(locale).gettext(message)
            kept[key] = Markup(said) if context.autoescape else said  # noqa: S704 - a text of our own
        written = kept[key]
        return written % values if "%" in written else written

    return say


@cache
def _catalog(_: Locale) -> NullTranslations:
    return get_translations()  # of the request that is the first to ask, whose language it is


def _kept() -> object:
    """What Flask-Babel has found out for this request, if it was asked before."""
    try:
        return g.get("_flask_babel")
    except RuntimeError:  # there is no request
        return None


@cache  # one object for each language: whoever keeps things by language finds them by identity
def _parsed(code: str) -> Locale:
    return Locale.parse(code)


@cache  # folders are only read once: what is in them changes with the code
def _codes(*_: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*LOCALES, *(str(locale) for locale in babel.list_translations())]))


def _name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code
