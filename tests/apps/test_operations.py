"""Apps: what may be added, and what keeps its bounds."""

from collections.abc import Callable
from threading import Barrier
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from dashboard.accounts.models import Account
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.operations.apps import learn_format
from dashboard.apps.operations.apps import remove_app
from dashboard.apps.queries.apps import app_of
from dashboard.apps.queries.apps import apps_of
from dashboard.extensions import db
from dashboard.lib.addresses import HouseRules
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.transactions import DURABLE
from dashboard.transactions import Event
from tests.support.cast import Cast
from tests.support.factories import make_account
from tests.support.factories import make_app as make_dashboard_app

HERE = [{"type": "frame", "url": "https://app.example.com/"}]


def test_an_app_made_without_a_word_about_it_is_chatwoots_in_the_side_panel(cast: Cast) -> None:
    app = add_app(cast.acme, title="Orders", content=HERE, actor=cast.ada)

    assert (app.format, app.placement, app.reloads) == ("chatwoot", "side", False)
    assert (app.title, app.content, app.author) == ("Orders", HERE, cast.ada)


def test_a_change_keeps_what_it_does_not_speak_of(cast: Cast) -> None:
    app = make_dashboard_app(cast.acme, format="auto", placement="both", reloads=True)

    change_app(app, title="Bills", actor=cast.ada)

    assert (app.title, app.format, app.placement, app.reloads) == ("Bills", "auto", "both", True)
    assert app.urls == ["https://app.example.com/"]


def test_what_upstream_drops_in_silence_is_dropped(cast: Cast) -> None:
    content = ["text", {**HERE[0], "height": 300}, 7]

    app = add_app(cast.acme, title="Orders", content=content, actor=cast.ada)

    assert app.content == HERE


@pytest.mark.parametrize(
    ("title", "stored"),
    [("  Orders ", "Orders"), ("A\r\nSet-Cookie: x", "A  Set-Cookie: x"), (7, "7"), ("a\x00b\ud800", "a b")],
)
def test_a_title_stands_on_one_line(cast: Cast, title: object, stored: str) -> None:
    assert add_app(cast.acme, title=title, content=HERE, actor=None).title == stored


@pytest.mark.parametrize("title", [None, "", " \n ", "x" * 256, [], {"a": 1}])
def test_a_title_has_one_to_255_characters(cast: Cast, title: object) -> None:
    with pytest.raises(Invalid) as refused:
        add_app(cast.acme, title=title, content=HERE, actor=None)

    assert [problem.field for problem in refused.value.problems] == ["title"]


