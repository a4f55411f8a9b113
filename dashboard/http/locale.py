"""Which language, and which time zone, this request speaks."""

from babel import Locale
from babel import UnknownLocaleError
from flask import request

from dashboard.extensions import babel
from dashboard.http.current import caller

# English is the only translation so far; its regions still differ in how they write dates and numbers.
LOCALES = ("en", "en_GB", "en_AU", "en_CA", "en_IE", "en_IN", "en_NZ", "en_US", "en_ZA")


def available_locales() -> dict[str, str]:
    """Locale → its own name for itself, for the profile's list: LOCALES and every translation there is."""
    codes = [*LOCALES, *(str(locale) for locale in babel.list_translations())]
    return {code: _name(code) for code in dict.fromkeys(codes)}


def locale_of_request() -> str:
    """The person's language, else the browser's first that we have, else the account's."""
    known = caller()
    if known and known.user.locale:
        return known.user.locale
    codes = list(available_locales())
    wanted = request.accept_languages.best_match([code.replace("_", "-") for code in codes])
    if wanted:
        return str(wanted).replace("-", "_")
    return known.account.locale if known and known.account else "en"


def time_zone_of_request() -> str:
    """The person's time zone, else the account's."""
    known = caller()
    if known and known.user.time_zone:
        return known.user.time_zone
    return known.account.time_zone if known and known.account else "UTC"


def _name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code
