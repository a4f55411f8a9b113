"""Names and moments as a person reads them."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import Babel
from flask_babel import force_locale

from dashboard.http import filters
from dashboard.lib import clock

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def it_is_noon_in_lisbon_and_one_in_madrid() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, locale_selector=lambda: "en_GB", timezone_selector=lambda: "Europe/Madrid")
    clock.shift(NOON - datetime.now(UTC) + timedelta(seconds=1))
    with app.test_request_context():
        yield
    clock.shift(timedelta())


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Maria Silva", "MS"),
        ("maria da silva", "MS"),
        ("Ada", "A"),
        ("李伟", "李"),
        ("Élodie O’Neil", "ÉN"),
        ("+49 30 901820", "49"),
        ("  ", "?"),
        (None, "?"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str | None, letters: str) -> None:
    assert filters.initials(name) == letters


def test_the_same_name_always_has_the_same_hue() -> None:
    assert filters.hue_of("Maria Silva") == filters.hue_of("  maria silva ")
    assert {filters.hue_of(number) for number in range(500)} == set(range(12))


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=40), "now"),
        (timedelta(minutes=2), "2m"),
        (timedelta(minutes=59, seconds=50), "59m"),
        (timedelta(hours=23), "23h"),
        (timedelta(days=6, hours=23), "6d"),
        (timedelta(days=8), "12 Nov"),
        (timedelta(days=400), "16 Oct 2025"),
    ],
)
def test_a_list_says_how_long_ago_it_was(ago: timedelta, text: str) -> None:
    assert filters.short_time(NOON - ago) == text


@pytest.mark.parametrize("locale", ["de", "pt_BR", "ar"])
def test_languages_without_a_narrow_form_still_say_it(locale: str) -> None:
    with force_locale(locale):
        assert "duration" not in filters.short_time(NOON - timedelta(minutes=3))


def test_times_are_the_readers_own() -> None:
    assert filters.clock_time(NOON) == "13:00"
    assert filters.long_time(NOON) == "20 Nov 2026, 13:00"
    with force_locale("en_US"):
        assert filters.clock_time(NOON).replace("\u202f", " ") == "1:00 PM"
        assert filters.short_date(NOON) == "Nov 20, 2026"


def test_midnight_comes_when_it_comes_for_the_reader() -> None:
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)

    assert filters.day(late) == "Today"
    assert filters.short_date(late) == "20 Nov 2026"


def test_a_thread_says_which_day_it_is() -> None:
    assert filters.day(NOON) == "Today"
    assert filters.day(NOON - timedelta(days=1)) == "Yesterday"
    assert filters.day(NOON - timedelta(days=7)) == "Friday 13 November"
    assert filters.day(NOON - timedelta(days=365)) == "Thursday, 20 November 2025"


def test_other_arguments_of_a_macro_become_attributes() -> None:
    written = filters.attributes(
        {"hx_get": "/a?b&c", "for_": '"x"', "hidden": True, "open": False, "id": None}
    )

    assert written == ' hx-get="/a?b&amp;c" for="&#34;x&#34;" hidden'


def test_the_machine_reads_utc() -> None:
    assert filters.iso(NOON) == "2026-11-20T12:00:00.000Z"
