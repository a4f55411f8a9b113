"""The pictures of contacts: sent or fetched, drawn anew, shown to agents and programs, forgotten."""

import io
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from dashboard.contacts.models import Contact
from dashboard.contacts.operations.merging import merge_contacts
from dashboard.contacts.operations.people import delete_contact
from dashboard.contacts.operations.pictures import ask_for_picture
from dashboard.conversations.operations.attaching import UNSENT
from dashboard.conversations.operations.attaching import sweep_files
from dashboard.conversations.operations.posting import receive_message
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib import outgoing
from tests.support.apps import ApiClient
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.page import Page
from tests.support.queries import counted
from tests.support.receivers import Receiver
from tests.support.receivers import receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    outgoing.allow((ip_network("127.0.0.0/8"),))
    with receiving() as found:
        yield found
    outgoing.allow(())


@pytest.fixture
def maria(cast: Cast) -> Contact:
    return make_contact(cast.acme, name="Maria Silva", email="maria@example.com")


@pytest.fixture(autouse=True)
def _nothing_stored_yet(app: Flask) -> None:
    for path in stored(app):
        path.unlink()


def stored(app: Flask) -> list[Path]:
    folder: Path = app.config["DESK"].uploads_dir
    return [path for path in folder.rglob("*") if path.is_file()]


def png(width: int = 600, height: int = 400) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, "PNG")
    return made.getvalue()


def path_of(contact: Contact, *rest: str) -> str:
    return "/".join((f"/api/v1/accounts/{contact.account_id}/contacts/{contact.id}", *rest))


def send(client: ApiClient, path: str, picture: bytes, method: str = "PATCH", **fields: str) -> Any:
    fields = {**fields, "avatar": (io.BytesIO(picture), "me.png")}
    return client.client.open(path, method=method, data=fields, headers=client.headers)


