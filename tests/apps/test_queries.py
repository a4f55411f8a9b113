"""Finding apps by what people remember of them."""

import pytest

from dashboard.apps.queries.apps import apps_of
from dashboard.apps.queries.apps import find_apps
from tests.support.cast import Cast
from tests.support.factories import make_app


def test_apps_stand_in_the_order_in_which_they_were_added(cast: Cast) -> None:
    titles = ["Zebra", "apple", "Mango"]
    for title in titles:
        make_app(cast.acme, title=title)
    make_app(cast.other, title="Not ours")

    assert [app.title for app in apps_of(cast.acme.id)] == titles


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Customer orders", "ÉTAT 100%"]),
        ("ORDERS", ["Customer orders"]),
        ("orders shop", ["Customer orders"]),
        ("orders nothing", []),
        ("état", ["ÉTAT 100%"]),
        ("100%", ["ÉTAT 100%"]),
        ("_", []),
        ("second.example", ["ÉTAT 100%"]),
    ],
)
def test_every_word_must_be_in_the_name_or_an_address(cast: Cast, words: str, found: list[str]) -> None:
    make_app(cast.acme, title="Customer orders", urls=("https://shop.example.com/panel",))
    make_app(cast.acme, title="ÉTAT 100%", urls=("https://first.example/", "https://second.example/"))

    assert [app.title for app in find_apps(cast.acme.id, words)] == found
