"""The inspector's doors: who is shown what a page and an app say to each other, and what the app may know."""

import pytest
from bs4 import Tag
from sqlalchemy import func
from sqlalchemy import select

from dashboard.apps.models.apps import PAUSED
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.models.disclosures import AppDisclosure
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_message
from tests.support.page import Page


def path_of(app: DashboardApp, conversation: int | str | None = None) -> str:
    path = f"/accounts/{app.account_id}/apps/{app.id}/inspector"
    return path if conversation is None else f"{path}/context?conversation={conversation}"


@pytest.mark.parametrize("conversation", [None, ""])
def test_administrators_and_the_apps_author_inspect_it_and_nobody_else(
    page: Page, cast: Cast, conversation: str | None
) -> None:
    app = make_app(cast.acme, user_id=cast.bo.id)
    path = path_of(app, conversation)

    page.get(path, expect=302)
    for person, status in ((cast.eve, 404), (cast.cy, 404), (cast.bo, 200), (cast.ada, 200)):
        page.sign_in(person)
        page.get(path, expect=status)
    app.state = PAUSED
    db.session.commit()
    page.get(path, expect=404)


def test_in_the_playground_it_is_there_for_administrators(page: Page, cast: Cast) -> None:
    tried = f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/playground/inspector"

    page.sign_in(cast.bo)
    page.get(tried, expect=403)
    page.sign_in(cast.ada)
    assert "Playground" in page.get(tried).get_text()
    page.get(f"/accounts/{cast.acme.id}/apps/0/inspector", expect=404)
    page.get(f"/accounts/{cast.acme.id}/apps/0/inspector/context?conversation=", expect=404)


def test_the_page_offers_it_to_whom_the_doors_are_open(page: Page, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox)
    mine, other = [
        make_app(cast.acme, user_id=user.id, placement="side+page") for user in (cast.bo, cast.ada)
    ]

    def offered(path: str = f"conversations/{conversation.display_id}") -> tuple[object, object]:
        shelf = page.get(f"/accounts/{cast.acme.id}/{path}").select_one("#frame-shelf")
        assert isinstance(shelf, Tag)
        return shelf.get("data-inspects"), shelf.get("data-inspect")

    page.sign_in(cast.ada)
    assert offered() == ("all", "Inspect")
    page.sign_in(cast.bo)
    assert offered() == offered(f"apps/{mine.id}") == (str(mine.id), "Inspect")
    assert offered(f"apps/{other.id}") == (None, None)
    mine.user_id = None
    db.session.commit()
    assert offered() == (None, None)


def test_the_context_says_which_scope_lets_each_part_through_and_tells_the_app_nothing(
    page: Page, cast: Cast
) -> None:
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"))
    make_message(conversation, "Where is my lantern?")
    app = make_app(cast.acme, scopes=["contact.basic"])
    page.sign_in(cast.ada)

    tree = page.get(path_of(app, conversation.display_id))

    lines = {
        line.code.get_text(): line for line in tree.select("details:first-of-type > .tree > li") if line.code
    }
    assert "Who the contact is" in lines["name"].get_text()
    assert lines["name"].select_one("s") is None
    assert "How to reach the contact · not told" in lines["email"].get_text(" ", strip=True)
    assert lines["email"].has_attr("data-kept-back")
    kept = [line.get_text() for line in tree.select("[data-kept-back] s")]
    assert "Where is my lantern?" in kept
    assert db.session.scalar(select(func.count()).select_from(AppDisclosure)) == 0


def test_a_conversation_that_is_none_of_theirs_or_not_for_the_app_is_not_shown(
    page: Page, cast: Cast
) -> None:
    here = make_conversation(cast.inbox).display_id
    elsewhere = make_conversation(make_inbox(cast.acme)).display_id
    app = make_app(cast.acme, user_id=cast.bo.id)
    limited = make_app(
        cast.acme, conditions=[{"field": "conversation.status", "test": "equals", "value": "resolved"}]
    )

    page.sign_in(cast.bo)
    page.get(path_of(app, elsewhere), expect=404)
    assert "No conversation is open" in page.get(path_of(app, "")).get_text()
    page.sign_in(cast.ada)
    assert "not shown here" in page.get(path_of(limited, here)).get_text()
