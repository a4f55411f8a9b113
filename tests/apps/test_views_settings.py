"""Settings → Integrations → Dashboard apps, read as a careful person would."""

import json
import re
from collections.abc import Callable
from html import escape

import pytest
from flask import Flask

from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import add_app
from dashboard.apps.queries.apps import apps_of
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.contexts import unpacked
from tests.support.factories import make_app as make_dashboard_app
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted

APPS = "/accounts/{account}/settings/integrations/dashboard-apps"
DOORS = [
    ("GET", "/accounts/{account}/settings/integrations"),
    ("GET", APPS),
    ("GET", f"{APPS}/guide"),
    ("GET", f"{APPS}/new"),
    ("POST", f"{APPS}/new"),
    ("GET", f"{APPS}/APP"),
    ("GET", f"{APPS}/APP/edit"),
    ("POST", f"{APPS}/APP/edit"),
    ("GET", f"{APPS}/APP/removal"),
    ("POST", f"{APPS}/APP/removal"),
]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
FORM = "#app-form form"
SAVED = {"title": "Orders", "url": ["https://app.example.com/"], "view": "fields", "placement": "side"}


@pytest.fixture
def apps_path(cast: Cast, page: Page) -> str:
    page.sign_in(cast.ada)
    return APPS.format(account=cast.acme.id)


@pytest.mark.attack(32)
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_every_door_asks_who_is_there(page: Page, cast: Cast, method: str, path: str) -> None:
    app = make_dashboard_app(cast.acme)

    ask_the_ladder(page, cast, method, path.replace("APP", str(app.id)))


@pytest.mark.attack(32)
@pytest.mark.parametrize("path", ["GET ", "GET /edit", "POST /edit", "GET /removal", "POST /removal"])
def test_an_app_of_another_account_does_not_exist(page: Page, cast: Cast, apps_path: str, path: str) -> None:
    app = make_dashboard_app(cast.other)
    method, path = path.split(" ")

    if method == "GET":
        page.get(f"{apps_path}/{app.id}{path}", expect=404)
    else:
        page.post(f"{apps_path}/{app.id}{path}", SAVED, expect=404)

    assert db.session.get(DashboardApp, app.id) is not None


def test_the_way_leads_from_integrations_to_the_apps(page: Page, cast: Cast, apps_path: str) -> None:
    html = page.get(f"/accounts/{cast.acme.id}/settings/integrations")
    card = html.select_one("#card-apps")
    assert card is not None
    assert card.get_text() == "Dashboard apps"
    configure = html.find("a", string=re.compile("Configure")) or html.select_one(".card footer a")
    assert configure is not None

    html = page.get(str(configure["href"]))

    assert "No dashboard apps yet" in html.get_text()
    assert html.find("a", href=f"{apps_path}/guide") is not None
    assert html.find("a", href=f"{apps_path}/new") is not None


