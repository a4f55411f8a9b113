"""Settings → Inboxes: where conversations come from, and who works on them."""

import re

import pytest

from dashboard.accounts.models import Membership
from dashboard.accounts.queries import member_of
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import inboxes_of
from dashboard.inboxes.queries import members_of_inbox
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted

INBOXES = "/accounts/{account}/settings/inboxes"
DOORS = [
    ("GET", INBOXES),
    ("GET", f"{INBOXES}/new"),
    ("POST", f"{INBOXES}/new"),
    ("GET", f"{INBOXES}/{{inbox}}"),
    ("POST", f"{INBOXES}/{{inbox}}"),
    ("GET", f"{INBOXES}/{{inbox}}/removal"),
    ("POST", f"{INBOXES}/{{inbox}}/removal"),
    ("GET", f"{INBOXES}/leaving"),
    ("POST", f"{INBOXES}/{{inbox}}/conversations"),
    ("POST", f"{INBOXES}/{{inbox}}/hours"),
    ("POST", f"{INBOXES}/{{inbox}}/identity"),
    ("POST", f"{INBOXES}/{{inbox}}/hmac-token"),
    ("POST", f"{INBOXES}/{{inbox}}/secret"),
]
FORM = "main form.panel"


@pytest.fixture
def inboxes_path(page: Page, cast: Cast) -> str:
    page.sign_in(cast.ada)
    return INBOXES.format(account=cast.acme.id)


@pytest.fixture
def ada(cast: Cast) -> Membership:
    return member_of(cast.acme.id, cast.ada.id)


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_every_door_asks_who_is_there(page: Page, cast: Cast, method: str, path: str) -> None:
    ask_the_ladder(page, cast, method, path)


def test_an_inbox_of_another_account_does_not_exist(page: Page, cast: Cast, inboxes_path: str) -> None:
    other = make_inbox(cast.other, name="Secret")

    for path in ("", "/removal"):
        page.get(f"{inboxes_path}/{other.id}{path}", expect=404)
        page.post(f"{inboxes_path}/{other.id}{path}", {"name": "Secret"}, expect=404)

    assert db.session.get_one(Inbox, other.id).deleted_at is None


def test_the_list_says_channel_and_members(page: Page, cast: Cast, inboxes_path: str) -> None:
    lonely = make_inbox(cast.acme, name="Lonely")

    html = page.get(inboxes_path)

    assert "Website API 1 agent" in " ".join(html.select_one(f"#inbox-{cast.inbox.id}").get_text(" ").split())
    assert "Nobody yet" in html.select_one(f"#inbox-{lonely.id}").get_text()
    assert "2 inboxes" in html.get_text()


def test_a_desk_without_inboxes_explains_them(page: Page, cast: Cast) -> None:
    page.sign_in(cast.eve)

    html = page.get(INBOXES.format(account=cast.other.id))

    assert "No inboxes yet" in html.get_text()


def test_adding_an_inbox(page: Page, cast: Cast, inboxes_path: str, ada: Membership) -> None:
    html = page.get(f"{inboxes_path}/new")
    assert [box["value"] for box in html.select("input[name=members][checked]")] == [str(cast.ada.id)]

    fields = {"name": "Shop", "webhook_url": "https://shop.example/hook", "members": [cast.bo.id, cast.cy.id]}
    page.submit(FORM, fields)

    inbox = next(inbox for inbox in inboxes_of(ada) if inbox.name == "Shop")
    assert (inbox.kind, inbox.webhook_url) == ("api", "https://shop.example/hook")
    assert [member.user for member in members_of_inbox(inbox)] == [cast.bo, cast.cy]
    assert "The inbox Shop is ready." in page.follow().select_one("#toasts").get_text()


def test_its_page_has_the_keys_and_a_ready_example(page: Page, cast: Cast, inboxes_path: str) -> None:
    html = page.get(f"{inboxes_path}/{cast.inbox.id}")

    assert html.select_one("#identifier")["value"] == cast.inbox.identifier
    for field, secret in (("#hmac-token", cast.inbox.hmac_token), ("#secret", cast.inbox.secret)):
        assert html.select_one(field)["value"] == secret
        assert html.select_one(field)["type"] == "password"
        assert secret in html.select_one(f"noscript:-soup-contains('{secret}') details").get_text()
    example = html.select_one("#curl").get_text()
    assert f"API=http://localhost/api/v1/accounts/{cast.acme.id}\n" in example
    assert f'"inbox_id": {cast.inbox.id}' in example
    assert page.response.headers["Cache-Control"] == "no-store"