def local(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def test_a_picture_that_is_sent_is_shown_as_a_small_square(
    app: Flask, api: Callable[..., ApiClient], cast: Cast, maria: Contact
) -> None:
    bo = api(cast.bo)

    answer = send(bo, path_of(maria), png(), name="Maria S.")

    assert answer.status_code == 200, answer.text
    told = answer.json["payload"]
    assert told["name"] == "Maria S."
    picture = app.test_client().get(local(told["thumbnail"]))
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    assert Image.open(io.BytesIO(picture.data)).size == (256, 256)
    assert bo.get(path_of(maria))["payload"]["thumbnail"] == told["thumbnail"]
    assert app.test_client().get(local(told["thumbnail"]) + "x").status_code == 404
    assert len(stored(app)) == 1


def test_a_new_contact_may_bring_one(app: Flask, api: Callable[..., ApiClient], cast: Cast) -> None:
    answer = send(api(cast.bo), f"/api/v1/accounts/{cast.acme.id}/contacts", png(), method="POST", name="Zoe")

    thumbnail = answer.json["payload"]["contact"]["thumbnail"]
    assert app.test_client().get(local(thumbnail)).status_code == 200


@pytest.mark.parametrize(
    "picture", [b"<svg onload='alert(1)'/>", png()[:200], b"", png(1, 1) + bytes(15 << 20)], ids=len
)
def test_what_is_no_picture_changes_nothing(
    app: Flask, api: Callable[..., ApiClient], cast: Cast, maria: Contact, picture: bytes
) -> None:
    answer = send(api(cast.bo), path_of(maria), picture, name="Somebody else")

    assert (answer.status_code, answer.json["attributes"]) == (422, ["avatar"])
    assert maria.name == "Maria Silva"
    assert stored(app) == []


def test_a_picture_with_a_change_that_cannot_be_leaves_no_file(
    app: Flask, api: Callable[..., ApiClient], cast: Cast, maria: Contact
) -> None:
    answer = send(api(cast.bo), path_of(maria), png(), email="no address")

    assert (answer.status_code, answer.json["attributes"]) == (422, ["email"])
    assert stored(app) == []


def test_another_picture_takes_its_place_and_it_can_be_taken_away(
    app: Flask, api: Callable[..., ApiClient], cast: Cast, maria: Contact, jobs: Jobs
) -> None:
    bo = api(cast.bo)
    first = send(bo, path_of(maria), png()).json["payload"]["thumbnail"]
    second = send(bo, path_of(maria), png(50, 90)).json["payload"]["thumbnail"]

    jobs.run_all()
    assert [app.test_client().get(local(url)).status_code for url in (first, second)] == [404, 200]

    assert bo.delete(path_of(maria, "avatar"))["payload"]["thumbnail"] == ""
    jobs.run_all()
    assert stored(app) == []
    bo.delete(path_of(maria, "avatar"))


def test_nobody_else_gives_a_contact_a_picture(
    api: Callable[..., ApiClient], cast: Cast, maria: Contact
) -> None:
    assert send(api(cast.eve), path_of(maria), png()).status_code == 401
    assert send(api(), path_of(maria), png()).status_code == 401
    api(cast.eve).delete(path_of(maria, "avatar"), expect=401)
    assert maria.avatar_key is None


def test_the_picture_at_an_address_is_fetched_by_a_job(
    app: Flask, api: Callable[..., ApiClient], cast: Cast, maria: Contact, jobs: Jobs, receiver: Receiver
) -> None:
    receiver.body = png()
    bo = api(cast.bo)

    assert bo.patch(path_of(maria), {"avatar_url": receiver.url("/moved")})["payload"]["thumbnail"] == ""
    assert receiver.received == []
    jobs.run_all()

    assert [each.path for each in receiver.received] == ["/moved", "/elsewhere"]
    thumbnail = bo.get(path_of(maria))["payload"]["thumbnail"]
    assert Image.open(io.BytesIO(app.test_client().get(local(thumbnail)).data)).size == (256, 256)


def test_what_is_not_there_or_no_picture_leaves_the_contact_as_it_is(
    app: Flask, maria: Contact, jobs: Jobs, receiver: Receiver
) -> None:
    for url, body in (
        (receiver.url(), b"<html>"),
        (receiver.url("/round"), png()),
        ("http://10.0.0.1/a.png", b""),
        ("no address", b""),
        (receiver.url(), png(1, 1) + bytes(15 << 20)),
    ):
        receiver.body = body
        ask_for_picture(maria, url=url)
        jobs.run_all()

    assert maria.avatar_key is None
    assert stored(app) == []


def test_who_is_gone_when_the_picture_comes_gets_none(
    app: Flask, maria: Contact, jobs: Jobs, receiver: Receiver
) -> None:
    receiver.body = png()
    ask_for_picture(maria, url=receiver.url())
    delete_contact(maria, actor=None)

    jobs.run_all()

    assert stored(app) == []


def test_a_customers_own_program_may_say_where_the_picture_is(
    app: Flask, cast: Cast, jobs: Jobs, receiver: Receiver
) -> None:
    receiver.body = png()
    client, home = ApiClient(app), f"/public/api/v1/inboxes/{cast.inbox.identifier}/contacts"

    def arrive(**about: str) -> Contact:
        number = client.post(home, about)["id"]
        jobs.run_all()
        return db.session.get_one(Contact, number)

    zoe = arrive(source_id="zoe", name="Zoe", email="zoe@example.com", avatar_url=receiver.url("/first"))
    first = zoe.avatar_key
    assert first is not None

    client.patch(f"{home}/zoe", {"avatar_url": receiver.url("/second")})
    arrive(email="zoe@example.com", avatar_url=receiver.url("/of-somebody-else"))
    assert [each.path for each in receiver.received] == ["/first"]

    arrive(source_id="max", name="Max")
    client.patch(f"{home}/max", {"avatar_url": receiver.url("/max")})
    jobs.run_all()
    assert receiver.received[-1].path == "/max"


def test_the_picture_of_two_who_are_one_is_the_bases_else_the_others(
    app: Flask, api: Callable[..., ApiClient], cast: Cast, maria: Contact, jobs: Jobs
) -> None:
    others = [make_contact(cast.acme, name=f"Maria {number}") for number in range(2)]
    for other in others:
        assert send(api(cast.bo), path_of(other), png()).status_code == 200
    keys = [other.avatar_key for other in others]

    for other in others:
        merge_contacts(maria, other, actor=cast.ada)
    jobs.run_all()

    assert maria.avatar_key == keys[0]
    assert [path.name for path in stored(app)] == [keys[0]]


def test_the_sweep_leaves_pictures_that_somebody_has(
    app: Flask, api: Callable[..., ApiClient], cast: Cast, maria: Contact
) -> None:
    send(api(cast.bo), path_of(maria), png())
    folder = app.config["DESK"].uploads_dir / "ab"
    folder.mkdir(exist_ok=True)
    (folder / "abandoned12345678").write_bytes(png())

    clock.shift(UNSENT + timedelta(hours=1))
    sweep_files()

    assert [path.name for path in stored(app)] == [maria.avatar_key]


def test_pages_show_it_and_ask_nothing_more(
    api: Callable[..., ApiClient], cast: Cast, maria: Contact, page: Page
) -> None:
    conversation = make_conversation(cast.inbox, contact=maria)
    receive_message(conversation, content="Hello?")
    page.sign_in(cast.bo)
    address = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}"
    page.get(address)
    with counted() as before:
        assert page.get(address).select(".avatar img") == []

    send(api(cast.bo), path_of(maria), png())
    with counted() as after:
        html = page.get(address)

    assert after.number == before.number
    for place in (".row", ".conv-head", ".message[data-kind=incoming]", ".details-head"):
        image = html.select_one(f"{place} .avatar img")
        assert image is not None, place
        assert page.client.get(image["src"]).mimetype == "image/webp"
    assert page.get(f"/accounts/{cast.acme.id}/contacts").select(".avatar img")
    assert page.get(f"/accounts/{cast.acme.id}/contacts/{maria.id}").select(".avatar img")