def test_the_list_says_what_who_when_and_where(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_dashboard_app(
        cast.acme, author=cast.bo, placement="both", urls=("https://a.example/", "http://b.example/")
    )

    html = page.get(apps_path)

    row = html.select_one(f"#app-{app.id}")
    assert row is not None
    text = " ".join(row.get_text(" ").split())
    for words in ("Orders", "https://a.example/", "http://b.example/", "Side panel", "Conversation tab"):
        assert words in text
    assert "by Bo Agent" in text
    assert row.select_one("time") is not None
    assert html.select_one("[role=status].tally").get_text() == "1 dashboard app"
    assert text.count("http ") == 1  # the one that browsers block says so


def test_a_search_finds_and_htmx_gets_the_list_alone(page: Page, cast: Cast, apps_path: str) -> None:
    make_dashboard_app(cast.acme, title="Orders")
    make_dashboard_app(cast.acme, title="Bills")

    html = page.get(f"{apps_path}?q=bill")
    assert "1 dashboard app" in html.get_text()
    assert html.select_one("main input[name=q]")["value"] == "bill"

    part = page.get(f"{apps_path}?q=nothing", headers=HTMX)
    assert part.find("html") is None
    assert "No dashboard app matches “nothing”" in part.get_text()
    assert "HX-Request" in page.response.headers["Vary"]


def test_adding_an_app(page: Page, cast: Cast, apps_path: str) -> None:
    page.get(f"{apps_path}/new")

    page.submit(
        FORM,
        {
            "title": "Orders",
            "url": "https://app.example.com/",
            "placement": ["side", "tab", "page"],
            "format": "ndoto",
            "reloads": "y",
        },
    )

    (app,) = apps_of(cast.acme.id)
    assert (app.title, app.urls, app.user_id) == ("Orders", ["https://app.example.com/"], cast.ada.id)
    assert (app.placement, app.format, app.reloads) == ("both+page", "ndoto", True)
    html = page.follow()
    assert "“Orders” is added." in html.select_one("#toasts").get_text()
    assert "“Orders” is added." not in page.get(apps_path).get_text()


def test_a_new_app_is_automatic_beside_the_conversation(page: Page, apps_path: str) -> None:
    html = page.get(f"{apps_path}/new")

    assert html.select_one("input[name=format][checked]")["value"] == "auto"
    assert html.select_one("input[name=placement][checked]")["value"] == "side"
    assert not html.select_one("input[name=reloads]").has_attr("checked")


def test_editing_keeps_every_frame(page: Page, cast: Cast, apps_path: str) -> None:
    urls = ("https://a.example/", "https://b.example/", "https://c.example/")
    app = make_dashboard_app(cast.acme, urls=urls, format="auto", reloads=True)
    page.get(f"{apps_path}/{app.id}/edit")

    page.submit(FORM, {"title": "Renamed"})

    db.session.refresh(app)
    assert (app.title, app.urls, app.format, app.reloads) == ("Renamed", list(urls), "auto", True)


def test_the_forms_buttons_rearrange_it_and_save_nothing(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_dashboard_app(cast.acme, urls=("https://a.example/", "https://b.example/"))
    page.get(f"{apps_path}/{app.id}/edit")

    page.submit(FORM, {"do": "add", "title": "Half-typed"}, expect=200)
    assert _urls(page) == ["https://a.example/", "https://b.example/", ""]
    assert page.html.select_one("#url-2").has_attr("autofocus")
    page.submit(FORM, {"do": "up-1"}, expect=200)
    assert _urls(page) == ["https://b.example/", "https://a.example/", ""]
    assert page.html.select_one("#down-0").has_attr("autofocus")
    page.submit(FORM, {"do": "down-0"}, expect=200)
    page.submit(FORM, {"do": "remove-0"}, expect=200)
    assert _urls(page) == ["https://b.example/", ""]
    assert page.html.select_one("#title")["value"] == "Half-typed"

    db.session.refresh(app)
    assert (app.title, app.urls) == ("Orders", ["https://a.example/", "https://b.example/"])


@pytest.mark.parametrize(
    "wish", ["up-0", "down-1", "up-9", "remove-9", "remove-", "up", "nonsense", "add-x", "remove--1"]
)
def test_a_wish_without_sense_changes_nothing(page: Page, cast: Cast, apps_path: str, wish: str) -> None:
    app = make_dashboard_app(cast.acme, urls=("https://a.example/", "https://b.example/"))
    page.get(f"{apps_path}/{app.id}/edit")

    page.submit(FORM, {"do": wish}, expect=200)

    assert _urls(page)[:2] == ["https://a.example/", "https://b.example/"]


def test_there_are_one_to_twenty_endpoints(page: Page, cast: Cast, apps_path: str) -> None:
    page.get(f"{apps_path}/new")
    page.submit(FORM, {"do": "remove-0"}, expect=200)
    assert len(_urls(page)) == 1

    page.submit(FORM, {"do": "add", "url": [f"https://{n}.example/" for n in range(19)]}, expect=200)
    assert len(_urls(page)) == 20
    assert page.html.select_one("button[value=add]") is None


def test_errors_stand_beside_their_field_and_nothing_is_lost(page: Page, cast: Cast, apps_path: str) -> None:
    page.get(f"{apps_path}/new")

    page.submit(
        FORM,
        {
            "title": "",
            "url": ["https://fine.example/", "ftp://no.example/"],
            "placement": "tab",
            "reloads": "y",
        },
        expect=422,
    )

    html = page.html
    assert "Can't be blank" in html.select_one("#title-error").get_text()
    assert html.select_one("#url-0-error") is None
    assert "must start with http:// or https://" in html.select_one("#url-1-error").get_text()
    assert "url-1-error" in html.select_one("#url-1")["aria-describedby"]
    assert _urls(page) == ["https://fine.example/", "ftp://no.example/"]
    assert html.select_one("input[name=placement][checked]")["value"] == "tab"
    assert html.select_one("input[name=reloads]").has_attr("checked")
    assert apps_of(cast.acme.id) == []


@pytest.mark.attack(25)
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "x" * 256, "url": ["https://a.example/"]},
        {"title": "Orders", "url": []},
        {"title": "Orders", "url": ["https://a.example/"] * 21},
        {"title": "Orders", "url": ["javascript:alert(1)"]},
        {"title": "Orders", "url": ["https://a;sandbox/"]},
        {"title": "Orders", "url": [" "]},
        {"title": "Orders", "url": ["https://a.example/"], "format": "morse"},
        {"title": "Orders", "url": ["https://a.example/"], "placement": "moon"},
        {"title": "Orders", "url": ["https://a.example/"], "placement": []},
        {"title": "Orders", "content": "{", "view": "json"},
        {"title": "Orders", "content": "{}", "view": "json"},
        {"title": "Orders", "content": "[" * 100_000, "view": "json"},
        {"title": "Orders", "content": "9" * 5000, "view": "json"},
        {"title": "Orders", "content": '["https://a.example/"]', "view": "json"},
        {"title": "Orders", "content": '[{"type":"frame","url":NaN}]', "view": "json"},
    ],
)
def test_what_cannot_be_used_is_refused(
    page: Page, cast: Cast, apps_path: str, fields: dict[str, object]
) -> None:
    page.post(f"{apps_path}/new", {"placement": "side", "format": "auto", **fields}, expect=422)

    assert apps_of(cast.acme.id) == []


