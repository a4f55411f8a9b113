"""Canned responses by API: everybody of the account reads and writes them."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.canned.models import CannedResponse
from dashboard.extensions import db
from tests.support.cast import Cast

Api = Callable[..., Any]


def doors(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/accounts/{cast.acme.id}/canned_responses{rest}"


def test_a_canned_response_lives_from_its_making_to_its_end(api: Api, cast: Cast) -> None:
    bo = api(cast.bo)

    made = bo.post(doors(cast), {"canned_response": {"short_code": "hello", "content": "Hello!"}})
    assert (made["short_code"], made["content"], made["account_id"]) == ("hello", "Hello!", cast.acme.id)
    assert made["created_at"].endswith("Z")
    assert bo.get(doors(cast)) == [made]

    changed = bo.patch(doors(cast, f"/{made['id']}"), {"content": "Hello there!"})
    assert (changed["short_code"], changed["content"]) == ("hello", "Hello there!")

    bo.delete(doors(cast, f"/{made['id']}"))
    assert bo.get(doors(cast)) == []
    bo.delete(doors(cast, f"/{made['id']}"), expect=404)


def test_it_is_found_by_its_code_first(api: Api, cast: Cast) -> None:
    for code, content in (
        ("return", "How to send it back"),
        ("bye", "Goodbye, return soon"),
        ("noreturn", "-"),
    ):
        api(cast.bo).post(doors(cast), {"short_code": code, "content": content})

    def found(words: str) -> list[str]:
        return [each["short_code"] for each in api(cast.bo).get(doors(cast, f"?search={words}"))]

    assert found("") == ["bye", "noreturn", "return"]
    assert found("Return") == ["return", "noreturn", "bye"]
    assert found("send%20back") == ["return"]
    assert found("nothing") == []


@pytest.mark.parametrize(
    ("given", "attributes"),
    [
        ({"short_code": "", "content": "x"}, ["short_code"]),
        ({"short_code": "x"}, ["content"]),
        ({"short_code": "x" * 256, "content": "x" * 20_001}, ["short_code", "content"]),
        ({"short_code": "taken", "content": "x"}, ["short_code"]),
    ],
)
def test_what_cannot_be_used_is_told(
    api: Api, cast: Cast, given: dict[str, Any], attributes: list[str]
) -> None:
    api(cast.bo).post(doors(cast), {"short_code": "taken", "content": "x"})

    answer = api(cast.bo).post(doors(cast), given, expect=422)

    assert answer["attributes"] == attributes
    assert db.session.query(CannedResponse).count() == 1


def test_other_accounts_have_their_own(api: Api, cast: Cast) -> None:
    made = api(cast.bo).post(doors(cast), {"short_code": "hello", "content": "Hello!"})
    elsewhere = f"/api/v1/accounts/{cast.other.id}/canned_responses"

    api(cast.eve).get(doors(cast), expect=401)
    api(cast.eve).patch(f"{elsewhere}/{made['id']}", {"content": "x"}, expect=404)
    assert api(cast.eve).post(elsewhere, {"short_code": "hello", "content": "x"})["short_code"] == "hello"
    api().get(doors(cast), expect=401)
