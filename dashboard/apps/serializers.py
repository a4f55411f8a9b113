"""Apps as the API shows them, and as the page hands them to its frame host."""

from collections.abc import Collection
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.keys import SigningKey
from dashboard.apps.queries.apps import Outline
from dashboard.apps.queries.apps import Told
from dashboard.apps.schemas.framing import allowance
from dashboard.apps.schemas.variables import Reader
from dashboard.apps.schemas.variables import address_for
from dashboard.lib import clock
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid
from dashboard.lib.variables import has_variables


def app_json(app: DashboardApp | Told) -> dict[str, Any]:
    """One app: upstream's four keys and the three more that its guide promises."""
    return {
        "id": app.id,
        "title": app.title,
        "content": app.content,
        "user_id": app.user_id,
        "account_id": app.account_id,
        "created_at": clock.iso(app.created_at),
        "updated_at": clock.iso(app.updated_at),
    }


def key_json(key: SigningKey) -> dict[str, str | None]:
    """A key as whoever runs the desk sees it: never its private half."""
    return {
        "kid": key.kid,
        "active_from": clock.iso(key.active_from),
        "retire_at": clock.iso(key.retire_at) if key.retire_at else None,
    }


def app_frames(
    apps: Iterable[DashboardApp], reader: Reader, *, closed: Collection[int] = ()
) -> list[dict[str, Any]]:
    """What the frame host reads in the page's `#apps` block; `closed` are those not for what is open."""
    return [
        {
            "id": app.id,
            "title": app.title,
            "format": app.format,
            "reload": app.reloads,
            "places": app.places,
            "frames": [_frame(app, url, reader) for url in _usable(app)],
            **_learning(app),
            **_own_context(app),
            **({"closed": True} if app.id in closed else {}),
            **_launching(app),
        }
        for app in apps
    ]


def _learning(app: DashboardApp) -> dict[str, str]:
    """Where the page tells which format it has found out, as long as that is a question."""
    return {"learn_url": f"/accounts/{app.account_id}/apps/{app.id}/format"} if app.format == "auto" else {}


def _own_context(app: DashboardApp) -> dict[str, Any]:
    """Where the page gets what it may tell this app, if that is not what stands in the page; and whether that
    holds a token, which lasts two minutes."""
    if not app.has_own_context:
        return {}
    address = f"/accounts/{app.account_id}/apps/{app.id}/context"
    return {"context_url": address, **({"signed": True} if app.hears_token else {})}


def pinned_origins(app: DashboardApp | Outline) -> list[str]:
    """Every origin that is told something: those of its own addresses."""
    found = set()
    for url in app.urls:
        with suppress(Invalid):  # as in `_usable`
            found.add(origin_of(url))
    return sorted(found)


def _launching(app: DashboardApp) -> dict[str, str]:
    """Where the page asks, each time it opens a frame, for the token that the app wants to get."""
    return {"launch_url": f"/accounts/{app.account_id}/apps/{app.id}/launch"} if app.launch != "none" else {}


def form_origins_of(apps: Iterable[DashboardApp]) -> list[str]:
    """Every origin to which a page with these apps sends a token in a form."""
    return sorted({origin for app in apps if app.launch == "post" for origin in pinned_origins(app)})


def origins_of(apps: Iterable[DashboardApp | Outline]) -> list[str]:
    """Every origin that a page with these apps must be allowed to frame."""
    known = list(apps)
    pinned = {origin for app in known for origin in pinned_origins(app)}
    return sorted(pinned.union(*(app.frame_origins for app in known)))


def features_of(apps: Iterable[DashboardApp | Outline]) -> dict[str, list[str]]:
    """Which origins a page with these apps must let use which features of the browser."""
    found: dict[str, set[str]] = {}
    for app in apps:
        for feature in app.features:
            found.setdefault(feature, set()).update(pinned_origins(app))
    return {feature: sorted(origins) for feature, origins in found.items()}


def _usable(app: DashboardApp) -> list[str]:
    """An address is asked again before it is shown: a row may be older than today's rule."""
    usable = []
    for url in app.urls:
        try:
            origin_of(url)
        except Invalid:
            continue
        usable.append(url)
    return usable


def _frame(app: DashboardApp, url: str, reader: Reader) -> dict[str, str]:
    """Where it is opened from, for this reader; or what to say to them instead."""
    known = {"origin": origin_of(url), **_rights(app, url)}
    try:
        return {"url": address_for(url, reader, scopes=app.scopes) if has_variables(url) else url, **known}
    except Invalid as error:
        return {"url": "", "says": reader.say(error.problems[0]), **known}


def _rights(app: DashboardApp, url: str) -> dict[str, str]:
    """What its frame gets beyond the least: most apps, nothing."""
    given = {"sandbox": " ".join(app.sandbox), "allow": allowance(app.features, origin_of(url))}
    return {name: words for name, words in given.items() if words}
