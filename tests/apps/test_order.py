"""Apps stand in the order that an administrator gave them, each with its drawing."""

import pytest

from dashboard.apps.models.apps import ICONS
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import order_apps
from dashboard.apps.queries.apps import apps_of
from dashboard.lib.errors import Invalid
from dashboard.transactions import transaction
from tests.support.cast import Cast
from tests.support.factories import make_app as make_dashboard_app
from tests.support.factories import make_conversation
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page

ORDER = "/accounts/{account}/settings/integrations/dashboard-apps/order"
FRAME = {"type": "frame", "url": "https://crm.example/"}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def ids(cast: Cast, page: Page) -> list[int]:
    page.sign_in(cast.ada)
    return [add_app(cast.acme, title=title, content=[FRAME], actor=cast.ada).id for title in ("A", "B", "C")]


def titles(cast: Cast) -> list[str]:
    return [app.title for app in apps_of(cast.acme.id)]


def test_the_door_asks_who_is_there(page: Page, cast: Cast) -> None:
    ask_the_ladder(page, cast, "POST", ORDER)


def test_a_new_app_comes_last_and_stays_there(cast: Cast, ids: list[int]) -> None:
    order_apps(cast.acme, [ids[2], ids[0]], actor=cast.ada)
    assert titles(cast) == ["C", "A", "B"]

    add_app(cast.acme, title="D", content=[FRAME], actor=cast.ada)

    assert titles(cast) == ["C", "A", "B", "D"]


def test_what_was_dragged_stands_there(page: Page, cast: Cast, ids: list[int]) -> None:
    html = page.post(
        ORDER.format(account=cast.acme.id), {"ids": [ids[1], ids[2], ids[0]]}, headers=HTMX, expect=200
    )

    assert titles(cast) == ["B", "C", "A"]
    assert [int(each["value"]) for each in html.select("[name=ids]")] == [ids[1], ids[2], ids[0]]


@pytest.mark.parametrize(
    ("button", "place", "wanted", "focus"),
    [
        ("down", 0, ["B", "A", "C"], "down"),
        ("up", 2, ["A", "C", "B"], "up"),
        ("up", 1, ["B", "A", "C"], "down"),  # at the top there is no way up
        ("down", 1, ["A", "C", "B"], "up"),
        ("up", 0, ["A", "B", "C"], "down"),
        ("down", 2, ["A", "B", "C"], "up"),
    ],
)
def test_a_button_moves_an_app_by_a_place_and_keeps_the_focus_with_it(
    page: Page, cast: Cast, ids: list[int], button: str, place: int, wanted: list[str], focus: str
) -> None:
    address = ORDER.format(account=cast.acme.id)

    html = page.post(address, {button: ids[place]}, headers=HTMX, expect=200)

    assert titles(cast) == wanted
    held = html.select_one("[autofocus]")
    assert (held["name"], int(held["value"])) == (focus, ids[place])


def test_without_scripts_the_buttons_lead_back_to_the_list(page: Page, cast: Cast, ids: list[int]) -> None:
    page.post(ORDER.format(account=cast.acme.id), {"down": ids[0]})

    html = page.follow()

    assert [row.select_one("a").get_text() for row in html.select("tbody tr")] == ["B", "A", "C"]
    assert html.select_one(f'button[name="up"][value="{ids[1]}"]') is None


@pytest.mark.parametrize(
    "sent", [{}, {"ids": ["x", "-1", "9" * 30, "9" * 5000]}, {"up": "x"}, {"down": "999"}, {"ids": [7] * 500}]
)
def test_what_names_no_app_changes_nothing(
    page: Page, cast: Cast, ids: list[int], sent: dict[str, object]
) -> None:
    page.post(ORDER.format(account=cast.acme.id), sent)

    assert titles(cast) == ["A", "B", "C"]


def test_apps_of_another_account_stay_where_they_are(page: Page, cast: Cast, ids: list[int]) -> None:
    theirs = make_dashboard_app(cast.other)
    before = theirs.position

    page.post(ORDER.format(account=cast.acme.id), {"ids": [theirs.id, ids[2]]})

    assert titles(cast) == ["C", "A", "B"]
    assert theirs.position == before


def test_a_search_shows_no_handles(page: Page, cast: Cast, ids: list[int]) -> None:
    html = page.get(ORDER.format(account=cast.acme.id).removesuffix("/order") + "?q=a")

    assert html.select("[data-sorted], [name=up], [name=down]") == []


def test_the_drawing_is_one_of_the_list(cast: Cast, ids: list[int]) -> None:
    app = apps_of(cast.acme.id)[0]
    assert app.icon == ICONS[0]

    change_app(app, icon="truck", actor=cast.ada)
    assert app.icon == "truck"

    with pytest.raises(Invalid), transaction():
        change_app(app, icon="../evil", actor=cast.ada)


def test_the_tab_shows_the_drawing(page: Page, cast: Cast, ids: list[int]) -> None:
    change_app(apps_of(cast.acme.id)[0], icon="truck", placement="both", actor=cast.ada)

    conversation = make_conversation(cast.inbox)

    html = page.get(f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}")

    drawn = [use["href"].rpartition("#")[2] for use in html.select(f'[data-app-tab="{ids[0]}"] use')]
    assert drawn == ["truck", "truck"]
