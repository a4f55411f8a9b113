"""Apps as a file: out of one desk, into another; and Chatwoot's own list."""

import json
from collections.abc import Iterator
from io import BytesIO
from ipaddress import ip_network
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.manifests import add_drafts
from dashboard.apps.queries.apps import apps_of
from dashboard.apps.schemas.content import MOST_APPS
from dashboard.apps.schemas.manifests import LONGEST
from dashboard.apps.schemas.manifests import MANIFEST
from dashboard.apps.schemas.manifests import drafts_in
from dashboard.apps.schemas.manifests import manifest_of
from dashboard.apps.schemas.settings import PORTABLE
from dashboard.extensions import limiter
from dashboard.lib import outgoing
from dashboard.lib.errors import Invalid
from tests.support.cast import Cast
from tests.support.factories import make_app as make_dashboard_app
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted
from tests.support.receivers import Receiver

APPS = "/accounts/{account}/settings/integrations/dashboard-apps"
FRAME = {"type": "frame", "url": "https://crm.example/"}
# As Chatwoot's API lists them, with what it says of the desk that they come from.
CHATWOOTS = [
    {"id": 71, "title": "Orders", "content": [FRAME], "created_at": "2026-01-05T10:00:00.000Z"},
    {"id": 72, "title": "Bills", "content": [{"type": "frame", "url": "http://bills.example/"}]},
]


@pytest.fixture
def apps_path(cast: Cast, page: Page) -> str:
    limiter.reset()
    page.sign_in(cast.ada)
    return APPS.format(account=cast.acme.id)


@pytest.fixture
def chatwoot() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.body = json.dumps(CHATWOOTS).encode()
    outgoing.allow((ip_network("127.0.0.0/8"),))
    yield receiver
    outgoing.allow(())
    receiver.stop()


def manifest(*apps: dict[str, Any]) -> str:
    return json.dumps({"deskframe": 1, "apps": apps})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/export"),
        ("GET", "/APP/export"),
        ("GET", "/import"),
        ("POST", "/import"),
        ("GET", "/import/chatwoot"),
        ("POST", "/import/chatwoot"),
    ],
)
def test_every_door_asks_who_is_there(page: Page, cast: Cast, method: str, path: str) -> None:
    app = make_dashboard_app(cast.acme)

    ask_the_ladder(page, cast, method, APPS + path.replace("APP", str(app.id)))


def test_what_one_desk_exports_another_has_after_the_import(page: Page, cast: Cast, apps_path: str) -> None:
    add_app(cast.acme, title="Orders", content=[FRAME], format="auto", placement="both", actor=cast.ada)
    make_dashboard_app(cast.acme, title="Bills", urls=("https://a.example/", "https://b.example/x?y=1#z"))
    page.get(f"{apps_path}/export")
    assert page.response is not None
    assert page.response.headers["Content-Disposition"] == "attachment; filename=deskframe.json"
    file = page.response.data
    Draft202012Validator(MANIFEST).validate(json.loads(file))

    page.sign_in(cast.eve)
    there = APPS.format(account=cast.other.id)
    page.get(f"{there}/import")
    page.submit("main form.panel", {"file": (BytesIO(file), "deskframe.json")}, expect=200)
    page.submit("main form", {"pick": ["0", "1"], "add": "1"})

    assert manifest_of(apps_of(cast.other.id)) == json.loads(file)
    assert "2 apps are added" in page.follow().get_text()


def test_one_app_is_a_file_too(page: Page, cast: Cast, apps_path: str) -> None:
    app = make_dashboard_app(cast.acme, title="Bills")
    make_dashboard_app(cast.acme, title="Orders")

    page.get(f"{apps_path}/{app.id}/export")

    assert page.response is not None
    assert [each["title"] for each in json.loads(page.response.data)["apps"]] == ["Bills"]
    page.get(f"{apps_path}/{make_dashboard_app(cast.other).id}/export", expect=404)


def test_the_schema_of_the_file_is_public(page: Page) -> None:
    page.get("/schemas/deskframe-1.json")

    assert page.response is not None
    assert page.response.json == MANIFEST
    assert "public" in page.response.headers["Cache-Control"]
    Draft202012Validator.check_schema(page.response.json)


