"""What happens to apps."""

from collections.abc import Collection
from collections.abc import Sequence
from typing import Unpack

from sqlalchemy import bindparam
from sqlalchemy import select

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.events import note_app_event
from dashboard.apps.queries.apps import Outline
from dashboard.apps.queries.apps import apps_of
from dashboard.apps.queries.apps import outlines_of
from dashboard.apps.schemas.content import MOST_APPS
from dashboard.apps.schemas.content import content_problems
from dashboard.apps.schemas.content import permitted
from dashboard.apps.schemas.content import tidy_title
from dashboard.apps.schemas.content import title_problems
from dashboard.apps.schemas.settings import Settings
from dashboard.apps.schemas.settings import checked
from dashboard.apps.schemas.variables import is_let
from dashboard.apps.serializers import features_of
from dashboard.apps.serializers import origins_of
from dashboard.extensions import db
from dashboard.lib.addresses import NO_RULES
from dashboard.lib.addresses import HouseRules
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_
from dashboard.lib.variables import variables_in
from dashboard.transactions import record
from dashboard.transactions import transaction

# The origins of all apps, and who may use what, stand in two headers of every page that shows them.
LONGEST_ORIGINS = 4096
SHOWN = ("chatwoot", "native")  # the formats whose apps speak first, and so can be told by it
_LOCK = select(Account.id).where(Account.id == bindparam("account_id")).with_for_update()


def add_app(
    account: Account,
    *,
    title: object,
    content: object,
    rules: HouseRules = NO_RULES,
    actor: User | None,
    **settings: Unpack[Settings],
) -> DashboardApp:
    """Show an app beside every conversation of the account.

    Raises:
        Invalid: the title, the content or a setting cannot be used, or the account has too many.
    """
    frames = permitted(content)
    _check(title_problems(title) + content_problems(frames, rules))
    values = checked(settings)
    with transaction():
        _lock(account.id)
        others = outlines_of(account.id)
        _check_room(others)
        app = DashboardApp(
            account_id=account.id,
            user_id=actor.id if actor else None,
            title=tidy_title(title),
            content=frames,
            position=max((other.position for other in others), default=0) + 1,
            **values,
        )
        db.session.add(app)
        db.session.flush()
        _check_variables(app)
        _check_headers([*others, app])
        note_app_event(app, "created", actor=actor)
        record("dashboard_app.created", app=app, performer=actor)
    return app


def change_app(
    app: DashboardApp,
    *,
    title: object = None,
    content: object = None,
    rules: HouseRules = NO_RULES,
    actor: User | None,
    **settings: Unpack[Settings],
) -> None:
    """Change what is given.

    Raises:
        Invalid: a value cannot be used.
    """
    frames = permitted(content)
    problems = [] if title is None else title_problems(title)
    if content is not None:
        problems += content_problems(frames, rules)
    _check(problems)
    values = checked(settings)
    with transaction():
        _lock(app.account_id)
        everybody = apps_of(app.account_id)
        before = {name: getattr(app, name) for name in ("title", "content", *values)}
        if title is not None:
            app.title = tidy_title(title)
        for name, value in values.items():
            setattr(app, name, value)
        if content is not None:
            app.content = frames  # type: ignore[assignment]  # the schema has said that it is a list
        _check_variables(app)
        _check_headers(everybody)
        changed = sorted(name for name, value in before.items() if getattr(app, name) != value)
        if changed:
            note_app_event(app, "updated", actor=actor, detail={"changed": changed})
        record("dashboard_app.updated", app=app, performer=actor)


def remove_app(app: DashboardApp, *, actor: User | None) -> None:
    """Take the app away from every conversation. Nothing of it is kept but its log."""
    with transaction():
        note_app_event(app, "deleted", actor=actor)
        record("dashboard_app.deleted", app=app, performer=actor)
        db.session.delete(app)


def order_apps(account: Account, app_ids: Sequence[int], *, actor: User | None) -> None:
    """Put the tabs into this order. Apps that are not named follow in the order that they have.

    Numbers of apps that are gone, or of other accounts, are passed over: the page that sends them may be old.
    """
    with transaction():
        _lock(account.id)
        apps = apps_of(account.id)
        wish = {app_id: place for place, app_id in enumerate(app_ids)}
        apps.sort(key=lambda app: wish.get(app.id, len(wish)))  # stable
        for place, app in enumerate(apps, start=1):
            if app.position != place:
                app.position = place
                note_app_event(app, "updated", actor=actor, detail={"changed": ["position"]})
                record("dashboard_app.updated", app=app, performer=actor)


def learn_format(app: DashboardApp, *, shown: str) -> None:
    """An app of the automatic format has shown in whose words it speaks: it gets that format from now on.

    Anybody who sees the app may report this, so it can do nothing else.
    """
    if app.format != "auto" or shown not in SHOWN:
        return
    with transaction():
        app.format = shown
        note_app_event(app, "updated", actor=None, detail={"changed": ["format"]})
        record("dashboard_app.updated", app=app, performer=None)


def _check(problems: list[Problem]) -> None:
    if problems:
        raise Invalid.of(problems)


def _lock(account_id: int) -> None:
    """One change of the apps of an account at a time: two at once cannot pass a limit together."""
    db.session.execute(_LOCK, {"account_id": account_id})


def _check_room(others: Collection[Outline]) -> None:
    if len(others) >= MOST_APPS:
        raise Invalid(
            "base", N_("An account may have at most %(most)s apps. Remove one first."), most=MOST_APPS
        )


def _check_variables(app: DashboardApp) -> None:
    """An address tells what it names to the app's own server: no more than the app may see."""
    beyond = [
        Problem("content", N_("This app is not let see %(name)s."), {"name": name}, f"/content/{place}/url")
        for place, url in enumerate(app.urls)
        for name in variables_in(url)
        if not is_let(name, app.scopes)
    ]
    _check(beyond[:1])


def _check_headers(apps: Sequence[DashboardApp | Outline]) -> None:
    """What pages with these apps say of them to the browser."""
    origins = origins_of(apps)
    features = [word for feature, allowed in features_of(apps).items() for word in (feature, *allowed)]
    if len(" ".join([*origins, *features])) > LONGEST_ORIGINS:
        raise Invalid(
            "base",
            N_("The apps of this account have too many different hosts. Put some behind one host."),
        )