def test_the_same_content_as_json_and_back(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_dashboard_app(cast.acme, urls=("https://a.example/", "https://b.example/"))
    page.get(f"{apps_path}/{app.id}/edit")

    page.submit(FORM, {"do": "json"}, expect=200)
    typed = json.loads(page.html.select_one("#content").text)
    assert typed == app.content

    page.submit(
        FORM,
        {"content": json.dumps([*typed, {**typed[0], "height": 3}]), "do": "fields"},
        expect=200,
    )
    assert _urls(page) == ["https://a.example/", "https://b.example/", "https://a.example/"]

    page.submit(FORM, {"do": "json"}, expect=200)
    page.submit(FORM, {"content": '[{"type": "frame", "url": "https://c.example/"}]'})
    db.session.refresh(app)
    assert app.urls == ["https://c.example/"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            '[\n  {"type": "frame" "url": "x"}\n]',
            "Line 2, column 20: a comma or a closing bracket is missing.",
        ),
        ('[{"type": "frame", "url": }]', "Line 1, column 27: a value is missing."),
        ("", "Line 1, column 1: a value is missing."),
        ("[]]", "Line 1, column 3: there is more after the end of the list."),
        ('[{"type": "frame", "url": "https://a', "no closing quote"),
        ("[\n{'type': 1}]", "Line 2, column 2: a name in double quotes is missing."),
    ],
)
@pytest.mark.parametrize("wish", ["", "fields"])
def test_a_slip_in_the_json_is_named_by_line_and_column(
    page: Page, apps_path: str, content: str, sentence: str, wish: str
) -> None:
    page.post(f"{apps_path}/new", {"title": "x", "view": "json", "content": content, "do": wish}, expect=422)

    assert sentence in page.html.select_one("#content-error").get_text()
    assert page.html.select_one("#content").text.strip() == content.strip()


