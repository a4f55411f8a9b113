"""What an administrator sees of drafts and paused apps in the settings."""

from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.page import Page

APPS = "/accounts/{account}/settings/integrations/dashboard-apps"


def test_the_list_says_which_apps_are_not_live(page: Page, cast: Cast) -> None:
    made = {state: make_app(cast.acme, state=state) for state in ("live", "draft", "paused")}
    page.sign_in(cast.ada)

    html = page.get(APPS.format(account=cast.acme.id))

    told = {state: html.select(f"#app-{app.id} .badge") for state, app in made.items()}
    assert {state: [badge.get_text() for badge in badges] for state, badges in told.items()} == {
        "live": [],
        "draft": ["Draft"],
        "paused": ["Paused"],
    }


def test_a_paused_app_is_framed_nowhere_and_a_draft_is_told_what_it_may_see(page: Page, cast: Cast) -> None:
    paused, draft = make_app(cast.acme, state="paused"), make_app(cast.acme, state="draft", scopes=[])
    page.sign_in(cast.ada)

    html = page.get(f"{APPS.format(account=cast.acme.id)}/{paused.id}")
    assert "This app is paused" in html.get_text()
    assert "https://app.example.com" not in page.response.headers["Content-Security-Policy"]

    html = page.get(f"{APPS.format(account=cast.acme.id)}/{draft.id}")
    assert "https://app.example.com" in page.response.headers["Content-Security-Policy"]
    block = html.select_one("#app-context")
    assert block is not None
    assert cast.ada.email not in block.get_text()
