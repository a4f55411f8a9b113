"""What templates ask of a value: a name's initials and hue, a moment in the reader's language and zone."""

import re
import zlib
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.dates import format_skeleton
from babel.dates import format_time
from babel.dates import match_skeleton
from babel.units import format_unit
from flask import Flask
from markupsafe import Markup
from markupsafe import escape

from dashboard.http.locale import gettext
from dashboard.http.locale import locale_here
from dashboard.http.locale import zone_here
from dashboard.lib import clock
from dashboard.lib.file_addresses import path_of_picture

HUES = 12
_NOTHING = Markup()


def register(app: Flask) -> None:
    """Give the templates these filters, and the address of the icons."""
    for rule in (attributes, initials, hue_of, iso, short_time, clock_time, long_time, short_date, day):
        app.add_template_filter(rule)
    app.add_template_filter(picture)
    app.jinja_env.globals["sprite"] = f"{app.static_url_path}/icons.svg"


def attributes(values: dict[str, object]) -> Markup:
    """A macro's other arguments as HTML: `hx_get` → `hx-get`, `for_` → `for`, True alone, False not."""
    return (
        _written(tuple([(name, type(value), value) for name, value in values.items()]))
        if values
        else _NOTHING
    )


@lru_cache(maxsize=4096)  # by their types too: escaped text equals text that is not, and True equals 1
def _written(values: tuple[tuple[str, type, object], ...]) -> Markup:
    written = []
    for name, _, value in values:
        if value is None or value is False:
            continue
        word = name.rstrip("_").replace("_", "-")
        written.append(f" {word}" if value is True else f' {word}="{escape(value)}"')
    return Markup("".join(written))  # noqa: S704 - names are the templates' own, values are escaped


@lru_cache(maxsize=4096)
def initials(name: str | None) -> str:
    """The first letters of the first and the last word: `Maria da Silva` → `MS`; `?` for no name."""
    words = re.findall(r"[^\W_]+", name or "")
    if not words:
        return "?"
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


@lru_cache(maxsize=4096)
def hue_of(text: object) -> int:
    """One of twelve hues for a name, an app or a label; the same for the same text, for everybody."""
    return zlib.crc32(str(text).strip().casefold().encode()) % HUES


def picture(key: str | None) -> str:
    """Where the picture is that is kept under this key; nothing where there is none."""
    return path_of_picture(key) if key else ""


def iso(moment: datetime) -> str:
    """For the machine: what stands in `<time datetime>`."""
    return clock.iso(moment)


def short_time(moment: datetime) -> str:
    """For lists: `now`, `2m`, `5h`, `3d`, then the date, with its year where it is another one."""
    passed = clock.now() - moment
    if passed < timedelta(minutes=1):
        return gettext("now")
    for unit, length, limit in (("minute", 60, 60), ("hour", 3600, 24), ("day", 86400, 7)):
        count = int(passed.total_seconds()) // length
        if count < limit:
            return _narrow(count, unit, locale_here())
    local = _local(moment)
    same_year = local.year == _local(clock.now()).year
    return _of_day("MMMd" if same_year else "yMMMd", local.date(), locale_here())


def clock_time(moment: datetime) -> str:
    """For messages under a date: `14:05` or `2:05 PM`."""
    local = _local(moment)
    return _of_minute(local.hour, local.minute, locale_here())


def long_time(moment: datetime) -> str:
    """For titles and details: the date and the time, to the minute."""
    locale, local = locale_here(), _local(moment)
    pattern = str(locale.datetime_formats["medium"])
    return pattern.replace("{1}", _of_day("medium", local.date(), locale)).replace(
        "{0}", _of_minute(local.hour, local.minute, locale)
    )


def short_date(moment: datetime) -> str:
    """For tables: `20 Nov 2026`."""
    return _of_day("medium", _local(moment).date(), locale_here())


def day(moment: datetime) -> str:
    """For the line between two days of a thread: `Today`, `Friday 13 November`, then with the year."""
    local, today = _local(moment), _local(clock.now()).date()
    if local.date() == today:
        return gettext("Today")
    if local.date() == today - timedelta(days=1):
        return gettext("Yesterday")
    return _of_day("MMMMEEEEd" if local.year == today.year else "full", local.date(), locale_here())


# A page writes many moments, and few different ones: what a language makes of each is kept.
@lru_cache(maxsize=4096)
def _of_day(form: str, day: date, locale: Locale) -> str:
    if form in {"medium", "full"}:
        return format_date(day, form, locale=locale)
    return format_skeleton(_skeleton(form, locale), datetime.combine(day, time()), locale=locale)


@lru_cache(maxsize=4096)
def _of_minute(hour: int, minute: int, locale: Locale) -> str:
    return format_time(time(hour, minute), "short", locale=locale)


@lru_cache(maxsize=4096)
def _narrow(count: int, unit: str, locale: Locale) -> str:
    written = format_unit(count, f"duration-{unit}", length="narrow", locale=locale)
    if f"duration-{unit}" in written:  # a few languages have no narrow form
        return format_unit(count, f"duration-{unit}", length="short", locale=locale)
    return written


@lru_cache(maxsize=4096)
def _skeleton(form: str, locale: Locale) -> str:
    """The one that the language has for a form, or the most similar: to look for it takes a millisecond."""
    known = locale.datetime_skeletons
    return form if form in known else match_skeleton(form, known) or form


def _local(moment: datetime) -> datetime:
    return moment.astimezone(zone_here())