@pytest.mark.parametrize(
    ("content", "pointer", "sentence"),
    [
        (None, "/content", "a list"),
        ({}, "/content", "a list"),
        ("https://app.example.com", "/content", "a list"),
        ([], "/content", "at least one"),
        (["https://app.example.com"], "/content", "at least one"),
        (HERE * 21, "/content", "at most 20"),
        ([*HERE, {"type": "frame"}], "/content/1", "a type and a url"),
        ([{"type": "form", "url": "https://a.example"}], "/content/0/type", "must be “frame”"),
        ([{"type": "frame", "url": None}], "/content/0/url", "a text"),
        ([*HERE, {"type": "frame", "url": "ftp://a.example"}], "/content/1/url", "http:// or https://"),
        ([{"type": "frame", "url": "https://a;sandbox/"}], "/content/0/url", "only letters"),
        ([{"type": "frame", "url": "https://a@b.example/"}], "/content/0/url", "user name"),
    ],
)
def test_content_that_cannot_be_used_says_where_and_why(
    cast: Cast, content: object, pointer: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_app(cast.acme, title="Orders", content=content, actor=None)

    (problem,) = refused.value.problems
    assert (problem.field, problem.pointer) == ("content", pointer)
    assert problem.upstream == "Content : Invalid data"
    assert sentence in str(problem)


def test_a_bad_title_and_a_bad_address_are_told_together(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        add_app(cast.acme, title="", content=[{"type": "frame", "url": "ftp://x"}], actor=None)

    assert [problem.field for problem in refused.value.problems] == ["title", "content"]


def test_a_placeholder_may_stand_in_the_query(cast: Cast) -> None:
    url = "https://app.example.com/?customer={{contact.id}}"

    assert add_app(cast.acme, title="CRM", content=[{"type": "frame", "url": url}], actor=None).urls == [url]


def test_http_is_taken_unless_the_desk_wants_https(cast: Cast) -> None:
    plain = [{"type": "frame", "url": "http://app.example.com/"}]

    assert add_app(cast.acme, title="Plain", content=plain, actor=None).urls == ["http://app.example.com/"]
    with pytest.raises(Invalid, match="only https"):
        add_app(cast.acme, title="Plain", content=plain, rules=HouseRules(https_only=True), actor=None)


def test_an_account_has_fifty_apps_at_most(cast: Cast) -> None:
    for number in range(50):
        make_dashboard_app(cast.acme, title=f"App {number}")

    with pytest.raises(Invalid, match="at most 50"):
        add_app(cast.acme, title="One more", content=HERE, actor=None)

    assert add_app(cast.other, title="Elsewhere", content=HERE, actor=None)


@pytest.mark.database
def test_two_at_once_do_not_pass_the_limit_together(make_app: Callable[..., Flask]) -> None:
    app, together, ends = make_app(), Barrier(2), []
    with app.app_context():
        account_id = make_account().id
        for _ in range(49):
            make_dashboard_app(db.session.get_one(Account, account_id))

    def add() -> None:
        with app.app_context():
            together.wait()
            try:
                add_app(db.session.get_one(Account, account_id), title="Orders", content=HERE, actor=None)
                ends.append("added")
            except Invalid:
                ends.append("no room")

    threads = [Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["added", "no room"]
    with app.app_context():
        assert len(apps_of(account_id)) == 50


@pytest.mark.attack(30)
def test_the_origins_of_an_account_fit_into_one_header(cast: Cast) -> None:
    long = "a" * 60 + "." + "b" * 60 + "." + "c" * 60
    for number in range(21):
        make_dashboard_app(cast.acme, urls=(f"https://{number}.{long}/",))

    with pytest.raises(Invalid, match="too many different hosts"):
        add_app(
            cast.acme, title="Orders", content=[{"type": "frame", "url": f"https://x.{long}/"}], actor=None
        )

    assert len(apps_of(cast.acme.id)) == 21
    assert add_app(
        cast.acme, title="Same host", content=[{"type": "frame", "url": f"https://1.{long}/b"}], actor=None
    )


def test_a_refused_change_leaves_the_app_as_it_was(cast: Cast) -> None:
    app = make_dashboard_app(cast.acme)

    with pytest.raises(Invalid):
        change_app(app, title="New", format="morse", actor=cast.ada)

    db.session.refresh(app)
    assert app.title == "Orders"


def test_only_an_automatic_app_learns_and_only_formats_that_show(cast: Cast) -> None:
    asking, greeting, odd, ndoto = (
        make_dashboard_app(cast.acme, format=word) for word in ("auto", "auto", "auto", "ndoto")
    )

    learn_format(asking, shown="chatwoot")
    learn_format(greeting, shown="native")
    learn_format(odd, shown="ndoto")
    learn_format(ndoto, shown="native")

    assert [app.format for app in (asking, greeting, odd, ndoto)] == ["chatwoot", "native", "auto", "ndoto"]


def test_each_change_is_recorded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, Any]] = []

    def listen(event: Event) -> None:
        told.append((event.name, event.data["app"].title))

    for name in ("created", "updated", "deleted"):
        monkeypatch.setitem(DURABLE, f"dashboard_app.{name}", [listen])

    app = add_app(cast.acme, title="Orders", content=HERE, actor=cast.ada)
    change_app(app, title="Bills", actor=cast.ada)
    remove_app(app, actor=cast.ada)

    assert told == [
        ("dashboard_app.created", "Orders"),
        ("dashboard_app.updated", "Bills"),
        ("dashboard_app.deleted", "Bills"),
    ]
    assert db.session.get(DashboardApp, app.id) is None


def test_an_app_outlives_who_added_it(cast: Cast) -> None:
    app = make_dashboard_app(cast.acme, author=cast.bo)

    db.session.delete(cast.bo)
    db.session.commit()
    db.session.refresh(app)
    change_app(app, title="Still here", actor=cast.ada)

    assert (app.user_id, app.title) == (None, "Still here")


def test_an_app_is_found_through_its_account_only(cast: Cast) -> None:
    app = make_dashboard_app(cast.acme)

    assert app_of(cast.acme.id, app.id) is app
    with pytest.raises(NotFound):
        app_of(cast.other.id, app.id)
