"""Webhooks over the API, in upstream's shapes: for administrators alone."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.extensions import db
from dashboard.inboxes.operations import delete_inbox
from dashboard.lib import clock
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS
from dashboard.webhooks.schemas.webhooks import MOST_WEBHOOKS
from dashboard.webhooks.schemas.webhooks import USUAL
from tests.support.apps import ApiClient
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_inbox
from tests.support.factories import make_webhook

Api = Callable[..., ApiClient]
URL = "https://hooks.example.com/desk"
KEYS = {"id", "name", "url", "account_id", "subscriptions", "secret"}


def doors(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/accounts/{cast.acme.id}/webhooks{rest}"


def test_a_webhook_lives_from_its_making_to_its_end(api: Api, cast: Cast) -> None:
    ada = api(cast.ada)
    given = {"url": URL, "name": "Orders", "inbox_id": cast.inbox.id, "subscriptions": ["message_created"]}

    made = ada.post(doors(cast), {"webhook": given})["payload"]["webhook"]
    assert set(made) == KEYS | {"inbox"}
    assert (made["url"], made["name"], made["subscriptions"]) == (URL, "Orders", ["message_created"])
    assert made["account_id"] == cast.acme.id
    assert made["inbox"] == {"id": cast.inbox.id, "name": cast.inbox.name}
    assert len(made["secret"]) == 24
    assert ada.get(doors(cast)) == {"payload": {"webhooks": [made]}}

    changes = {"name": "Renamed", "inbox_id": None, "subscriptions": ["contact_created", "contact_created"]}
    changed = ada.patch(doors(cast, f"/{made['id']}"), {"webhook": changes})["payload"]["webhook"]
    assert changed == {
        **{key: made[key] for key in KEYS},
        "name": "Renamed",
        "subscriptions": ["contact_created"],
    }

    assert ada.delete(doors(cast, f"/{made['id']}")) is None
    assert ada.get(doors(cast)) == {"payload": {"webhooks": []}}
    ada.delete(doors(cast, f"/{made['id']}"), expect=404)


def test_it_may_be_sent_flat_and_is_told_of_the_usual(api: Api, cast: Cast) -> None:
    made = api(cast.ada).post(doors(cast), {"url": f" {URL} ", "unknown": 1})["payload"]["webhook"]

    assert (made["url"], made["name"], made["subscriptions"]) == (URL, "", USUAL)
    assert not {"conversation_typing_on", "inbox_created"} & set(USUAL)


def test_it_may_be_sent_as_a_form(api: Api, cast: Cast) -> None:
    ada = api(cast.ada)
    form = {"webhook[url]": URL, "webhook[subscriptions][]": ["message_created", "inbox_updated"]}

    answer = ada.client.post(doors(cast), data=form, headers=ada.headers)

    assert answer.json["payload"]["webhook"]["subscriptions"] == ["message_created", "inbox_updated"]


@pytest.mark.parametrize(
    ("given", "message", "attributes"),
    [
        ({"url": None}, "Url is invalid", ["url"]),
        ({"url": 7}, "Url is invalid", ["url"]),
        ({"url": "hooks.example.com"}, "Url is invalid", ["url"]),
        ({"url": "ftp://hooks.example.com/"}, "Url is invalid", ["url"]),
        ({"url": "https://me:secret@hooks.example.com/"}, "Url is invalid", ["url"]),
        ({"url": "javascript:alert(1)//https://a.example"}, "Url is invalid", ["url"]),
        ({"url": f"{URL}/{{{{contact.id}}}}"}, "Url is invalid", ["url"]),
        ({"url": f"{URL}?{'x' * 2048}"}, "Url is too long (maximum is 2048 characters)", ["url"]),
        ({"subscriptions": []}, "Subscriptions Invalid events", ["subscriptions"]),
        ({"subscriptions": None}, "Subscriptions Invalid events", ["subscriptions"]),
        ({"subscriptions": "message_created"}, "Subscriptions Invalid events", ["subscriptions"]),
        ({"subscriptions": ["message_created", "x"]}, "Subscriptions Invalid events", ["subscriptions"]),
        ({"subscriptions": [{}]}, "Subscriptions Invalid events", ["subscriptions"]),
        ({"name": "x" * 256}, "Name is too long (maximum is 255 characters)", ["name"]),
        ({"inbox_id": 987_654}, "Inbox id is none of this account", ["inbox_id"]),
        (
            {"url": "", "subscriptions": []},
            "Url is invalid, Subscriptions Invalid events",
            ["url", "subscriptions"],
        ),
    ],
)
def test_what_cannot_be_used_is_told_as_upstream_does(
    api: Api, cast: Cast, given: dict[str, Any], message: str, attributes: list[str]
) -> None:
    ada, known = api(cast.ada), make_webhook(cast.acme)

    for answer in (
        ada.post(doors(cast), {"webhook": {"url": URL, **given}}, expect=422),
        ada.patch(doors(cast, f"/{known.id}"), {"webhook": given}, expect=422),
    ):
        assert (answer["message"], answer["attributes"]) == (message, attributes)

    assert db.session.query(Endpoint).count() == 1


def test_nothing_is_not_enough(api: Api, cast: Cast) -> None:
    answer = api(cast.ada).post(doors(cast), {}, expect=422)

    assert answer == {"error": "param is missing or the value is empty: webhook"}


def test_an_address_is_taken_once_in_each_account(api: Api, cast: Cast) -> None:
    make_webhook(cast.other, url=URL)
    ada = api(cast.ada)
    ada.post(doors(cast), {"url": URL})
    second = ada.post(doors(cast), {"url": f"{URL}/2"})["payload"]["webhook"]

    taken = {"message": "Url has already been taken", "attributes": ["url"]}
    for answer in (
        ada.post(doors(cast), {"url": URL}, expect=422),
        ada.patch(doors(cast, f"/{second['id']}"), {"url": URL}, expect=422),
    ):
        assert {key: answer[key] for key in taken} == taken
    assert len(ada.get(doors(cast))["payload"]["webhooks"]) == 2


def test_an_account_has_no_more_than_it_may(api: Api, cast: Cast) -> None:
    for _ in range(MOST_WEBHOOKS):
        make_webhook(cast.acme)

    answer = api(cast.ada).post(doors(cast), {"url": URL}, expect=422)

    assert answer["message"] == "An account may have at most 50 webhooks. Delete one first."
    api(cast.eve).post(f"/api/v1/accounts/{cast.other.id}/webhooks", {"url": URL})


def test_only_administrators_have_to_do_with_them(api: Api, cast: Cast) -> None:
    webhook = make_webhook(cast.acme)
    one = doors(cast, f"/{webhook.id}")

    for method, path in (("GET", doors(cast)), ("POST", doors(cast)), ("PATCH", one), ("DELETE", one)):
        answer = api(cast.bo).send(method, path, {"url": URL}, expect=401)
        assert answer == {"error": "You are not authorized to do this action"}
        api(cast.eve).send(method, path, {"url": URL}, expect=401)
        api().send(method, path, {"url": URL}, expect=401)


def test_those_of_other_accounts_are_not_there(api: Api, cast: Cast) -> None:
    theirs = make_webhook(cast.other)
    inbox = make_inbox(cast.other)
    callback = make_webhook(cast.acme, kind="inbox", inbox_id=cast.inbox.id, url=None)
    ada = api(cast.ada)

    assert ada.get(doors(cast)) == {"payload": {"webhooks": []}}
    for known in (theirs, callback):
        answer = ada.patch(doors(cast, f"/{known.id}"), {"url": URL}, expect=404)
        assert answer == {"error": "Resource could not be found"}
        ada.delete(doors(cast, f"/{known.id}"), expect=404)
    ada.post(doors(cast), {"url": URL, "inbox_id": inbox.id}, expect=422)
    assert db.session.query(Endpoint).count() == 2


def test_another_address_begins_anew(api: Api, cast: Cast) -> None:
    webhook = make_webhook(cast.acme, failures=7, failing_since=clock.now())
    ada, one = api(cast.ada), doors(cast, f"/{webhook.id}")

    ada.patch(one, {"name": "Other", "url": webhook.url})
    assert db.session.get_one(Endpoint, webhook.id).failures == 7

    ada.patch(one, {"url": URL})
    db.session.refresh(webhook)
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_it_stays_when_the_inbox_beside_it_is_deleted(api: Api, cast: Cast, jobs: Jobs) -> None:
    webhook = make_webhook(cast.acme, inbox_id=cast.inbox.id)

    delete_inbox(cast.inbox, actor=cast.ada)
    jobs.run_all()

    left = api(cast.ada).get(doors(cast))["payload"]["webhooks"]
    assert [(each["id"], "inbox" in each) for each in left] == [(webhook.id, False)]


def test_every_event_can_be_subscribed_to(api: Api, cast: Cast) -> None:
    given = {"url": URL, "subscriptions": list(SUBSCRIPTIONS)}

    made = api(cast.ada).post(doors(cast), given)["payload"]["webhook"]

    assert made["subscriptions"] == list(SUBSCRIPTIONS)
    assert len(SUBSCRIPTIONS) == 12