def test_changing_an_inbox_and_its_members(page: Page, cast: Cast, inboxes_path: str) -> None:
    html = page.get(f"{inboxes_path}/{cast.inbox.id}")
    assert [box["value"] for box in html.select("input[name=members][checked]")] == [str(cast.bo.id)]

    page.submit(FORM, {"name": "Renamed", "members": [cast.cy.id]})

    db.session.refresh(cast.inbox)
    assert cast.inbox.name == "Renamed"
    assert [member.user for member in members_of_inbox(cast.inbox)] == [cast.cy]

    page.get(f"{inboxes_path}/{cast.inbox.id}")
    page.submit(FORM, {"members": []})
    assert members_of_inbox(cast.inbox) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"webhook_url": "https://" + "x" * 2100}, "webhook_url"),
        ({"webhook_url": "shop.example/hook"}, "webhook_url"),
        ({"webhook_url": "ftp://shop.example/hook"}, "webhook_url"),
        ({"members": ["EVE"]}, "members"),
        ({"members": ["garbage"]}, "members"),
    ],
)
@pytest.mark.parametrize("door", ["new", "edit"])
def test_what_cannot_be_used_is_said_beside_its_field(
    page: Page, cast: Cast, inboxes_path: str, ada: Membership, fields: dict[str, str], field: str, door: str
) -> None:
    if fields.get("members") == ["EVE"]:
        fields = {"members": [str(cast.eve.id)]}  # type: ignore[dict-item]
    page.get(f"{inboxes_path}/{'new' if door == 'new' else cast.inbox.id}")

    page.submit(FORM, {"name": "Typed", **fields}, expect=422)

    assert page.html.select_one(f"[id$='{field}-error']") is not None
    db.session.expire_all()
    assert [inbox.name for inbox in inboxes_of(ada)] == ["Website"]
    assert [member.user for member in members_of_inbox(cast.inbox)] == [cast.bo]


def test_deleting_asks_for_the_name(page: Page, cast: Cast, inboxes_path: str, ada: Membership) -> None:
    html = page.get(f"{inboxes_path}/{cast.inbox.id}/removal")
    assert html.select_one("h1").get_text() == "Delete the inbox Website?"

    page.submit("form.confirm", {"name": "Webseite"}, expect=422)
    assert "not the name" in page.html.select_one("#confirm-error").get_text()
    assert inboxes_of(ada) == [cast.inbox]

    page.submit("form.confirm", {"name": " Website "})
    assert "The inbox Website is deleted." in page.follow().select_one("#toasts").get_text()
    assert inboxes_of(ada) == []


def test_a_deleted_inbox_is_gone_at_once(page: Page, cast: Cast, inboxes_path: str) -> None:
    page.get(f"{inboxes_path}/{cast.inbox.id}/removal")
    page.submit("form.confirm", {"name": "Website"})

    page.get(f"{inboxes_path}/{cast.inbox.id}", expect=404)
    page.post(f"{inboxes_path}/{cast.inbox.id}/removal", {"name": "Website"}, expect=404)


def test_a_name_is_only_text_also_in_the_example(page: Page, cast: Cast, inboxes_path: str) -> None:
    evil = make_inbox(cast.acme, name="'; rm -rf / #<img src=x>")

    html = page.get(f"{inboxes_path}/{evil.id}")

    assert html.find("img") is None
    assert "rm -rf" not in html.select_one("#curl").get_text()
    assert re.search(r"rm -rf", html.select_one("h1").get_text())


def test_the_list_asks_the_database_no_more_for_more_inboxes(
    page: Page, cast: Cast, inboxes_path: str
) -> None:
    page.get(inboxes_path)
    with counted() as few:
        page.get(inboxes_path)
    for number in range(5):
        make_inbox(cast.acme, name=f"Inbox {number}", members=(cast.bo, cast.cy))

    page.get(inboxes_path)
    with counted() as many:
        page.get(inboxes_path)

    assert many.number == few.number


def test_a_callback_without_encryption_is_warned_about(page: Page, cast: Cast, inboxes_path: str) -> None:
    html = page.get(f"{inboxes_path}/{cast.inbox.id}")
    assert html.select_one(".field-warning") is None

    page.submit(FORM, {"webhook_url": "http://shop.example/hook"})

    html = page.get(f"{inboxes_path}/{cast.inbox.id}")
    assert "Not encrypted" in html.select_one(".field-warning").get_text()


