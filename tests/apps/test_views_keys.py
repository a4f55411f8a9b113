"""Settings → Dashboard apps → Signing keys: a new key by a button, with a question first."""

from collections.abc import Iterator

import pytest

from dashboard.apps.operations.keys import signing_key
from dashboard.apps.queries.keys import published_keys
from dashboard.apps.views.keys import AT_MOST
from dashboard.extensions import limiter
from tests.support.cast import Cast
from tests.support.page import Page


@pytest.fixture(autouse=True)
def nothing_counted(app: object) -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def path(page: Page, cast: Cast) -> str:
    page.sign_in(cast.ada)
    return f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/keys"


def test_before_any_app_has_asked_there_is_no_key(page: Page, path: str) -> None:
    assert "No key yet" in page.get(path).get_text()
    assert published_keys() == []


def test_a_rotation_asks_first_and_changes_what_signs_tomorrow(page: Page, path: str) -> None:
    before = signing_key().kid
    assert "No app notices" in page.get(f"{path}/rotation").get_text()

    page.submit("form.confirm", {})

    html = page.follow()
    assert "It signs from tomorrow on" in html.select_one("#toasts").get_text()
    assert signing_key().kid == before
    assert [row.select("td")[1].get_text() for row in html.select("tbody tr")] == [
        "Waits for its day",
        "Signs now",
    ]
    assert before[:12] in html.select("tbody tr")[1].get_text()
    page.post(f"{path}/rotation")
    assert "waits for its day" in page.follow().select_one("#toasts").get_text()


def test_a_replacement_says_what_it_ends_and_ends_it(page: Page, path: str) -> None:
    before = signing_key().kid
    assert "Every token that was signed so far is refused" in page.get(f"{path}/replacement").get_text()
    assert signing_key().kid == before

    page.submit("form.confirm", {})

    assert "thrown away" in page.follow().select_one("#toasts").get_text()
    (only,) = published_keys()
    assert only.kid == signing_key().kid != before


def test_only_administrators_find_it_and_not_without_end(page: Page, cast: Cast, path: str) -> None:
    for _ in range(int(AT_MOST.split("/")[0])):
        page.post(f"{path}/replacement")
    page.post(f"{path}/replacement", expect=429)

    page.sign_in(cast.bo)
    page.get(path, expect=403)
    page.post(f"{path}/rotation", expect=403)
    page.post(f"{path}/replacement", expect=403)
