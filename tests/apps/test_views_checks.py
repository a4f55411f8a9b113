"""“Check this app” on the pages, read as a careful person would; and in a sentence for agents."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.checks import AppCheck
from dashboard.apps.models.events import AppEvent
from dashboard.apps.schemas.verdicts import SENTENCES
from dashboard.apps.schemas.verdicts import WARNINGS
from dashboard.apps.views.checks import AT_MOST
from dashboard.extensions import db
from dashboard.extensions import limiter
from dashboard.lib import framing
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_app as make_dashboard_app
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page

APPS = "/accounts/{account}/settings/integrations/dashboard-apps"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
DESK = "http://localhost"


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def app_row(cast: Cast) -> DashboardApp:
    return make_dashboard_app(cast.acme, urls=("https://a.example/", "https://b.example/"))


@pytest.fixture
def path(cast: Cast, page: Page, app_row: DashboardApp) -> str:
    page.sign_in(cast.ada)
    return f"{APPS.format(account=cast.acme.id)}/{app_row.id}/check"


def find(app: DashboardApp, cause: str, *, number: int = 0, url: str = "", **fields: Any) -> AppCheck:
    """As if the check had found this."""
    url = url or app.urls[number]
    check = AppCheck(
        app_id=app.id, number=number, url=url, desk="https://desk.example", cause=cause, **fields
    )
    db.session.add(check)
    db.session.commit()
    return check


@pytest.mark.attack(48)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_door_is_for_administrators(page: Page, cast: Cast, app_row: DashboardApp, method: str) -> None:
    ask_the_ladder(page, cast, method, f"{APPS}/{app_row.id}/check")


def test_an_app_of_another_account_is_not_checked(page: Page, cast: Cast, path: str, jobs: Jobs) -> None:
    other = make_dashboard_app(cast.other)
    there = path.replace(path.split("/")[-2], str(other.id))

    page.get(there, expect=404)
    page.post(there, expect=404)

    assert jobs.waiting("apps.check") == []


def test_it_has_never_been_checked_is_being_checked_and_has_been(
    page: Page, path: str, jobs: Jobs, app_row: DashboardApp
) -> None:
    html = page.get(path)
    assert "says whether the app will be shown" in html.select_one("#app-check [role=status]").get_text()
    assert not html.select_one("#app-check").has_attr("hx-get")

    page.submit("#app-check form")
    (job,) = jobs.waiting("apps.check")
    assert job.args == {"app_id": app_row.id, "desk": DESK}
    assert db.session.scalars(select(AppEvent.kind)).all() == ["checked"]
    html = page.follow()
    assert "ten seconds at the most" in html.select_one("#app-check [role=status]").get_text()
    assert html.select_one("#app-check")["hx-get"] == path
    assert html.select_one("#app-check [role=status] a")["href"] == path

    db.session.delete(job)
    find(app_row, "frame_options", header="X-Frame-Options: DENY")
    find(app_row, "fine", number=1, warnings=["cookies"])
    part = page.get(path, headers=HTMX)
    assert part.find("html") is None
    first, second = part.select(".app-check-results > li")
    assert "https://a.example/" in first.get_text()
    assert "Not shown" in first.get_text()
    assert "forbids other sites to show it in a frame" in first.get_text()
    assert first.select_one(".app-check-header").get_text() == "X-Frame-Options: DENY"
    assert first.select_one("time") is not None
    assert "Browsers show this app" in second.get_text()
    assert "SameSite=None" in second.get_text()
    assert not part.select_one("#app-check").has_attr("hx-get")


@pytest.mark.attack(48)
def test_who_asks_again_and_again_is_told_to_wait(page: Page, path: str, cast: Cast, jobs: Jobs) -> None:
    most = int(AT_MOST.split("/")[0])
    for _ in range(most):
        page.post(path)
    page.post(path, expect=429)

    assert len(jobs.waiting("apps.check")) == 1
    page.get(path)


def test_an_address_that_has_changed_has_not_been_checked(
    page: Page, path: str, app_row: DashboardApp
) -> None:
    find(app_row, "fine", url="https://old.example/")
    find(app_row, "fine", number=1)

    first, second = page.get(path).select(".app-check-results > li")

    assert "Not checked yet" in first.get_text()
    assert "Browsers show this app" in second.get_text()


@pytest.mark.attack(47)
def test_hostile_headers_are_text(page: Page, path: str, app_row: DashboardApp, cast: Cast) -> None:
    script = "</code><script>alert(1)</script><img src=x onerror=alert(1)>"
    find(app_row, "ancestors", header=f"Content-Security-Policy: {script}")
    find(app_row, "elsewhere", number=1, about=f"https://{script}", header=f"Location: {script}")

    for address in (path, path.replace("/check", "/edit"), path.rsplit("/", 2)[0]):
        html = page.get(address)
        assert not html.select("main script:not([src]):not([type]), main img[onerror]")
    assert script in page.get(path).get_text()
    told = page.client.get(f"/accounts/{cast.acme.id}/apps/{app_row.id}/verdict")
    assert told.mimetype == "application/json"
    assert told.headers["X-Content-Type-Options"] == "nosniff"


def test_lines_to_paste_name_this_desk_where_they_help(page: Page, path: str, app_row: DashboardApp) -> None:
    check = find(app_row, "status", about="404")
    html = page.get(path)
    assert html.select("details") == []
    assert "404 Not Found" in html.get_text()

    check.cause, check.about, check.header = (
        "ancestors",
        "",
        "Content-Security-Policy: frame-ancestors 'none'",
    )
    html = page.get(path)

    assert [each.get_text() for each in html.select("details > summary")] == [
        "nginx",
        "Apache",
        "Caddy",
        "Express",
        "Flask",
        "Django",
        "Rails",
        "Laravel",
    ]
    for block in html.select("details"):
        assert DESK in block.select_one("pre").get_text()
        assert block.select_one("button[data-module=copy]")["aria-controls"] == block.select_one("pre")["id"]


def test_the_page_of_the_form_has_the_panel_and_the_list_a_mark(
    page: Page, path: str, cast: Cast, app_row: DashboardApp
) -> None:
    fine = make_dashboard_app(cast.acme, title="Bills", urls=("https://c.example/",))
    find(app_row, "frame_options", header="X-Frame-Options: DENY")
    find(fine, "internal")

    html = page.get(path.replace("/check", "/edit"))
    assert html.select_one("#app-check .app-check-header") is not None
    assert html.select_one("#app-check form")["action"] == path

    html = page.get(path.rsplit("/", 2)[0])
    (mark,) = html.select(f'#app-{app_row.id} a[href="{path}"]')
    assert mark.get_text().strip() == "Not shown"
    assert "Not shown" not in html.select_one(f"#app-{fine.id}").get_text()


def test_a_saved_address_is_checked_as_the_desk_was_opened(page: Page, path: str, jobs: Jobs) -> None:
    edit = path.replace("/check", "/edit")
    page.get(edit)
    page.submit("#app-form form", {"url": "https://new.example/"})

    (job,) = jobs.waiting("apps.check")
    assert job.args["desk"] == DESK


def test_an_agent_is_told_why_the_desk_does_not_show_it(
    page: Page, cast: Cast, app_row: DashboardApp
) -> None:
    find(app_row, "ancestors", header="Content-Security-Policy: frame-ancestors 'none'")
    find(app_row, "fine", number=1)
    address = f"/accounts/{cast.acme.id}/apps/{app_row.id}/verdict"

    page.sign_in(cast.bo)
    page.get(address)
    sentence = "The app allows frames on some sites, and https://desk.example is not among them."
    assert page.response is not None
    assert page.response.get_json() == {"frames": [{"verdict": "blocked", "sentence": sentence}, {}]}

    page.sign_in(cast.ada)
    page.get(address)
    assert page.response.get_json()["check"] == {
        "url": f"{APPS.format(account=cast.acme.id)}/{app_row.id}/check",
        "text": "Check this app",
    }


def test_what_somebody_does_not_see_tells_them_nothing(page: Page, cast: Cast, app_row: DashboardApp) -> None:
    hidden = make_dashboard_app(cast.acme, visibility={"agent_ids": [cast.cy.id]})
    foreign = make_dashboard_app(cast.other)

    page.sign_in(cast.bo)
    for app in (hidden, foreign):
        page.get(f"/accounts/{cast.acme.id}/apps/{app.id}/verdict", expect=404)
    page.sign_in(cast.eve)
    page.get(f"/accounts/{cast.acme.id}/apps/{app_row.id}/verdict", expect=404)
    page.sign_out()
    page.get(f"/accounts/{cast.acme.id}/apps/{app_row.id}/verdict", expect=302)


def test_every_cause_and_warning_has_a_sentence() -> None:
    assert set(SENTENCES) == set(framing.VERDICTS)
    assert set(WARNINGS) == set(framing.WARNINGS)
    assert max(map(len, framing.VERDICTS)) <= 20


def test_a_time_that_is_long_ago_is_told(page: Page, path: str, app_row: DashboardApp) -> None:
    check = find(app_row, "fine")
    check.checked_at -= timedelta(days=3)

    told = page.get(path).select_one(".app-check-results time")

    assert told is not None and told["datetime"].startswith(check.checked_at.date().isoformat())
