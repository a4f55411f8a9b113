"""Apps that try to leave: what is kept of it, and the one click that lets them be shown, and told nothing."""

from datetime import timedelta

import pytest

from dashboard.apps.models.events import AppEvent
from dashboard.apps.models.violations import AppViolation
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.operations.violations import MOST_KEPT
from dashboard.apps.operations.violations import allow_origin
from dashboard.apps.operations.violations import note_violation
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.violations import violations_of
from dashboard.apps.serializers import app_frames
from dashboard.apps.serializers import origins_of
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_reader
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page

LOGIN = "https://login.example"
NOT_ORIGINS = [
    "",
    None,
    "null",
    "*",
    "https://*.example",
    "https://a;sandbox",
    "https://a,b.example",
    "https://x' 'none",
    "https://a.example https://b.example",
    "https://a.example\r\nX-Injected: 1",
    "javascript:alert(1)",
    "data:text/html,x",
    "login.example",
    "//login.example",
    "https://login.example/path",
    "https://login.example?x",
    "https://login.example/?x",
    "https://login.example#x",
    "https://user@login.example",
    "https://login.example:0",
    "https://2130706433",
    "https://{{contact.id}}.example",
]


def door(cast: Cast, app_id: int) -> str:
    return f"/accounts/{cast.acme.id}/apps/{app_id}/violations"


def told(page: Page, cast: Cast, app_id: int, origin: str, *, expect: int = 204) -> None:
    page.post(door(cast, app_id), {"origin": origin}, expect=expect)


def test_the_door_of_the_administrator_asks_who_is_there(page: Page, cast: Cast) -> None:
    path = f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/{make_app(cast.acme).id}"

    ask_the_ladder(page, cast, "POST", f"{path}/frame-origins")


def test_strangers_and_forged_requests_tell_nothing(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme)

    page.sign_in(cast.eve)
    told(page, cast, app.id, LOGIN, expect=404)
    page.sign_in(cast.bo)
    assert page.client.post(door(cast, app.id), data={"origin": LOGIN}).status_code == 400

    assert violations_of(app) == []


def test_what_an_agents_page_tells_is_counted(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme)
    page.sign_in(cast.bo)

    told(page, cast, app.id, LOGIN)
    told(page, cast, app.id, LOGIN, expect=429)
    clock.shift(timedelta(seconds=2))
    told(page, cast, app.id, "https://LOGIN.example:443/")
    clock.shift(timedelta(seconds=4))
    told(page, cast, app.id, "http://pay.example:8080")

    assert [(each.origin, each.count) for each in violations_of(app)] == [
        ("http://pay.example:8080", 1),
        (LOGIN, 2),
    ]
    logged = [(each.user_id, each.detail) for each in db.session.query(AppEvent).order_by(AppEvent.id)]
    assert logged == [(cast.bo.id, {"origin": LOGIN}), (cast.bo.id, {"origin": "http://pay.example:8080"})]


@pytest.mark.parametrize("origin", NOT_ORIGINS)
def test_only_an_origin_of_the_strict_grammar_is_kept_or_allowed(cast: Cast, origin: str) -> None:
    app = make_app(cast.acme)

    with pytest.raises(Invalid):
        note_violation(app, origin, actor=cast.bo)
    with pytest.raises(Invalid):
        allow_origin(app, origin, actor=cast.ada)
    with pytest.raises(Invalid):
        change_app(app, frame_origins=[origin], actor=cast.ada)

    assert violations_of(app) == []
    assert app.frame_origins == []


def test_what_is_no_origin_and_an_app_of_others_are_refused_at_the_door(page: Page, cast: Cast) -> None:
    page.sign_in(cast.bo)

    told(page, cast, make_app(cast.acme).id, "https://a;sandbox", expect=422)
    told(page, cast, make_app(cast.other).id, LOGIN, expect=404)

    assert db.session.query(AppViolation).count() == 0


def test_the_newest_origins_are_kept(cast: Cast) -> None:
    app = make_app(cast.acme)

    for place in range(MOST_KEPT + 3):
        clock.shift(timedelta(seconds=2 * place))
        assert note_violation(app, f"https://a{place}.example", actor=cast.bo)

    kept = [each.origin for each in violations_of(app)]
    assert kept == [f"https://a{place}.example" for place in range(MOST_KEPT + 2, 2, -1)]


