"""The ladder that every door for administrators is asked: who may not, and how they are told."""

from flask.testing import FlaskClient

from tests.support.cast import Cast
from tests.support.page import Page


def ask_the_ladder(page: Page, cast: Cast, method: str, path: str) -> None:
    """Agent, stranger, nobody, and a form that was not ours."""
    path = path.format(account=cast.acme.id, bo=cast.bo.id, inbox=cast.inbox.id)

    page.sign_in(cast.bo)
    assert "administrator" in _ask(page, method, path, expect=403).get_text().lower()

    page.sign_in(cast.eve)
    _ask(page, method, path, expect=404)

    page.sign_out()
    _ask(page, method, path, expect=302)
    assert page.response is not None
    assert page.response.headers["Location"].startswith("/login?next=")

    if method == "POST":
        page.sign_in(cast.ada)
        assert _status_without_token(page.client, path) == 400


def _ask(page: Page, method: str, path: str, *, expect: int):  # type: ignore[no-untyped-def]
    if method == "GET":
        return page.get(path, expect=expect)
    return page.post(path, expect=expect)


def _status_without_token(client: FlaskClient, path: str) -> int:
    return client.post(path, data={"title": "x"}).status_code
