"""What the frame of an app may do: an administrator chooses, told to the browser in two places alike."""

import re

import pytest

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import apps_of
from dashboard.apps.schemas.framing import FEATURES
from dashboard.apps.schemas.framing import SANDBOX
from dashboard.apps.serializers import app_frames
from dashboard.extensions import db
from dashboard.http.headers import permissions_policy
from dashboard.lib.errors import Invalid
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_reader
from tests.support.page import Page

LOCKED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
NEW = "/accounts/{account}/settings/integrations/dashboard-apps/new"
SAVED = {"title": "Orders", "url": ["https://app.example.com/"], "view": "fields", "placement": "side"}


def content(*urls: str) -> list[dict[str, str]]:
    return [{"type": "frame", "url": url} for url in urls]


def test_no_app_may_lead_the_page_elsewhere() -> None:
    assert not [word for word in SANDBOX if "top-navigation" in word]


def test_an_app_with_nothing_more_says_nothing_more(cast: Cast) -> None:
    (host,) = app_frames([make_app(cast.acme)], make_reader(cast.acme, cast.bo))

    assert host["frames"] == [{"url": "https://app.example.com/", "origin": "https://app.example.com"}]


def test_a_feature_is_for_the_pinned_origin_of_each_frame(cast: Cast) -> None:
    app = make_app(
        cast.acme,
        urls=("https://a.example/x", "https://b.example:8443/y"),
        sandbox=["allow-modals", "allow-pointer-lock"],
        features=["clipboard-write", "microphone"],
    )

    (host,) = app_frames([app], make_reader(cast.acme, cast.bo))

    first, second = host["frames"]
    assert first["sandbox"] == second["sandbox"] == "allow-modals allow-pointer-lock"
    assert first["allow"] == "clipboard-write https://a.example; microphone https://a.example"
    assert second["allow"] == "clipboard-write https://b.example:8443; microphone https://b.example:8443"
    assert "*" not in first["allow"] + second["allow"]


def test_a_pages_own_policy_names_the_same_origins(page: Page, cast: Cast) -> None:
    make_app(cast.acme, urls=("https://a.example/",), features=["microphone", "clipboard-read"])
    make_app(cast.acme, urls=("https://b.example/",), features=["microphone"])
    page.sign_in(cast.bo)

    page.get(f"/accounts/{cast.acme.id}/conversations")

    assert page.response.headers["Permissions-Policy"] == (
        'camera=(), clipboard-read=(self "https://a.example"), geolocation=(), '
        'microphone=(self "https://a.example" "https://b.example"), payment=(), usb=()'
    )


def test_a_page_without_apps_keeps_everything_locked(page: Page, cast: Cast) -> None:
    make_app(cast.acme, features=["microphone"])
    page.sign_in(cast.ada)

    page.get(f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps")

    assert page.response.headers["Permissions-Policy"] == LOCKED == permissions_policy({})


@pytest.mark.parametrize(
    "settings",
    [
        {"sandbox": ["allow-top-navigation"]},
        {"sandbox": ["allow-top-navigation-by-user-activation"]},
        {"sandbox": ["allow-modals allow-top-navigation"]},
        {"sandbox": "allow-modals"},
        {"sandbox": [["allow-modals"]]},
        {"features": ["microphone *"]},
        {"features": ["microphone\r\nX-Injected: 1"]},
        {"features": ["usb"]},
        {"features": {"microphone": "*"}},
        {"features": None},
    ],
)
def test_what_is_not_in_the_list_is_refused(cast: Cast, settings: dict[str, object]) -> None:
    app = make_app(cast.acme)

    with pytest.raises(Invalid):
        change_app(app, actor=cast.ada, **settings)  # type: ignore[arg-type]


def test_words_are_kept_once_and_in_the_order_of_the_list(cast: Cast) -> None:
    app = make_app(cast.acme)

    change_app(app, features=["camera", "microphone", "camera"], actor=cast.ada)

    assert app.features == ["microphone", "camera"]


def test_what_the_headers_say_of_all_apps_together_has_a_limit(cast: Cast) -> None:
    host = "a" * 60
    urls = [f"https://{host}{place}.example/" for place in range(10)]
    add_app(cast.acme, title="One", content=content(*urls), actor=cast.ada)
    app = add_app(cast.acme, title="Two", content=content(*urls), actor=cast.ada)

    with pytest.raises(Invalid, match="many different hosts"):
        change_app(app, features=list(FEATURES), actor=cast.ada)
    db.session.refresh(app)

    assert app.features == []
    change_app(app, features=["fullscreen"], actor=cast.ada)
    with pytest.raises(Invalid, match="many different hosts"):
        add_app(cast.acme, title="Three", content=content(*urls), features=list(FEATURES), actor=cast.ada)
    assert [each.title for each in apps_of(cast.acme.id)] == ["One", "Two"]


def test_nothing_is_ticked_at_first_and_the_section_is_folded(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)

    html = page.get(NEW.format(account=cast.acme.id))

    boxes = html.select("details.app-rights input[type=checkbox]")
    assert [str(box["value"]) for box in boxes] == [*SANDBOX, *FEATURES]
    assert not [box for box in boxes if box.has_attr("checked")]
    assert html.select_one("details.app-rights[open]") is None
    summary = html.select_one("details.app-rights summary")
    assert summary is not None
    assert summary.get_text(strip=True) == "What its frame may do"
    assert not re.search(r"allow-|sandbox", html.select_one("details.app-rights").get_text())  # type: ignore[union-attr]


def test_what_is_ticked_is_saved_shown_again_and_taken_back(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)
    path = NEW.format(account=cast.acme.id)
    page.post(path, {**SAVED, "sandbox": ["allow-modals"], "features": ["camera"]}, expect=303)
    (app,) = apps_of(cast.acme.id)
    assert (app.sandbox, app.features) == (["allow-modals"], ["camera"])

    path = path.replace("new", f"{app.id}/edit")
    html = page.get(path)
    ticked = html.select("details.app-rights[open] input[checked]")
    assert [str(box["value"]) for box in ticked] == ["allow-modals", "camera"]
    page.post(path, SAVED, expect=303)

    db.session.expire_all()
    again: DashboardApp = app_of(cast.acme.id, app.id)
    assert (again.sandbox, again.features) == ([], [])


def test_a_box_that_is_not_in_the_form_is_refused_beside_it(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)

    html = page.post(
        NEW.format(account=cast.acme.id), {**SAVED, "sandbox": ["allow-top-navigation"]}, expect=422
    )

    assert "Choose some of the list." in html.select_one("#sandbox-error").get_text()  # type: ignore[union-attr]
    assert apps_of(cast.acme.id) == []
