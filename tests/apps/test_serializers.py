"""Apps as the API and the frame host read them."""

from datetime import UTC
from datetime import datetime

from flask import Flask
from flask import url_for

from dashboard.apps.serializers import app_frames
from dashboard.apps.serializers import app_json
from dashboard.apps.serializers import origins_of
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_reader


def test_the_api_shows_seven_keys(cast: Cast) -> None:
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    app = make_app(cast.acme, author=cast.ada, created_at=noon, updated_at=noon)

    assert app_json(app) == {
        "id": app.id,
        "title": "Orders",
        "content": [{"type": "frame", "url": "https://app.example.com/"}],
        "user_id": cast.ada.id,
        "account_id": cast.acme.id,
        "created_at": "2026-01-15T12:00:00.000Z",
        "updated_at": "2026-01-15T12:00:00.000Z",
    }


def test_the_frame_host_gets_addresses_that_every_browser_reads_alike(cast: Cast, app: Flask) -> None:
    row = make_app(
        cast.acme,
        urls=("https://App.example.com:443/{{agent.id}}", "http://[::1]:8080/"),
        format="auto",
        placement="both",
    )

    (host,) = app_frames([row], make_reader(cast.acme, cast.bo))

    assert host["frames"] == [
        {"url": f"https://App.example.com:443/{cast.bo.id}", "origin": "https://app.example.com"},
        {"url": "http://[::1]:8080/", "origin": "http://[::1]:8080"},
    ]
    assert (host["places"], host["format"], host["reload"]) == (["side", "tab"], "auto", False)
    with app.test_request_context():
        assert host["learn_url"] == url_for("apps.learn", account_id=cast.acme.id, app_id=row.id)


def test_an_address_from_before_todays_rule_is_not_framed(cast: Cast) -> None:
    old = make_app(cast.acme, urls=("https://a;sandbox/", "https://fine.example/"))

    assert origins_of([old]) == ["https://fine.example"]
    assert [frame["url"] for frame in app_frames([old], make_reader(cast.acme, cast.bo))[0]["frames"]] == [
        "https://fine.example/"
    ]