def test_what_is_kept_goes_with_the_app(cast: Cast) -> None:
    app = make_app(cast.acme)
    note_violation(app, LOGIN, actor=cast.bo)

    remove_app(app, actor=cast.ada)

    assert db.session.query(AppViolation).count() == 0


def test_an_origin_that_may_be_shown_is_in_the_policy_and_in_no_frame(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme, frame_origins=[LOGIN])
    page.sign_in(cast.bo)

    page.get(f"/accounts/{cast.acme.id}/conversations")

    assert f"frame-src https://app.example.com {LOGIN}" in page.response.headers["Content-Security-Policy"]
    assert origins_of([app]) == ["https://app.example.com", LOGIN]
    assert LOGIN not in str(app_frames([app], make_reader(cast.acme, cast.bo)))


def test_too_many_origins_are_refused_as_are_too_long_ones_together(cast: Cast) -> None:
    app = make_app(cast.acme)
    host = "a" * 60

    change_app(app, frame_origins=[f"https://a{place}.example" for place in range(20)], actor=cast.ada)
    with pytest.raises(Invalid, match="at most 20"):
        change_app(app, frame_origins=[f"https://a{place}.example" for place in range(21)], actor=cast.ada)
    for letter in "bcd":
        other = make_app(cast.acme)
        change_app(
            other, frame_origins=[f"https://{host}.{letter}{place}.eu" for place in range(15)], actor=cast.ada
        )
    with pytest.raises(Invalid, match="many different hosts"):
        change_app(app, frame_origins=[f"https://{host}.a{place}.eu" for place in range(20)], actor=cast.ada)


def test_the_apps_page_says_where_it_wanted_to_go_and_one_click_lets_it(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme)
    note_violation(app, LOGIN, actor=cast.bo)
    clock.shift(timedelta(minutes=1))
    note_violation(app, LOGIN, actor=cast.bo)
    page.sign_in(cast.ada)
    path = f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/{app.id}"

    html = page.get(path)
    said = html.select_one(".app-violations li")
    assert said is not None
    assert " ".join(said.get_text().split()).startswith("https://login.example 2 times, last ")
    form = said.select_one("form")
    assert form is not None
    page.post(str(form["action"]), {"origin": LOGIN}, expect=303)

    html = page.get(path)
    assert html.select_one(".app-violations") is None
    assert app_of(cast.acme.id, app.id).frame_origins == [LOGIN]
    html = page.get(f"{path}/edit")
    assert html.select_one("textarea[name=frame_origins]").get_text().strip() == LOGIN  # type: ignore[union-attr]


def test_the_desk_itself_cannot_be_allowed(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme)
    page.sign_in(cast.ada)
    path = f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/{app.id}"

    page.post(f"{path}/frame-origins", {"origin": "http://localhost"}, expect=303)

    assert "address of the desk itself" in page.get(path).get_text()
    assert app_of(cast.acme.id, app.id).frame_origins == []


def test_origins_are_typed_on_lines_and_what_is_wrong_stands_beside_them(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme)
    page.sign_in(cast.ada)
    path = f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/{app.id}/edit"
    saved = {"title": "Orders", "url": ["https://app.example.com/"], "view": "fields", "placement": "side"}

    html = page.post(path, {**saved, "frame_origins": f"{LOGIN}\nhttps://pay.example/in"}, expect=422)

    assert "https://pay.example" in html.select_one("#frame_origins-error").get_text()  # type: ignore[union-attr]
    typed = html.select_one("details[open] textarea[name=frame_origins]")
    assert typed is not None
    assert typed.get_text().split() == [LOGIN, "https://pay.example/in"]

    page.post(path, {**saved, "frame_origins": f"\n {LOGIN}/ \r\n\r\nhttps://PAY.example\n"}, expect=303)
    db.session.expire_all()
    assert app_of(cast.acme.id, app.id).frame_origins == [LOGIN, "https://pay.example"]
