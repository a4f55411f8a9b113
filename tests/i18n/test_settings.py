"""No text of the settings, of coming in or of an error was forgotten."""

from datetime import timedelta

import pytest
from babel.dates import get_day_names

from dashboard.accounts.operations.passwords import make_password_link
from dashboard.apps.models.checks import AppCheck
from dashboard.apps.schemas.verdicts import FIXES
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.framing import WARNINGS
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_inbox
from tests.support.factories import make_webhook
from tests.support.page import Page
from tests.support.pseudo import forgotten

DAYS = get_day_names("wide", context="stand-alone", locale="eo").values()
NAMES = ("Ada Admin", "Bo Agent", "Cy Agent", "Eve Stranger", "Website", "Acme", "Orders", *DAYS)
SERVERS = tuple(fix.server for fix in FIXES)
SETTINGS = "/accounts/{account}/settings"
PAGES = [
    "/profile",
    "/profile/access-token",
    f"{SETTINGS}/agents",
    f"{SETTINGS}/agents/new",
    f"{SETTINGS}/agents/{{bo}}",
    f"{SETTINGS}/agents/{{bo}}/removal",
    f"{SETTINGS}/agents/{{ada}}/removal",
    f"{SETTINGS}/inboxes",
    f"{SETTINGS}/inboxes/new",
    f"{SETTINGS}/inboxes/{{inbox}}",
    f"{SETTINGS}/inboxes/{{inbox}}/removal",
    f"{SETTINGS}/inboxes/leaving",
    f"{SETTINGS}/integrations",
    f"{SETTINGS}/integrations/dashboard-apps",
    f"{SETTINGS}/integrations/dashboard-apps?q=7",
    f"{SETTINGS}/integrations/dashboard-apps/guide",
    f"{SETTINGS}/integrations/dashboard-apps/new",
    f"{SETTINGS}/integrations/dashboard-apps/{{app}}",
    f"{SETTINGS}/integrations/dashboard-apps/{{app}}/check",
    f"{SETTINGS}/integrations/dashboard-apps/{{app}}/edit",
    f"{SETTINGS}/integrations/dashboard-apps/{{app}}/removal",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_the_persons_language(strange_page: Page, cast: Cast, path: str) -> None:
    app = make_app(cast.acme, urls=("http://a.example/", "https://b.example/"), author=cast.ada)
    found = {"url": app.urls[0], "desk": "http://localhost", "cause": "ancestors", "warnings": list(WARNINGS)}
    db.session.add(AppCheck(app_id=app.id, number=0, **found))
    make_inbox(cast.acme, name="Website")
    strange_page.sign_in(cast.ada)
    ids = {
        "account": cast.acme.id,
        "ada": cast.ada.id,
        "bo": cast.bo.id,
        "inbox": cast.inbox.id,
        "app": app.id,
    }

    html = strange_page.get(path.format(**ids))

    assert html.find("html")["lang"] == "eo"
    assert forgotten(html, names=(*NAMES, *SERVERS)) == []


def test_an_empty_list_speaks_too(strange_page: Page, cast: Cast) -> None:
    strange_page.sign_in(cast.ada)
    db.session.delete(cast.inbox)

    for path in ("inboxes", "integrations/dashboard-apps", "integrations/webhooks", "integrations"):
        html = strange_page.get(f"/accounts/{cast.acme.id}/settings/{path}")
        assert forgotten(html, names=NAMES) == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/profile", {"name": "", "email": "x", "locale": "tlh", "time_zone": "x", "theme": "x"}),
        ("/profile/password", {}),
        ("/profile/password", {"current_password": "1", "password": "2"}),
        (f"{SETTINGS}/agents/new", {}),
        (f"{SETTINGS}/agents/new", {"name": "1", "email": "1", "role": "agent"}),
        (f"{SETTINGS}/agents/{{ada}}", {"name": "1", "role": "agent", "availability": "online"}),
        (f"{SETTINGS}/agents/{{ada}}/removal", {}),
        (f"{SETTINGS}/agents/{{ada}}/password-link", {}),
        (f"{SETTINGS}/inboxes/new", {"members": "x"}),
        (f"{SETTINGS}/inboxes/{{inbox}}/removal", {"name": "1"}),
        (f"{SETTINGS}/integrations/dashboard-apps/new", {"url": ["", "ftp://1", "https://1;2/"]}),
        (f"{SETTINGS}/integrations/dashboard-apps/new", {"view": "json", "content": "["}),
        (f"{SETTINGS}/integrations/dashboard-apps/new", {"view": "json", "content": "[{}]"}),
        (f"{SETTINGS}/integrations/dashboard-apps/new", {"title": "1" * 256, "url": ["https://1@1/"] * 21}),
        (f"{SETTINGS}/integrations/webhooks/new", {"name": "1" * 256, "url": "1", "subscriptions": "1"}),
        (f"{SETTINGS}/integrations/webhooks/new", {}),
    ],
)
def test_a_complaint_speaks_the_persons_language(
    strange_page: Page, cast: Cast, path: str, fields: dict[str, object]
) -> None:
    strange_page.sign_in(cast.ada)
    ids = {"account": cast.acme.id, "ada": cast.ada.id, "inbox": cast.inbox.id}

    html = strange_page.post(path.format(**ids), fields, expect=422)

    assert forgotten(html, names=(*NAMES, *SUBSCRIPTIONS)) == []