def test_json_that_no_fields_can_hold_stays_json(page: Page, apps_path: str) -> None:
    content = json.dumps([{"type": "form", "url": "https://a.example/"}])

    page.post(f"{apps_path}/new", {"view": "json", "content": content, "do": "fields"}, expect=422)

    assert (
        "Frame 1: The type of a frame must be “frame”." in page.html.select_one("#content-error").get_text()
    )


def test_an_address_in_json_is_judged_as_strictly(page: Page, apps_path: str) -> None:
    content = json.dumps(
        [{"type": "frame", "url": "https://a.example/"}, {"type": "frame", "url": "https://a,b/"}]
    )

    page.post(f"{apps_path}/new", {"title": "x", "view": "json", "content": content}, expect=422)

    assert "Frame 2: The host may hold only letters" in page.html.select_one("#content-error").get_text()


def test_http_is_taken_with_a_warning_except_for_localhost(page: Page, cast: Cast, apps_path: str) -> None:
    page.get(f"{apps_path}/new")
    page.submit(FORM, {"do": "add", "url": ["http://a.example/", "http://localhost:5001/"]}, expect=200)
    assert not page.html.select_one("#url-0-warnings [data-warning=http]").has_attr("hidden")
    assert page.html.select_one("#url-1-warnings [data-warning=http]").has_attr("hidden")
    assert page.html.select_one("#url-0-warnings [data-warning=ipv6]").has_attr("hidden")

    page.submit(FORM, {"title": "Plain", "url": ["http://a.example/"]})
    assert (
        "browsers block it on an https desk" in page.follow().select_one(".toast[data-kind=warn]").get_text()
    )

    page.get(f"{apps_path}/new")
    page.submit(FORM, {"title": "Local", "url": ["http://127.0.0.1:5001/"]})
    assert page.follow().select_one(".toast[data-kind=warn]") is None


@pytest.mark.attack(33)
def test_an_app_at_the_desks_own_address_is_refused_beside_its_field(
    page: Page, cast: Cast, apps_path: str
) -> None:
    page.get(f"{apps_path}/new")

    own = ["http://localhost:80/login", "http://LOCALHOST/"]
    others = ["https://localhost/", "http://localhost:8080/"]
    page.submit(FORM, {"title": "Mirror", "url": [*own, *others, "ftp://wrong.example"]}, expect=422)

    assert "must start with" in page.html.select_one("#url-4-error").get_text()
    for place, is_own in enumerate((True, True, False, False)):
        error = page.html.select_one(f"#url-{place}-error")
        assert ("address of the desk itself" in error.get_text() if error else False) is is_own
    assert apps_of(cast.acme.id) == []


