"""People, one's own profile and the account over the API, in upstream's shapes."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.realtime.presence import presence
from tests.support.cast import Cast
from tests.support.factories import PASSWORD
from tests.support.factories import make_conversation
from tests.support.factories import make_membership
from tests.support.factories import make_user
from tests.support.queries import counted

Client = Any


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/agents"


@pytest.fixture
def ada(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.ada)


@pytest.fixture
def bo(api: Callable[..., Client], cast: Cast) -> Client:
    return api(cast.bo)


def test_every_member_lists_the_people_by_name(bo: Client, path: str, cast: Cast) -> None:
    presence.hear({"account": cast.acme.id, "users": [cast.ada.id]})

    listed = bo.get(path)

    assert [agent["availability_status"] for agent in listed] == ["online", "offline", "offline"]
    assert [agent["name"] for agent in listed] == ["Ada Admin", "Bo Agent", "Cy Agent"]
    assert listed[0] == {
        "id": cast.ada.id,
        "account_id": cast.acme.id,
        "availability_status": "online",
        "auto_offline": True,
        "confirmed": True,
        "email": cast.ada.email,
        "provider": "email",
        "available_name": "Ada Admin",
        "name": "Ada Admin",
        "role": "administrator",
        "thumbnail": "",
        "custom_role_id": None,
    }


def test_the_list_is_two_queries_however_long(bo: Client, path: str, cast: Cast) -> None:
    for number in range(8):
        make_user(cast.acme, name=f"Person {number}")

    with counted() as queries:
        bo.get(path)

    assert queries.number == 2


@pytest.mark.parametrize("wrap", [lambda sent: sent, lambda sent: {"agent": sent}])
def test_somebody_is_let_in(ada: Client, path: str, wrap: Callable[[Any], Any]) -> None:
    made = ada.post(path, wrap({"email": "Dee@X.example", "role": "administrator", "availability": "busy"}))

    assert (made["name"], made["email"], made["role"]) == ("dee", "dee@x.example", "administrator")
    assert (made["availability_status"], made["auto_offline"], made["confirmed"]) == ("offline", True, False)


def test_somebody_known_is_let_in_as_they_are(ada: Client, path: str, cast: Cast) -> None:
    made = ada.post(path, {"email": cast.eve.email.upper(), "name": "Other", "role": None})

    assert (made["id"], made["name"], made["role"]) == (cast.eve.id, "Eve Stranger", "agent")
    assert not made["confirmed"]  # the membership waits until Eve joins


@pytest.mark.parametrize(
    ("sent", "message", "attribute"),
    [
        ({"email": "nobody"}, "Email is invalid", "email"),
        ({"name": "X"}, "Email can't be blank", "email"),
        ({"email": "x@y.example", "role": "king"}, "Role is not included in the list", "role"),
        (
            {"email": "x@y.example", "availability": 7},
            "Availability is not included in the list",
            "availability",
        ),
    ],
)
def test_what_cannot_be_used_is_named(
    ada: Client, path: str, sent: dict[str, Any], message: str, attribute: str
) -> None:
    answer = ada.post(path, sent, expect=422)

    assert (answer["message"], answer["attributes"]) == (message, [attribute])


def test_who_is_in_already_is_refused(ada: Client, path: str, cast: Cast) -> None:
    answer = ada.post(path, {"email": cast.bo.email}, expect=422)

    assert (answer["message"], answer["attributes"]) == ("User has already been taken", ["user_id"])
    assert ada.post(path, {}, expect=422) == {"error": "param is missing or the value is empty: agent"}


def test_several_are_let_in_and_bad_addresses_passed_over(ada: Client, path: str, cast: Cast) -> None:
    sent = {"emails": ["one@x.example", "nonsense", cast.bo.email, "two@x.example"]}

    assert ada.post(f"{path}/bulk_create", sent) is None

    added = [agent for agent in ada.get(path) if not agent["confirmed"]]
    assert [agent["email"] for agent in added] == ["one@x.example", "two@x.example"]
    assert {(agent["availability_status"], agent["auto_offline"]) for agent in added} == {("offline", False)}


def test_a_change_applies_what_is_there(ada: Client, path: str, cast: Cast) -> None:
    where = f"{path}/{cast.bo.id}"

    assert ada.put(where, {"agent": {"name": "Robert", "role": None}})["name"] == "Robert"
    changed = ada.patch(
        where, {"role": "administrator", "auto_offline": "false", "email": "ignored@x.example"}
    )
    assert (changed["role"], changed["auto_offline"], changed["email"]) == (
        "administrator",
        False,
        cast.bo.email,
    )


def test_the_last_administrator_stays_and_nobody_removes_themselves(
    ada: Client, path: str, cast: Cast
) -> None:
    where = f"{path}/{cast.ada.id}"

    demoted = ada.patch(where, {"role": "agent"}, expect=422)
    assert "last administrator" in demoted["error"]
    assert "cannot remove yourself" in ada.delete(where, expect=422)["error"]
    assert len(ada.get(path)) == 3


def test_a_removed_agent_is_in_charge_of_nothing(ada: Client, bo: Client, path: str, cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, assignee_id=cast.bo.id)

    assert ada.delete(f"{path}/{cast.bo.id}") is None

    db.session.refresh(conversation)
    assert conversation.assignee_id is None
    assert bo.get(path, expect=401) == {"error": "You are not authorized to access this account"}
    ada.delete(f"{path}/{cast.bo.id}", expect=404)


def test_the_profile_tells_of_oneself_and_ones_accounts(bo: Client, cast: Cast) -> None:
    make_membership(cast.other, cast.bo, role="administrator", availability="busy")

    profile = bo.get("/api/v1/profile")

    assert (profile["id"], profile["email"], profile["access_token"]) == (
        cast.bo.id,
        cast.bo.email,
        cast.token(cast.bo),
    )
    assert profile["pubsub_token"] == cast.bo.pubsub_token
    told = [(account["name"], account["role"], account["availability"]) for account in profile["accounts"]]
    assert told == [("Acme", "agent", "online"), ("Other", "administrator", "busy")]
    assert "password_hash" not in profile


def test_the_profile_is_changed(bo: Client, cast: Cast) -> None:
    changed = bo.put("/api/v1/profile", {"profile": {"name": "Robert", "email": "Robert@X.example"}})

    assert (changed["name"], changed["email"]) == ("Robert", "robert@x.example")
    taken = bo.put("/api/v1/profile", {"profile": {"email": cast.ada.email}}, expect=422)
    assert taken["message"] == "Email has already been taken"


def test_a_new_password_asks_for_the_current_one(bo: Client, cast: Cast) -> None:
    old, sent = (
        cast.bo.password_hash,
        {"password": "another horse 43", "password_confirmation": "another horse 43"},
    )

    wrong = bo.put("/api/v1/profile", {"profile": {**sent, "current_password": "x"}}, expect=422)
    assert wrong == {"error": "Invalid current password"}
    assert bo.put("/api/v1/profile", {"profile": sent}, expect=422) == wrong
    differ = {**sent, "password_confirmation": "y", "current_password": PASSWORD}
    refused = bo.put("/api/v1/profile", {"profile": differ}, expect=422)
    assert refused["message"] == "Password confirmation doesn't match Password"
    bo.put("/api/v1/profile", {"profile": {**sent, "current_password": PASSWORD}})
    db.session.refresh(cast.bo)
    assert cast.bo.password_hash != old


def test_presence_is_set_for_one_account(bo: Client, cast: Cast) -> None:
    sent = {"account_id": cast.acme.id, "availability": "busy"}
    assert bo.post("/api/v1/profile/availability", {"profile": sent})["accounts"][0]["availability"] == "busy"
    sent = {"account_id": str(cast.acme.id), "auto_offline": False}
    assert bo.post("/api/v1/profile/auto_offline", {"profile": sent})["accounts"][0]["auto_offline"] is False
    stranger = {"account_id": cast.other.id, "availability": "busy"}
    bo.post("/api/v1/profile/availability", {"profile": stranger}, expect=404)
    asleep = {"account_id": cast.acme.id, "availability": "asleep"}
    refused = bo.post("/api/v1/profile/availability", {"profile": asleep}, expect=422)
    assert refused["attributes"] == ["availability"]


def test_a_new_token_ends_the_old_one(bo: Client) -> None:
    fresh = bo.post("/api/v1/profile/reset_access_token")["access_token"]

    assert bo.get("/api/v1/profile", expect=401) == {"error": "Invalid Access Token"}
    bo.headers = {"api_access_token": fresh}
    bo.get("/api/v1/profile")


def test_every_door_of_the_profile_wants_a_token(api: Callable[..., Client]) -> None:
    for method, path in (
        ("GET", ""),
        ("PUT", ""),
        ("POST", "/availability"),
        ("POST", "/auto_offline"),
        ("POST", "/reset_access_token"),
    ):
        api().send(method, f"/api/v1/profile{path}", expect=401)


def test_the_account_tells_of_itself(bo: Client, cast: Cast) -> None:
    assert bo.get(f"/api/v1/accounts/{cast.acme.id}") == {
        "id": cast.acme.id,
        "name": "Acme",
        "locale": "en",
        "status": "active",
        "features": {},
        "domain": None,
        "support_email": None,
        "cache_keys": {},
        "settings": {},
        "custom_attributes": {},
        "created_at": clock.iso(cast.acme.created_at),
    }
