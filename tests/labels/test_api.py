"""Labels by API, and how conversations and contacts follow them."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.contacts.operations.labelling import set_contact_labels
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.models import Message
from dashboard.conversations.operations import labelling
from dashboard.conversations.operations.routing import set_labels
from dashboard.extensions import db
from dashboard.labels.models import Label
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_label

Api = Callable[..., Any]


def doors(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/accounts/{cast.acme.id}/labels{rest}"


def test_a_label_lives_from_its_making_to_its_end(api: Api, cast: Cast) -> None:
    given = {"title": " Late-Delivery ", "description": "It did not come", "color": "#ff0000"}
    made = api(cast.ada).post(doors(cast), {"label": given})
    assert made == {
        "id": made["id"],
        "title": "late-delivery",
        "description": "It did not come",
        "color": "#ff0000",
        "show_on_sidebar": True,
    }
    other = api(cast.ada).post(doors(cast), {"title": "billing", "show_on_sidebar": False})
    assert other["color"] == "#1f93ff"
    assert api(cast.bo).get(doors(cast)) == {"payload": [other, made]}
    api(cast.bo).get(doors(cast, f"/{made['id']}"), expect=401)

    changed = api(cast.ada).patch(doors(cast, f"/{made['id']}"), {"title": "äpfel_2"})
    assert (changed["title"], changed["color"]) == ("äpfel_2", "#ff0000")
    assert api(cast.ada).delete(doors(cast, f"/{made['id']}")) is None
    assert api(cast.bo).get(doors(cast)) == {"payload": [other]}


@pytest.mark.parametrize("title", ["", "x", "-x", "two words", "a/b", "billing", "x" * 256])
def test_a_title_that_cannot_be_is_refused(api: Api, cast: Cast, title: str) -> None:
    make_label(cast.acme, "billing")

    assert api(cast.ada).post(doors(cast), {"title": title}, expect=422)["attributes"] == ["title"]


def test_what_carries_a_label_follows_its_title_and_its_end(
    api: Api, cast: Cast, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, "BATCH", 2)
    label = make_label(cast.acme, "late")
    contact = make_contact(cast.acme)
    set_contact_labels(contact, labels=["vip", "late"], actor=cast.bo)
    conversations = [make_conversation(cast.inbox) for _ in range(5)]
    for conversation in conversations:
        set_labels(conversation, labels=["late", "delayed"], actor=cast.bo)
    elsewhere = make_conversation(cast.inbox)
    set_labels(elsewhere, labels=["other"], actor=cast.bo)
    lines = db.session.scalar(db.select(db.func.count(Message.id)))

    api(cast.ada).patch(doors(cast, f"/{label.id}"), {"title": "delayed"})
    jobs.run_all()
    db.session.expire_all()

    assert [conversation.labels for conversation in conversations] == [["delayed"]] * 5
    assert contact.labels == ["vip", "delayed"]
    titles = db.session.scalars(db.select(ConversationLabel.title))
    assert sorted(titles) == [*["delayed"] * 5, "other"]
    assert db.session.scalar(db.select(db.func.count(Message.id))) == lines
    account = f"/api/v1/accounts/{cast.acme.id}"
    assert api(cast.bo).get(f"{account}/contacts?labels[]=delayed")["meta"]["count"] == 1

    api(cast.ada).delete(doors(cast, f"/{label.id}"))
    jobs.run_all()
    db.session.expire_all()
    assert [conversation.labels for conversation in conversations] == [[]] * 5
    assert (contact.labels, elsewhere.labels) == (["vip"], ["other"])


def test_two_new_titles_in_a_row_end_with_the_last(api: Api, cast: Cast, jobs: Jobs) -> None:
    label = make_label(cast.acme, "one")
    conversation = make_conversation(cast.inbox)
    set_labels(conversation, labels=["one"], actor=cast.bo)

    for title in ("two", "three"):
        api(cast.ada).patch(doors(cast, f"/{label.id}"), {"title": title})
    jobs.run_all()
    db.session.expire_all()

    assert conversation.labels == ["three"]


def test_a_label_that_was_made_again_stays(api: Api, cast: Cast, jobs: Jobs) -> None:
    label = make_label(cast.acme, "one")
    conversation = make_conversation(cast.inbox)
    set_labels(conversation, labels=["one"], actor=cast.bo)

    api(cast.ada).delete(doors(cast, f"/{label.id}"))
    api(cast.ada).post(doors(cast), {"title": "one"})
    jobs.run_all()
    db.session.expire_all()

    assert conversation.labels == ["one"]
    assert db.session.scalars(db.select(Label.title)).all() == ["one"]


def test_the_labels_of_a_contact_are_replaced_and_filtered_by(api: Api, cast: Cast) -> None:
    contact = make_contact(cast.acme)
    make_contact(cast.acme)
    account = f"/api/v1/accounts/{cast.acme.id}"

    answer = api(cast.bo).post(f"{account}/contacts/{contact.id}/labels", {"labels": ["vip", "late", "vip"]})
    assert answer == {"payload": ["vip", "late"]}
    assert api(cast.bo).get(f"{account}/contacts/{contact.id}/labels") == answer
    clause = {"attribute_key": "labels", "filter_operator": "equal_to", "values": ["late"]}
    found = api(cast.bo).post(f"{account}/contacts/filter", {"payload": [clause]})
    assert [each["id"] for each in found["payload"]] == [contact.id]
    api(cast.bo).post(f"{account}/contacts/{contact.id}/labels", {"labels": [" "]}, expect=422)
    api(cast.bo).post(f"{account}/contacts/{contact.id}/labels", {"labels": []})
    assert api(cast.bo).get(f"{account}/contacts?labels[]=vip")["meta"]["count"] == 0