def test_the_look_says_what_would_happen_and_adds_nothing(page: Page, cast: Cast, apps_path: str) -> None:
    make_dashboard_app(cast.acme, title="Orders", urls=("https://crm.example/",))
    text = manifest(
        {"title": "Orders", "content": [FRAME]},
        {
            "title": "New <b>one</b>",
            "content": [FRAME],
            "colour": "red",
            "account_id": cast.other.id,
            "actions": ["labels.add"],
            "sandbox": ["allow-modals"],
            "features": ["camera"],
            "scopes": ["notes"],
        },
        {"title": "Bad", "content": [{"type": "frame", "url": "javascript:alert(1)"}]},
        {"title": "", "content": [], "placement": "moon"},
    )
    page.get(f"{apps_path}/import")

    html = page.submit("main form.panel", {"manifest": text}, expect=200)

    rows = [" ".join(row.get_text(" ").split()) for row in html.select("tbody tr")]
    ticks = [(row.has_attr("checked"), row.has_attr("disabled")) for row in html.select("[name=pick]")]
    assert ticks == [(False, False), (True, False), (False, True), (False, True)]
    assert "Already here" in rows[0]
    assert "New <b>one</b>" in rows[1]
    assert "Not carried over: colour." in rows[1]
    assert "It would be allowed: labels.add, allow-modals, camera, notes." in rows[1]
    assert "Cannot be added" in rows[2]
    assert "“placement” cannot be used" in rows[3]
    assert len(apps_of(cast.acme.id)) == 1


@pytest.mark.attack(31)
def test_only_what_is_ticked_and_can_be_added_is_added(page: Page, cast: Cast, apps_path: str) -> None:
    text = manifest({"title": "A", "content": [FRAME]}, {"title": "B", "content": [FRAME]})

    page.post(f"{apps_path}/import", {"manifest": text, "add": "1", "pick": ["1", "7", "x"]})
    assert [app.title for app in apps_of(cast.acme.id)] == ["B"]

    bad = manifest({"title": "C", "content": [FRAME]}, {"title": "D", "content": []})
    html = page.post(f"{apps_path}/import", {"manifest": bad, "add": "1", "pick": ["0", "1"]}, expect=422)
    assert [app.title for app in apps_of(cast.acme.id)] == ["B"]  # all of them or none
    assert html.select_one("textarea").get_text().strip() == bad


@pytest.mark.attack(31)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is not JSON."),
        ("{", "This is not JSON."),
        ("[" * 100_000, "This is not JSON."),
        ("1" * 5000, "This is not JSON."),
        ("7", "no file of dashboard apps"),
        ('{"deskframe": 2, "apps": []}', "no file of dashboard apps"),
        ('{"deskframe": 1, "apps": [7]}', "no file of dashboard apps"),
        ('{"apps": []}', "no file of dashboard apps"),
        ("[]", "There is no app in it."),
        (manifest(*[{"title": "x", "content": [FRAME]}] * (MOST_APPS + 1)), "more than 50 apps"),
        (" " * (LONGEST + 1), "too long"),
    ],
)
def test_what_is_no_such_file_is_said_and_kept(page: Page, apps_path: str, text: str, sentence: str) -> None:
    html = page.post(f"{apps_path}/import", {"manifest": text}, expect=422)

    assert sentence in html.select_one(".field-error").get_text()


def test_a_file_that_is_no_text_is_said(page: Page, apps_path: str) -> None:
    html = page.post(
        f"{apps_path}/import",
        {"file": (BytesIO(b"\xff\xfe\x00"), "x.json")},
        content_type="multipart/form-data",
        expect=422,
    )

    assert "This file is no text." in html.get_text()


JUNK = [None, True, 7, 1.5, "junk", "", [], ["x"], [[]], {}, {"a": []}]


@pytest.mark.attack(31)
@pytest.mark.parametrize("name", sorted(PORTABLE))
def test_no_value_of_a_setting_breaks_the_reading(name: str) -> None:
    for value in JUNK:
        (draft,) = drafts_in(manifest({"title": "A", "content": [FRAME], name: value}))

        fits = Draft202012Validator(PORTABLE[name]).is_valid(value)
        assert fits or [problem.field for problem in draft.problems] == [name]


@pytest.mark.parametrize("content", JUNK)
def test_no_content_breaks_the_reading(content: object) -> None:
    (draft,) = drafts_in(manifest({"title": content, "content": content}))

    assert draft.problems


def test_the_look_asks_the_same_few_queries_for_one_and_for_fifty(
    page: Page, cast: Cast, apps_path: str
) -> None:
    def look(count: int) -> int:
        text = manifest(*[{"title": f"App {n}", "content": [FRAME]} for n in range(count)])
        with counted() as asked:
            page.post(f"{apps_path}/import", {"manifest": text}, expect=200)
        return len(asked)

    look(1)
    assert look(1) == look(MOST_APPS)


