"""Addresses with variables: whatever a value is, it stays in its place, and the origin is never another."""

from typing import Any

import pytest

from dashboard.lib.addresses import origin_of
from dashboard.lib.variables import Unfilled
from dashboard.lib.variables import filled
from dashboard.lib.variables import is_bound
from dashboard.lib.variables import variables_in

HOME = "https://app.example"
INERT = {
    "42": "42",
    "Maria Silva": "Maria%20Silva",
    "a/b?c=d&admin=1#e": "a%2Fb%3Fc%3Dd%26admin%3D1%23e",
    "../../admin?x=": "..%2F..%2Fadmin%3Fx%3D",
    "%2e%2e": "%252e%252e",
    "{{agent.email}}": "%7B%7Bagent.email%7D%7D",
    "{{ {{x}} }}": "%7B%7B%20%7B%7Bx%7D%7D%20%7D%7D",
    "@evil.example": "%40evil.example",
    "\\evil.example": "%5Cevil.example",
    "//evil.example": "%2F%2Fevil.example",
    "javascript:alert(1)": "javascript%3Aalert(1)",
    "O'Brien": "O%27Brien",
    "-_.!~*()": "-_.!~*()",
    "Łódź 中": "%C5%81%C3%B3d%C5%BA%20%E4%B8%AD",
    "\u2028\u202e": "%E2%80%A8%E2%80%AE",
    "...": "...",
}
UNFIT = [
    "\x00",
    "a\nb",
    "a\r\nX-Injected: 1",
    "\x7f",
    "\x85",
    "\ud800",
    "x" * 513,
    "x" * 10_000,
    [],
    {},
    ["a"],
    b"x",
]


def made(template: str, value: Any) -> str:
    return filled(HOME + template, lambda name: value)


@pytest.mark.attack(28)
@pytest.mark.parametrize(("value", "encoded"), INERT.items())
def test_a_value_is_one_piece_of_text_wherever_it_stands(value: str, encoded: str) -> None:
    for template in ("/c/{{x}}/view", "/?id={{x}}&more=1", "/#/{{x}}", "?{{x}}", "#{{x}}"):
        address = made(template, value)

        assert address == HOME + template.replace("{{x}}", encoded)
        assert origin_of(address) == HOME


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (3.0, "3"), (2.5, "2.5"), (True, "true"), (False, "false"), (None, ""), ("", "")],
)
def test_values_are_written_as_json_writes_them(value: Any, text: str) -> None:
    assert made("/?id={{x}}", value) == f"{HOME}/?id={text}"


@pytest.mark.parametrize("value", UNFIT)
@pytest.mark.parametrize("template", ["/c/{{x}}", "/?id={{x|required}}", "/#{{x}}"])
def test_what_is_no_short_text_is_refused(template: str, value: Any) -> None:
    with pytest.raises(Unfilled) as error:
        made(template, value)

    assert (error.value.name, error.value.is_unfit) == ("x", True)


@pytest.mark.attack(28)
@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("/c/{{x}}/view", ".."),
        ("/c/{{x}}/view", "."),
        ("/c/{{x}}", ".."),
        ("/{{x}}{{x}}", "."),
        ("/.{{x}}/admin", "."),
        ("/{{x}}%2e/admin", "."),
        ("/%2E{{x}}?y", ""),
    ],
)
def test_a_part_of_the_path_cannot_become_a_step_up(template: str, value: str) -> None:
    with pytest.raises(Unfilled):
        made(template, value)


def test_dots_mean_nothing_behind_the_path_and_those_that_were_typed_stay() -> None:
    assert made("/a/../b?x={{x}}#{{x}}", "..") == f"{HOME}/a/../b?x=..#.."


@pytest.mark.parametrize("value", [None, ""])
def test_what_is_needed_and_missing_is_said(value: Any) -> None:
    assert made("/c/{{x}}", value) == f"{HOME}/c/"
    with pytest.raises(Unfilled) as error:
        filled(f"{HOME}/c/{{{{x|required}}}}", lambda name: value)

    assert (error.value.name, error.value.is_unfit) == ("x", False)


@pytest.mark.attack(28)
def test_values_are_put_in_once_from_left_to_right() -> None:
    values = {"a": "{{b}}", "b": "{{a}}"}

    assert filled(f"{HOME}/{{{{a}}}}/{{{{b}}}}", values.get) == f"{HOME}/%7B%7Bb%7D%7D/%7B%7Ba%7D%7D"


def test_an_address_that_grows_too_long_is_refused() -> None:
    with pytest.raises(Unfilled):
        made("/?" + "&".join(f"a{place}={{{{x}}}}" for place in range(8)), "é" * 100)


def test_names_are_read_in_their_order_and_are_bound_to_their_places() -> None:
    url = f"{HOME}/{{{{contact.custom_attributes.crm-id}}}}?a={{{{account_id|required}}}}"

    assert variables_in(url) == ["contact.custom_attributes.crm-id", "account_id"]
    assert is_bound(url)
