"""“Check this app”: ask for its pages as a browser would, and keep what a frame of the desk makes of them."""

import time
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin
from urllib.parse import urlsplit

from sqlalchemy import delete
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.apps.models.apps import LIVE
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.checks import AppCheck
from dashboard.apps.operations.events import note_app_event
from dashboard.apps.queries.checks import last_desk_of
from dashboard.extensions import db
from dashboard.extensions import desk_url
from dashboard.extensions import settings
from dashboard.lib import clock
from dashboard.lib import hosts
from dashboard.lib import outgoing
from dashboard.lib.addresses import PLACEHOLDER
from dashboard.lib.addresses import has_ipv6_host
from dashboard.lib.addresses import is_blocked_on_https
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid
from dashboard.lib.framing import Seen
from dashboard.lib.framing import Verdict
from dashboard.lib.framing import judge
from dashboard.lib.framing import led_to
from dashboard.lib.framing import may_enter
from dashboard.queue.operations import enqueue
from dashboard.queue.operations import is_promised
from dashboard.transactions import let_others_write
from dashboard.transactions import transaction

CHECK = "apps.check"
DEADLINE = 9.5  # seconds for an endpoint, with every redirection: its verdict is there after ten
MOST_MOVES = 5
BETWEEN = timedelta(seconds=2)  # apps of a night begin so far apart
# How a browser asks for what is to stand in a frame.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; Deskframe)",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "identity",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "iframe",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "cross-site",
}
# What went wrong on the way, as a cause. A port that is closed, silent or speaks of something else is one and
# the same: nobody finds out here what runs where.
_CAUSES = {"dns": "dns", "tls": "tls", "private_address": "internal", "too_large": "unreadable"}


def check_on_demand(app: DashboardApp, *, actor: User) -> None:
    """Somebody wants to know now."""
    with transaction():
        note_app_event(app, "checked", actor=actor)
        ask_for_check(app)


def ask_for_check(app: DashboardApp) -> None:
    """Have a job look at every endpoint, as this desk would frame it."""
    enqueue(CHECK, key=_key(app.id), app_id=app.id, desk=desk_url())


def is_being_checked(app: DashboardApp) -> bool:
    """Whether a job that will look at the app waits or works."""
    return is_promised(_key(app.id))


def ask_for_all() -> None:
    """Have jobs look at every app that is in use, one after the other."""
    in_use = select(DashboardApp.id).where(DashboardApp.state == LIVE).order_by(DashboardApp.id)
    now = clock.now()
    with transaction():
        for place, app_id in enumerate(db.session.scalars(in_use).all()):
            desk = settings().public_url or last_desk_of(app_id) or desk_url()
            enqueue(CHECK, key=_key(app_id), due_at=now + place * BETWEEN, app_id=app_id, desk=desk)


def check_app(app_id: int, *, desk: str) -> None:
    """Look at every endpoint, all at once, and keep what was found in place of what was known."""
    app = db.session.get(DashboardApp, app_id)
    if app is None:
        return
    urls, others, own_port = app.urls, tuple(app.frame_origins), settings().port
    features = tuple(app.features)
    let_others_write()
    with ThreadPoolExecutor(max(len(urls), 1), thread_name_prefix="check") as pool:
        look = partial(look_at, desk=desk, own_port=own_port, others=others, features=features)
        verdicts = list(pool.map(look, urls))
    with transaction():
        app = db.session.get(DashboardApp, app_id, populate_existing=True, with_for_update=True)
        if app is None:
            return
        db.session.execute(delete(AppCheck).where(AppCheck.app_id == app_id))
        for number, (url, verdict) in enumerate(zip(urls, verdicts, strict=True)):
            db.session.add(_row(app_id, number, url, desk, verdict))


def look_at(
    url: str, *, desk: str, own_port: int, others: Sequence[str] = (), features: Sequence[str] = ()
) -> Verdict:
    """What a browser that has this desk open makes of an address; its frame may also show the `others`, and
    use these features."""
    try:
        app = origin_of(url)
    except Invalid:
        return Verdict("address")
    if app == desk:
        return Verdict("own")
    if has_ipv6_host(url):
        return Verdict("ipv6")
    if desk.startswith("https:") and is_blocked_on_https(url):
        return Verdict("mixed")
    end = time.monotonic() + DEADLINE
    allowed = (app, *others)
    verdict = _asked(url, allowed=allowed, desk=desk, own_port=own_port, end=end, features=features)
    return verdict.warned(*_of_networks(app, desk, end))


def _asked(
    url: str, *, allowed: Sequence[str], desk: str, own_port: int, end: float, features: Sequence[str]
) -> Verdict:
    """Follow it as a frame of the desk may go, each step looked at anew, and judge where it ends."""
    headers = {**HEADERS, "Referer": f"{desk}/"}
    at = PLACEHOLDER.sub("1", url)
    stands_in, origin = at != url, allowed[0]
    for _ in range(MOST_MOVES + 1):
        answer = outgoing.head(at, headers, deadline=end - time.monotonic(), own_port=own_port)
        if answer.error:
            return Verdict(_CAUSES.get(answer.error, "unreachable"))
        if answer.status not in outgoing.MOVED or not answer.location:
            seen = Seen(answer.status, answer.headers, origin, urlsplit(at).path, features)
            return judge(seen, app=allowed[0], desk=desk, stands_in=stands_in)
        try:
            at, origin = _next(at, answer.location)
        except (Invalid, ValueError):
            return Verdict("unreadable")
        if not may_enter(origin, allowed=allowed, desk=desk):
            return led_to(at)
    return Verdict("moved")


def _next(at: str, location: str) -> tuple[str, str]:
    """Where a redirection leads, and its origin. What browsers may read in another way is not guessed at."""
    target = location.encode("latin-1").decode("utf-8")
    if "\\" in target or any(ord(letter) <= 32 or ord(letter) == 127 for letter in target):
        raise ValueError("not plain")
    url = urljoin(at, target)
    parts = urlsplit(url)
    return url, origin_of(f"{parts.scheme}://{parts.netloc}/")


def _of_networks(app: str, desk: str, end: float) -> Iterator[str]:
    """Browsers ask people before a page of the public internet reaches into their own network."""
    names = [urlsplit(origin).hostname or "" for origin in (app, desk)]
    are_public = [hosts.is_everybodys(name, deadline=end - time.monotonic()) for name in names]
    if are_public == [False, True]:
        yield "local_network"


def _row(app_id: int, number: int, url: str, desk: str, verdict: Verdict) -> AppCheck:
    return AppCheck(
        app_id=app_id,
        number=number,
        url=url,
        desk=desk,
        cause=verdict.cause,
        header=verdict.header,
        about=verdict.about,
        warnings=list(verdict.warnings),
    )


def _key(app_id: int) -> str:
    return f"{CHECK}:{app_id}"