def test_greeting_and_single_conversation(page: Page, cast: Cast, inboxes_path: str) -> None:
    page.get(f"{inboxes_path}/{cast.inbox.id}")

    fields = {"lock_to_single_conversation": "y", "greeting_enabled": "y", "greeting_message": "Welcome!"}
    page.submit("form[action$='/conversations']", fields)

    db.session.refresh(cast.inbox)
    assert cast.inbox.lock_to_single_conversation
    assert cast.inbox.settings["greeting_enabled"] is True
    assert cast.inbox.settings["greeting_message"] == "Welcome!"
    html = page.follow()
    assert html.select_one("#greeting_message").get_text().strip() == "Welcome!"
    page.submit("form[action$='/conversations']", {"greeting_message": "x" * 20_001}, expect=422)
    assert page.html.select_one("#greeting_message-error") is not None


def test_business_hours_of_each_day(page: Page, cast: Cast, inboxes_path: str) -> None:
    html = page.get(f"{inboxes_path}/{cast.inbox.id}")
    assert [legend.get_text() for legend in html.select(".hours-day legend")][:2] == ["Sunday", "Monday"]
    fields = {
        "working_hours_enabled": "y",
        "timezone": "Europe/Berlin",
        "out_of_office_message": "Back on Monday.",
        "days-0-kind": "all",
        "days-1-kind": "hours",
        "days-1-opens": "08:30",
        "days-1-closes": "12:00",
        "days-2-kind": "closed",
    }

    page.submit("form[action$='/hours']", fields)

    db.session.refresh(cast.inbox)
    found = cast.inbox.settings
    assert (found["timezone"], found["out_of_office_message"]) == ("Europe/Berlin", "Back on Monday.")
    assert found["working_hours"][0]["open_all_day"] is True
    monday = found["working_hours"][1]
    assert (monday["open_hour"], monday["open_minutes"]) == (8, 30)
    assert (monday["close_hour"], monday["close_minutes"]) == (12, 0)
    assert found["working_hours"][2]["closed_all_day"] is True
    assert page.follow().select_one("#days-1-opens")["value"] == "08:30"


@pytest.mark.parametrize(
    "fields",
    [
        {"days-1-opens": "17:00", "days-1-closes": "09:00"},
        {"days-1-opens": "", "days-1-closes": "09:00"},
        {"days-1-opens": "soon", "days-1-closes": "09:00"},
        {"days-1-kind": "sometimes"},
        {"timezone": "Mars/Olympus"},
    ],
)
def test_hours_that_cannot_be_are_refused(
    page: Page, cast: Cast, inboxes_path: str, fields: dict[str, str]
) -> None:
    page.get(f"{inboxes_path}/{cast.inbox.id}")

    page.submit("form[action$='/hours']", {"days-1-kind": "hours", **fields}, expect=422)

    assert page.html.select_one("form[action$='/hours'] .field-error") is not None
    db.session.refresh(cast.inbox)
    assert cast.inbox.settings == {}


def test_tokens_are_replaced_and_identity_is_enforced(page: Page, cast: Cast, inboxes_path: str) -> None:
    before = (cast.inbox.hmac_token, cast.inbox.secret)
    for door in ("hmac-token", "secret"):
        page.get(f"{inboxes_path}/{cast.inbox.id}")
        page.submit(f"form[action$='/{door}']")
    db.session.refresh(cast.inbox)
    assert cast.inbox.hmac_token != before[0] and cast.inbox.secret != before[1]

    page.get(f"{inboxes_path}/{cast.inbox.id}")
    page.submit("form[action$='/identity']", {"hmac_mandatory": "y"})
    db.session.refresh(cast.inbox)
    assert cast.inbox.hmac_mandatory


def test_the_list_says_how_far_a_deletion_is(page: Page, cast: Cast, inboxes_path: str, jobs: Jobs) -> None:
    make_conversation(cast.inbox)
    page.get(f"{inboxes_path}/{cast.inbox.id}/removal")
    page.submit("form.confirm", {"name": "Website"})

    leaving = page.follow().select_one("#leaving")
    assert "Website is being deleted. 1 conversation is left." in " ".join(leaving.get_text().split())
    assert leaving["hx-trigger"] == "every 2s"
    jobs.run_all()
    html = page.get(f"{inboxes_path}/leaving", headers={"HX-Request": "true"})
    assert html.get_text().strip() == "" and html.select_one("[hx-get]") is None
