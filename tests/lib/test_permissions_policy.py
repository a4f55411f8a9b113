"""What a page takes away from itself by its own Permissions-Policy."""

import pytest

from dashboard.lib.framing import Seen
from dashboard.lib.framing import judge
from dashboard.lib.permissions_policy import switched_off

APP = "https://app.example"
WANTED = ("camera", "clipboard-write")


@pytest.mark.parametrize(
    ("policy", "off"),
    [
        ("", []),
        ("camera=()", ["camera"]),
        ("camera=(), clipboard-write=()", ["camera", "clipboard-write"]),
        ("camera=*, clipboard-write=self", []),
        ('camera=(self), clipboard-write=("https://app.example")', []),
        ('camera=("https://other.example" "https://third.example")', ["camera"]),
        ("camera=(), camera=(self)", []),
        ("geolocation=()", []),
        ("CAMERA=()", []),
        ("=(),,camera", []),
    ],
)
def test_a_feature_is_off_where_the_page_itself_is_not_among_those_who_may(
    policy: str, off: list[str]
) -> None:
    assert switched_off([("Permissions-Policy", policy)], WANTED, origin=APP) == off


def test_several_headers_are_one_policy() -> None:
    headers = [("permissions-policy", "camera=()"), ("permissions-policy", "clipboard-write=()")]

    assert switched_off(headers, WANTED, origin=APP) == list(WANTED)


def test_the_check_of_an_app_warns_of_what_it_is_given_in_vain() -> None:
    headers = [("Permissions-Policy", "camera=(), microphone=()")]
    given = judge(Seen(200, headers, APP, features=("camera",)), app=APP, desk="https://desk.example")
    other = judge(
        Seen(200, headers, APP, features=("clipboard-write",)), app=APP, desk="https://desk.example"
    )

    assert (given.word, given.warnings, other.warnings) == ("works", ("features",), ())