def test_an_app_at_the_desks_public_address_is_refused_wherever_one_asks(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(PUBLIC_URL="http://desk.example:8000")
    with app.app_context():
        cast, page = make_cast(), Page(app)
        page.sign_in(cast.ada)

        mirror = {**SAVED, "url": ["http://desk.example:8000/x"], "format": "auto"}
        page.post(APPS.format(account=cast.acme.id) + "/new", mirror, expect=422)

        assert "address of the desk itself" in page.html.select_one("#url-0-error").get_text()


def test_a_desk_that_wants_https_refuses_http(make_app: Callable[..., Flask]) -> None:
    app = make_app(REQUIRE_HTTPS_APPS="1")
    with app.app_context():
        cast, page = make_cast(), Page(app)
        page.sign_in(cast.ada)

        plain = {**SAVED, "url": ["http://a.example/"], "format": "auto"}
        page.post(APPS.format(account=cast.acme.id) + "/new", plain, expect=422)

        assert "only https://" in page.html.select_one("#url-0-error").get_text()


def test_the_limit_of_an_account_is_said_above_the_form(page: Page, cast: Cast, apps_path: str) -> None:
    for _ in range(50):
        make_dashboard_app(cast.acme)
    page.get(f"{apps_path}/new")

    page.submit(FORM, {"title": "Orders", "url": ["https://a.example/"]}, expect=422)

    assert "at most 50 apps" in page.html.select_one("[role=alert]").get_text()


def test_deleting_names_the_app_first(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_dashboard_app(cast.acme, title="Orders & <b>Bills</b>")

    html = page.get(f"{apps_path}/{app.id}/removal")
    assert "Delete “Orders & <b>Bills</b>”?" in html.select_one("h1").get_text()
    part = page.get(
        f"{apps_path}/{app.id}/removal", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )
    assert part.find("html") is None
    assert part.select_one("h2#dialog-title") is not None

    page.submit("form.confirm")

    assert "is deleted" in page.follow().select_one("#toasts").get_text()
    assert apps_of(cast.acme.id) == []


def test_an_app_alone_is_framed_without_a_customer(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_dashboard_app(
        cast.acme, title="Orders", urls=("https://a.example/x", "https://b.example:8443/")
    )
    make_dashboard_app(cast.acme, title="Another", urls=("https://never.example/",))

    html = page.get(f"{apps_path}/{app.id}")

    context = unpacked(html.select_one("#app-context").text)
    assert context["key"] == ""
    assert (context["data"]["conversation"], context["data"]["contact"]) == ({}, {})
    assert context["data"]["currentAgent"] == {
        "id": cast.ada.id,
        "name": "Ada Admin",
        "email": cast.ada.email,
    }
    assert [entry["id"] for entry in json.loads(html.select_one("#apps").text)] == [app.id]
    assert html.select_one(f"[data-app-slot='{app.id}'][data-place=side]") is not None
    policy = page.response.headers["Content-Security-Policy"]
    assert policy.endswith("frame-src https://a.example https://b.example:8443")


def test_no_other_page_may_frame_anything(page: Page, apps_path: str) -> None:
    page.get(apps_path)

    assert page.response.headers["Content-Security-Policy"].endswith("frame-src 'none'")


@pytest.mark.attack(24)
@pytest.mark.parametrize(
    "title", ["</script><script>alert(1)</script>", "<!-- x", "a\u2028b", '"><img src=x onerror=y>']
)
def test_a_hostile_title_is_only_text(page: Page, cast: Cast, apps_path: str, title: str) -> None:
    app = add_app(
        cast.acme, title=title, content=[{"type": "frame", "url": "https://a.example/"}], actor=cast.ada
    )

    for path in ("", f"/{app.id}", f"/{app.id}/edit", f"/{app.id}/removal"):
        page.get(apps_path + path)
        assert page.html.find("img") is None
        assert title not in page.response.text or escape(title) == title


@pytest.mark.attack(29)
def test_a_line_break_in_a_title_reaches_no_header(page: Page, cast: Cast, apps_path: str) -> None:
    page.get(f"{apps_path}/new")

    page.submit(FORM, {"title": "A\r\nSet-Cookie: stolen=1", "url": ["https://a.example/"]})

    assert "stolen" not in str(page.response.headers)
    page.follow()
    assert "stolen" not in str(page.response.headers)


def test_the_list_asks_the_database_no_more_for_more_apps(page: Page, cast: Cast, apps_path: str) -> None:
    make_dashboard_app(cast.acme, author=cast.ada)
    page.get(apps_path)
    with counted() as few:
        page.get(apps_path)
    for author in (cast.ada, cast.bo, cast.cy, None):
        make_dashboard_app(cast.acme, author=author)

    page.get(apps_path)
    with counted() as many:
        page.get(apps_path)

    assert many.number == few.number


def _urls(page: Page) -> list[str]:
    return [str(field["value"]) for field in page.html.select("input[name=url]")]
