"""ActionCable's protocol, as clients of every kind speak it."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.exceptions import InvalidStatus

from tests.support.claims import agent
from tests.support.claims import contact
from tests.support.claims import cookie_of
from tests.support.servers import Desk
from tests.support.sockets import Socket

Connect = Callable[..., Socket]


def test_the_server_speaks_first_and_every_three_seconds(live, connect: Connect):
    socket = connect()

    assert json.loads(socket.connection.recv(timeout=20)) == {"type": "welcome"}
    first, second = (json.loads(socket.connection.recv(timeout=20)) for _ in range(2))
    assert first["type"] == second["type"] == "ping"
    assert 2 <= second["message"] - first["message"] <= 6


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["actioncable-v1-json", "actioncable-unsupported"], "actioncable-v1-json"),
        (["other", "actioncable-unsupported", "actioncable-v1-json"], "actioncable-v1-json"),
        (["actioncable-unsupported"], "actioncable-unsupported"),
        (None, None),
    ],
)
def test_the_subprotocol_is_the_one_both_know(live, connect: Connect, offered, chosen):
    assert connect(subprotocols=offered).connection.subprotocol == chosen


def test_an_identifier_comes_back_byte_for_byte(live, desk: Desk, connect: Connect):
    identifier = json.dumps({**contact(live, desk), "channel": "RoomChannel", "x": "é\\/\u2028"}, indent=1)
    socket = connect()

    socket.connection.send(json.dumps({"command": "subscribe", "identifier": identifier}))  # no welcome yet

    assert socket.take() == {"type": "welcome"}
    assert socket.take() == {"identifier": identifier, "type": "confirm_subscription"}
    assert socket.take()["identifier"] == identifier


def test_whoever_is_let_in_learns_who_is_there(live, desk: Desk, connect: Connect):
    bo = connect().subscribe(**agent(live, desk, desk.bo))
    customer = connect().subscribe(**contact(live, desk))

    assert bo.presence == {
        "account_id": desk.account_id,
        "users": {str(desk.bo.id): "online"},
        "contacts": {},
    }
    assert customer.presence == {"account_id": desk.account_id, "users": {str(desk.bo.id): "online"}}
    bo.send({"command": "message", "identifier": bo.identifier, "data": '{"action":"update_presence"}'})
    assert list(bo.hear("presence.update")["contacts"].values()) == ["online"]


def test_whose_claim_does_not_hold_is_told_so(live, desk: Desk, connect: Connect):
    bo, customer, socket = agent(live, desk, desk.bo), contact(live, desk), connect()
    bad = [
        {**bo, "pubsub_token": "nobody's"},
        {**bo, "pubsub_token": 7},
        {**bo, "pubsub_token": "\ud800"},
        {**bo, "pubsub_token": "\0"},
        {**bo, "user_id": desk.cy.id},
        {**bo, "account_id": desk.other_account_id},
        {**bo, "account_id": 10**30},
        {**bo, "account_id": None},
        {**bo, "channel": "OtherChannel"},
        {"pubsub_token": bo["pubsub_token"]},
        {**customer, "user_id": desk.bo.id, "account_id": desk.account_id},
        {"account_id": desk.account_id, "user_id": desk.bo.id},
        {},
    ]
    identifiers = [json.dumps({"channel": "RoomChannel", **claim}) for claim in bad] + ["", "7", "[]", "{"]
    for identifier in identifiers:
        socket.send({"command": "subscribe", "identifier": identifier})

    assert socket.take() == {"type": "welcome"}
    for identifier in identifiers:
        assert socket.take() == {"identifier": identifier, "type": "reject_subscription"}
    socket.subscribe(**bo)


def test_what_nobody_understands_is_passed_over(live, desk: Desk, connect: Connect):
    socket = connect()
    for frame in (
        "",
        "{",
        "[]",
        "null",
        '{"command":7}',
        '{"command":"subscribe"}',
        '{"identifier":[]}',
        "[" * 9999,
    ):
        socket.connection.send(frame)
    socket.connection.send(b"\xff\x00")

    socket.subscribe(**agent(live, desk, desk.bo))

    for data in (None, 7, "{", '{"action":"drop_tables"}'):
        socket.send({"command": "message", "identifier": socket.identifier, "data": data})
    socket.send({"command": "message", "identifier": "other", "data": '{"action":"update_presence"}'})
    socket.subscribe(**agent(live, desk, desk.bo))  # once more is no mistake


def test_who_unsubscribes_hears_no_more_and_may_come_back(live, desk: Desk, connect: Connect):
    bo = agent(live, desk, desk.bo)
    socket = connect().subscribe(**bo)

    socket.send({"command": "unsubscribe", "identifier": socket.identifier})
    socket.send(
        {"command": "message", "identifier": socket.identifier, "data": '{"action":"update_presence"}'}
    )

    socket.subscribe(**bo)  # what comes first is its confirmation


def test_a_page_of_ours_needs_no_token_but_its_own_origin(live, desk: Desk, connect: Connect):
    cookie = cookie_of(live, desk.bo)
    bo = {"account_id": desk.account_id, "user_id": desk.bo.id}

    ours = connect(origin=live.url, additional_headers={"Cookie": cookie})

    assert ours.subscribe(**bo).presence["account_id"] == desk.account_id
    for socket, claim in (
        (connect(origin="https://evil.example", additional_headers={"Cookie": cookie}), bo),
        (connect(origin=f"{live.url}.evil.example", additional_headers={"Cookie": cookie}), bo),
        (connect(origin="http://[", additional_headers={"Cookie": cookie}), bo),
        (connect(additional_headers={"Cookie": cookie}), bo),
        (connect(origin=live.url, additional_headers={"Cookie": "deskframe=forged"}), bo),
        (connect(origin=live.url, additional_headers={"Cookie": cookie}), {**bo, "user_id": desk.cy.id}),
        (connect(origin=live.url, additional_headers={"Cookie": cookie}), {**bo, "account_id": 10_000}),
    ):
        socket.send({"command": "subscribe", "identifier": json.dumps({"channel": "RoomChannel", **claim})})
        assert socket.take() == {"type": "welcome"}
        assert socket.take()["type"] == "reject_subscription"


def test_with_a_token_one_may_come_from_anywhere(live, desk: Desk, connect: Connect):
    connect(origin="https://shop.example", subprotocols=None).subscribe(**contact(live, desk))


def test_a_client_that_talks_without_an_end_is_sent_away(live, connect: Connect):
    socket = connect()
    with suppress(ConnectionClosed):  # it may be over before the last is sent
        for _ in range(150):
            socket.connection.send('{"command":"message"}')

    assert socket.take() == {"type": "welcome"}
    assert socket.take() == {"type": "disconnect", "reason": "too_many_commands", "reconnect": True}
    with pytest.raises(ConnectionClosed):
        socket.take()


def test_a_frame_has_an_end(live, connect: Connect):
    socket = connect()
    assert socket.take() == {"type": "welcome"}
    socket.connection.send("x" * 70_000)

    with pytest.raises(ConnectionClosed) as closed:
        socket.take()
    assert closed.value.rcvd.code == 1009


def test_one_socket_has_room_for_a_few_subscriptions(live, desk: Desk, connect: Connect):
    bo, socket = agent(live, desk, desk.bo), connect()
    for number in range(32):
        socket.subscribe(**bo, tab=number)

    socket.send(
        {"command": "subscribe", "identifier": json.dumps({"channel": "RoomChannel", **bo, "tab": 32})}
    )
    assert socket.take()["type"] == "reject_subscription"


def test_there_is_no_socket_elsewhere(live, connect: Connect):
    with pytest.raises(InvalidStatus) as refused:
        connect(path="/cables")
    assert refused.value.response.status_code == 403
