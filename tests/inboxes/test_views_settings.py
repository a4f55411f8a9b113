"""Settings → Inboxes: where conversations come from, and who works on them."""

import re

import pytest

from dashboard.accounts.models import Membership
from dashboard.accounts.queries import member_of
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.queries import inboxes_of
from dashboard.inboxes.queries import members_of_inbox
from tests.support.cast import Cast
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