def test_a_chatwoot_desk_is_asked_for_its_apps(
    page: Page, cast: Cast, apps_path: str, chatwoot: Receiver
) -> None:
    page.get(f"{apps_path}/import/chatwoot")
    given = {"address": chatwoot.url("/"), "account": "3", "token": "s3cret-token"}

    html = page.submit("main form", given, expect=200)

    (asked,) = chatwoot.received
    assert asked.path == "/api/v1/accounts/3/dashboard_apps"
    assert asked.headers["api_access_token"] == "s3cret-token"
    assert "s3cret-token" not in str(html)
    page.submit("main form", {"pick": ["0", "1"], "add": "1"})
    apps = apps_of(cast.acme.id)
    assert [(app.title, app.urls, app.format) for app in apps] == [
        ("Orders", ["https://crm.example/"], "chatwoot"),
        ("Bills", ["http://bills.example/"], "chatwoot"),
    ]


@pytest.mark.parametrize(
    ("status", "body", "field", "sentence"),
    [
        (401, b"{}", "token", "does not take this token"),
        (403, b"{}", "token", "does not take this token"),
        (404, b"{}", "account", "no such account"),
        (500, b"{}", "address", "500 Internal Server Error"),
        (302, b"", "address", "302 Found"),
        (200, b"x" * (300 << 10), "address", "too large"),
        (200, b"<html>", "", "This is not JSON."),
    ],
)
def test_what_a_desk_answers_instead_is_said_beside_the_field(
    page: Page, apps_path: str, chatwoot: Receiver, status: int, body: bytes, field: str, sentence: str
) -> None:
    chatwoot.status, chatwoot.body = status, body
    given = {"address": chatwoot.url(""), "account": "3", "token": "s3cret-token"}

    html = page.post(f"{apps_path}/import/chatwoot", given, expect=422)

    said = html.select_one(f"#{field}-error") if field else html.select_one("main")
    assert sentence in said.get_text()
    assert html.select_one("#address")["value"] == given["address"]
    assert "s3cret-token" not in str(html)


def test_the_token_goes_to_the_desk_and_nowhere_else(page: Page, apps_path: str, chatwoot: Receiver) -> None:
    elsewhere = Receiver()
    chatwoot.moved["/api/v1/accounts/3/dashboard_apps"] = elsewhere.url("/thief")

    page.post(
        f"{apps_path}/import/chatwoot",
        {"address": chatwoot.url(""), "account": "3", "token": "s3cret"},
        expect=422,
    )

    elsewhere.stop()
    assert elsewhere.received == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"address": "chat.example"}, "address"),
        ({"address": "ftp://chat.example"}, "address"),
        ({"address": "https://chat.example/app"}, "address"),
        ({"address": "https://me@chat.example"}, "address"),
        ({"address": "https://[::1"}, "address"),
        ({"address": "https://"}, "address"),
        ({"account": "one"}, "account"),
        ({"account": "٣"}, "account"),
        ({"account": "../9"}, "account"),
        ({"token": ""}, "token"),
        ({"token": "a\r\nHost: x"}, "token"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(
    page: Page, apps_path: str, given: dict[str, str], field: str
) -> None:
    fields = {"address": "https://chat.example", "account": "1", "token": "t", **given}

    html = page.post(f"{apps_path}/import/chatwoot", fields, expect=422)

    assert html.select_one(f"#{field}-error") is not None


def test_private_addresses_are_not_asked(page: Page, apps_path: str) -> None:
    receiver = Receiver()

    html = page.post(
        f"{apps_path}/import/chatwoot",
        {"address": receiver.url(""), "account": "1", "token": "t"},
        expect=422,
    )

    receiver.stop()
    assert "not a public one" in html.get_text()
    assert receiver.received == []


def test_nobody_asks_desk_after_desk(page: Page, apps_path: str) -> None:
    for _ in range(10):
        page.post(f"{apps_path}/import/chatwoot", {"token": "t"}, expect=422)

    page.post(f"{apps_path}/import/chatwoot", {"token": "t"}, expect=429)


def test_all_or_none_by_the_verb_too(cast: Cast) -> None:
    for _ in range(MOST_APPS - 1):
        make_dashboard_app(cast.acme)
    drafts = drafts_in(manifest(*[{"title": "x", "content": [FRAME]}] * 2))

    with pytest.raises(Invalid):
        add_drafts(cast.acme, drafts, actor=cast.ada)
    assert len(apps_of(cast.acme.id)) == MOST_APPS - 1