def test_webhooks_speak_however_it_goes_with_them(strange_page: Page, cast: Cast) -> None:
    strange_page.sign_in(cast.ada)
    path, now = f"/accounts/{cast.acme.id}/settings/integrations/webhooks", clock.now()
    states = (
        {"url": "http://10.0.0.1/", "old_secret": "1", "old_secret_until": now + timedelta(hours=1)},
        {"failures": 2, "failing_since": now},
        {"paused_by": "person", "paused_at": now},
        {"paused_by": "failures", "paused_at": now},
    )
    ids = [make_webhook(cast.acme, name="Orders", secret="1", **state).id for state in states]

    for page in (path, *(f"{path}/{number}" for number in ids), f"{path}/{ids[0]}/removal"):
        assert forgotten(strange_page.get(page), names=(*NAMES, *SUBSCRIPTIONS)) == []


def test_toasts_speak_the_persons_language(strange_page: Page, cast: Cast) -> None:
    strange_page.sign_in(cast.ada)
    path = f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/new"

    app = {"title": "Orders", "url": "http://a.example/", "placement": "side", "format": "auto"}
    strange_page.post(path, app)

    html = strange_page.follow()
    assert len(html.select(".toast")) >= 2
    assert forgotten(html, names=NAMES) == []


def test_whoever_comes_in_is_spoken_to_in_the_browsers_language(strange_page: Page, cast: Cast) -> None:
    assert forgotten(strange_page.get("/login")) == []
    assert forgotten(strange_page.post("/login", {}, expect=422)) == []
    for _ in range(5):
        strange_page.post("/login", {"email": "1@1.example", "password": "x"}, expect=422)
    assert forgotten(strange_page.html) == []
    assert forgotten(strange_page.post("/login", {"email": "1@1.example", "password": "x"}, expect=429)) == []
    assert forgotten(strange_page.get("/set-password/none", expect=404)) == []
    assert forgotten(strange_page.get(f"/set-password/{make_password_link(cast.cy)}")) == []


def test_joining_speaks_the_persons_language(strange_page: Page, cast: Cast) -> None:
    strange_page.sign_in(cast.ada)
    agents = f"{SETTINGS}/agents".format(account=cast.acme.id)
    typed = {"name": "1", "email": cast.eve.email, "role": "agent"}
    handed_over = strange_page.post(f"{agents}/new", typed, expect=200)
    assert forgotten(handed_over, names=NAMES) == []
    link = str(handed_over.select_one("#link")["value"]).removeprefix("http://localhost")
    assert forgotten(strange_page.get(f"{agents}/{cast.eve.id}"), names=NAMES) == []
    assert forgotten(strange_page.get(link, expect=403), names=NAMES) == []
    strange_page.sign_in(cast.eve)
    assert forgotten(strange_page.get(link), names=NAMES) == []


def test_the_set_up_speaks_the_browsers_language(strange_page: Page, cast: Cast) -> None:
    db.session.delete(cast.acme)
    db.session.delete(cast.other)

    assert forgotten(strange_page.get("/setup")) == []
    assert forgotten(strange_page.post("/setup", {"password": "x"}, expect=422)) == []


def test_errors_speak_the_persons_language(strange_page: Page, cast: Cast) -> None:
    strange_page.sign_in(cast.bo)

    assert forgotten(strange_page.get(f"/accounts/{cast.acme.id}/settings/agents", expect=403)) == []
    assert forgotten(strange_page.get("/nowhere", expect=404)) == []


def test_a_text_that_was_forgotten_would_be_found(strange_page: Page, cast: Cast) -> None:
    """The test of the test: the same page in English is one long complaint."""
    strange_page.sign_in(cast.cy)

    assert "Profile" in forgotten(
        strange_page.get("/profile", headers={"Accept-Language": "en"}), names=NAMES
    )
