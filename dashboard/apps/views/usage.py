"""How an app is used: agents' pages tell it, administrators see it in charts."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from babel.numbers import format_decimal
from babel.units import format_unit
from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.accounts.permissions import Permission
from dashboard.apps.operations.usage import note_page
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import app_seen_by
from dashboard.apps.queries.usage import PERIODS
from dashboard.apps.queries.usage import Usage
from dashboard.apps.queries.usage import usage_of
from dashboard.apps.schemas.usage import CALL
from dashboard.apps.schemas.usage import CONTEXT
from dashboard.apps.schemas.usage import LOAD
from dashboard.apps.schemas.usage import TOLD
from dashboard.apps.views.limits import app_and_agent
from dashboard.extensions import limiter
from dashboard.http import arguments
from dashboard.http.bodies import body
from dashboard.http.bodies import checked
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.filters import clock_time
from dashboard.http.filters import short_date
from dashboard.http.guards import requires
from dashboard.http.locale import locale_here
from dashboard.http.locale import zone_here
from dashboard.lib import charts
from dashboard.lib.errors import NotFound
from dashboard.lib.text import N_

LARGEST = 4 << 10  # bytes that a page tells at once
AT_MOST = "30/minute"  # of one app for one agent: a page tells every ten seconds at most
USUAL = "7d"
NAMES = {"24h": N_("24 hours"), "7d": N_("7 days"), "30d": N_("30 days")}

bp = Blueprint("usage", __name__)
telling = Blueprint("app_usage", __name__, url_prefix="/accounts/<int:account_id>/apps")


@telling.post("/<int:app_id>/usage")
@limiter.limit(AT_MOST, key_func=app_and_agent)
@requires(Permission.APPS_SEE)
def tell(app_id: int) -> ResponseReturnValue:
    """What an agent's page has counted of an app since it told the last time."""
    app = app_seen_by(current_membership(), app_id)
    if len(request.get_data(cache=True)) > LARGEST:
        raise RequestEntityTooLarge
    words = checked(body(), TOLD)
    try:
        note_page(app, words, agent=current_user())
    except IntegrityError:  # the app has been deleted meanwhile
        raise NotFound from None
    return "", 204


@bp.get("/<int:app_id>/usage")
@requires(Permission.APPS_MANAGE)
def show(app_id: int) -> ResponseReturnValue:
    """Of one app, over a day, a week or a month."""
    app = app_of(current_account().id, app_id)
    wish = arguments.word("period")
    name = wish if wish in PERIODS else USUAL
    whole, bars = usage_of(app, PERIODS[name], zone=zone_here())
    labels = [_label(usage, PERIODS[name].step) for usage in bars]
    return render_template(
        "apps/usage.html",
        app=app,
        period=name,
        periods=NAMES,
        whole=whole,
        rows=list(zip(labels, bars, strict=True)),
        charts=list(_charts(whole, bars, labels)),
    )


@dataclass(frozen=True)
class Column:
    """What a chart says of one of its bars, and how that looks; `back` stands behind it."""

    text: str
    bar: charts.Bar
    back: charts.Bar | None = None


@dataclass(frozen=True)
class Chart:
    name: str
    title: str
    value: str
    about: str
    columns: list[Column]
    labels: list[str]
    back: str = ""
    notes: list[str] = field(default_factory=list)
    is_bad: bool = False


@bp.app_template_filter()
def duration(milliseconds: int | None) -> str:
    """`420 ms`, `1.2 sec`; a dash where nothing was measured."""
    if milliseconds is None:
        return "–"
    unit, value = ("second", milliseconds / 1000) if milliseconds >= 1000 else ("millisecond", milliseconds)
    return format_unit(value, f"duration-{unit}", length="short", format="#,##0.#", locale=locale_here())


def _charts(whole: Usage, bars: list[Usage], labels: list[str]) -> Iterator[Chart]:
    every = [whole, *bars]
    asked = whole.measured(CALL)
    requests = (
        [ngettext("%(count)s request", "%(count)s requests", asked, count=_number(asked))] if asked else []
    )
    yield _of_counts("opened", gettext("Opened"), [usage.opened for usage in every], labels)
    yield _of_counts("agents", gettext("Agents who opened it"), [usage.agents for usage in every], labels)
    yield _of_times(LOAD, gettext("Time to load"), every, labels)
    yield _of_times(CONTEXT, gettext("Time to first context"), every, labels)
    yield replace(_of_times(CALL, gettext("Requests to the desk"), every, labels), notes=requests)
    errors = _of_counts("errors", gettext("Errors"), [usage.errors for usage in every], labels)
    yield replace(errors, is_bad=True, notes=list(_causes(whole)))
    blocked = _of_counts("blocked", gettext("Blocked navigations"), [each.blocked for each in every], labels)
    yield replace(blocked, is_bad=True)


def _of_counts(name: str, title: str, counts: list[int], labels: list[str]) -> Chart:
    """Of the whole and of each bar."""
    total, *values = counts
    texts = [_number(value) for value in values]
    most = max(values)
    drawn = charts.bars(values, top=most)
    columns = [Column(f"{label}: {text}", bar) for label, text, bar in zip(labels, texts, drawn, strict=True)]
    peak = values.index(most)
    about = gettext("At most %(value)s: %(when)s.", value=texts[peak], when=labels[peak]) if most else ""
    return Chart(name, title, _number(total), about, columns, labels)


def _of_times(measure: str, title: str, usages: list[Usage], labels: list[str]) -> Chart:
    """The same of durations: the half that was quicker, and behind it nearly all."""
    half, *halves = [usage.duration(measure, 0.5) for usage in usages]
    nearly, *most = [usage.duration(measure, 0.95) for usage in usages]
    top = max((value for value in most if value), default=0)
    texts = [f"{duration(one)} / {duration(other)}" for one, other in zip(halves, most, strict=True)]
    columns = [
        Column(f"{label}: {text}", bar, back)
        for label, text, bar, back in zip(
            labels, texts, charts.bars(halves, top=top), charts.bars(most, top=top), strict=True
        )
    ]
    slowest = labels[most.index(top)] if top else ""
    about = gettext("Slowest: %(when)s, %(value)s.", when=slowest, value=duration(top)) if top else ""
    return Chart(measure, title, duration(half), about, columns, labels, back=duration(nearly))


def _causes(whole: Usage) -> Iterator[str]:
    count = whole.not_up
    if count:
        yield ngettext(
            "%(count)s time it did not come up",
            "%(count)s times it did not come up",
            count,
            count=_number(count),
        )
    count = whole.refused
    if count:
        yield ngettext(
            "%(count)s request was refused or failed",
            "%(count)s requests were refused or failed",
            count,
            count=_number(count),
        )


def _label(usage: Usage, step: int) -> str:
    """Its hour, or the day in whose middle it is: where clocks change, it may begin an hour off."""
    return clock_time(usage.start) if step == 1 else short_date(usage.middle)


def _number(value: int) -> str:
    return format_decimal(value, locale=locale_here())
