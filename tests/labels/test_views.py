"""Settings → Labels, and labels beside conversations."""

import pytest

from dashboard.conversations.operations.routing import set_labels
from tests.support.cast import Cast
from tests.support.factories import make_conversation
from tests.support.factories import make_label
from tests.support.factories import make_message
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def settings(cast: Cast, rest: str = "") -> str:
    return f"/accounts/{cast.acme.id}/settings/labels{rest}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/new"),
        ("POST", "/new"),
        ("GET", "/{id}"),
        ("POST", "/{id}"),
        ("GET", "/{id}/removal"),
        ("POST", "/{id}/removal"),
    ],
)
def test_the_ladder(page: Page, cast: Cast, method: str, path: str) -> None:
    label = make_label(cast.acme)

    ask_the_ladder(page, cast, method, settings(cast, path.format(id=label.id)))


def test_an_administrator_adds_changes_and_deletes(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)
    assert "No labels yet" in page.get(settings(cast)).text
    page.get(settings(cast, "/new"))
    page.submit("form.panel", {"title": "Late", "color": "#e5484d"})
    html = page.follow()
    assert "The label late is added." in html.text
    assert html.select_one("td .label-dot circle")["fill"] == "#e5484d"

    page.get(str(html.select_one("td a")["href"]))
    page.submit("form.panel", {"title": "delayed"})
    html = page.follow()
    page.get(str(html.select_one('a[href$="/removal"]')["href"]))
    page.submit("form.confirm")
    assert "The label delayed is deleted." in page.follow().text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "x y"}, "Must have two letters"),
        ({"title": "late"}, "already been taken"),
        ({"title": "new", "color": "url(//evil.example)"}, "Choose a colour."),
    ],
)
def test_what_was_typed_stays_beside_what_is_wrong_with_it(
    page: Page, cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    make_label(cast.acme, "late")
    page.sign_in(cast.ada)
    page.get(settings(cast, "/new"))

    html = page.submit("form.panel", {"description": "Words", **fields}, expect=422)

    assert sentence in html.select_one(".field-error").text
    assert html.select_one('[name="description"]')["value"] == "Words"


def test_colours_stand_in_the_list_the_head_and_the_menus(page: Page, cast: Cast) -> None:
    make_label(cast.acme, "late", color="#e5484d", description="It did not come")
    make_label(cast.acme, "hidden", show_on_sidebar=False)
    make_label(cast.acme, "odd", color="url(//evil.example)")
    conversation = make_conversation(cast.inbox)
    make_message(conversation)
    set_labels(conversation, labels=["late", "from-the-api"], actor=cast.bo)
    page.sign_in(cast.bo)
    desk = f"/accounts/{cast.acme.id}/conversations"

    html = page.get(f"{desk}/{conversation.display_id}")
    for place in (f"#row-{conversation.display_id}", f"#prop-labels-{conversation.display_id}"):
        assert [dot["fill"] for dot in html.select(f"{place} circle")] == ["#e5484d"]
        assert html.select_one(f"{place} [data-hue].label-dot")
    assert [entry.text for entry in html.select("#list-statuses .label-dot + span")] == ["late", "odd"]
    assert "evil" not in str(html)

    html = page.get(f"{desk}/{conversation.display_id}/labels", headers=HTMX)
    assert [label.text for label in html.select(".label-choice .truncate")][:4] == [
        "from-the-api",
        "hidden",
        "late",
        "odd",
    ]
    html = page.get(f"{desk}?label=late")
    assert html.select_one('#list-statuses [aria-current="true"] .label-dot')
