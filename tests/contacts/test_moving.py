"""Contacts come and go as tables."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.attributes.operations import add_definition
from dashboard.contacts.models import Contact
from dashboard.extensions import db
from tests.support.apps import ApiClient
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.factories import make_contact

pytestmark = pytest.mark.database

TABLE = """\ufeffName,Email,Phone,identifier,company_name,Plan,seats
Zoe Lind,Zoe@Example.com,+4670000001,,Lind AB,Team,12
Max,,,m-1,,,
Maria S.,maria@example.com,,,,Free,many
"Broken, row",no address,,,,,
,,,,,,
Twice,zoe@example.com,,m-1,,,
"""


@pytest.fixture
def ada(api: Callable[..., ApiClient], cast: Cast) -> ApiClient:
    return api(cast.ada)


@pytest.fixture
def contacts(cast: Cast) -> str:
    return f"/api/v1/accounts/{cast.acme.id}/contacts"


def define_seats(cast: Cast) -> None:
    seats = {
        "attribute_display_name": "Seats",
        "attribute_key": "seats",
        "attribute_model": "contact_attribute",
        "attribute_display_type": "number",
    }
    add_definition(cast.acme, given=seats, actor=cast.ada)


def take_in(client: ApiClient, path: str, table: bytes) -> Any:
    file = (io.BytesIO(table), "contacts.csv")
    return client.client.post(f"{path}/import", data={"import_file": file}, headers=client.headers)


def known(cast: Cast) -> dict[str | None, Contact]:
    found = db.session.scalars(db.select(Contact).where(Contact.account_id == cast.acme.id))
    return {contact.email or contact.identifier: contact for contact in found}


def stored(app: Flask) -> set[Path]:
    return {path for path in app.config["DESK"].uploads_dir.rglob("*") if path.is_file()}


def test_each_row_becomes_a_contact_or_changes_the_one_that_is_known(
    app: Flask, ada: ApiClient, contacts: str, cast: Cast, jobs: Jobs
) -> None:
    define_seats(cast)
    maria = make_contact(cast.acme, name="Maria Silva", email="maria@example.com")
    before = stored(app)

    answer = take_in(ada, contacts, TABLE.encode())
    jobs.run_all()

    assert (answer.status_code, answer.data) == (200, b"")
    found = known(cast)
    assert set(found) == {"zoe@example.com", "m-1", "maria@example.com"}
    zoe = found["zoe@example.com"]
    assert (zoe.name, zoe.phone_number) == ("Zoe Lind", "+4670000001")
    assert zoe.additional_attributes == {"company_name": "Lind AB"}
    assert zoe.custom_attributes == {"plan": "Team", "seats": 12}
    assert (maria.name, maria.custom_attributes) == ("Maria Silva", {})  # "many" is no number
    assert found["m-1"].name == "Max"  # the e-mail of the last row is Zoe's

    take_in(ada, contacts, TABLE.encode())
    jobs.run_all()
    assert len(known(cast)) == 3
    assert stored(app) == before


def test_what_is_no_table_makes_nobody(ada: ApiClient, contacts: str, cast: Cast, jobs: Jobs) -> None:
    for table in (b"", b"\x00\xff\xfe", b"name\n" + b"x" * 200_000, b"\n\n\n", b"a,b\n1"):
        assert take_in(ada, contacts, table).status_code == 200
        jobs.run_all()

    assert known(cast) == {}
    assert ada.post(f"{contacts}/import", {}, expect=422) == {"error": "File is blank"}


def test_what_went_out_can_come_in_again(ada: ApiClient, contacts: str, cast: Cast, jobs: Jobs) -> None:
    define_seats(cast)
    take_in(ada, contacts, TABLE.encode())
    jobs.run_all()
    make_contact(cast.acme, name="=HYPERLINK(1)", email="formula@example.com")
    make_contact(cast.acme, name="Nobody knows", email=None)

    answer = ada.client.post(f"{contacts}/export", headers=ada.headers)

    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    rows = {row["email"] or row["identifier"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert set(rows) == set(known(cast)) - {None}
    assert rows["zoe@example.com"]["seats"] == "12"
    assert rows["formula@example.com"]["name"] == "'=HYPERLINK(1)"
    before = {number: one.custom_attributes for number, one in known(cast).items()}
    take_in(ada, contacts, answer.data)
    jobs.run_all()
    assert {number: one.custom_attributes for number, one in known(cast).items()} == before


def test_some_of_them_with_some_columns(ada: ApiClient, contacts: str, cast: Cast) -> None:
    vip = make_contact(cast.acme, name="Vip", email="vip@example.com")
    make_contact(cast.acme, name="Other", email="other@example.com")
    ada.post(f"{contacts}/{vip.id}/labels", {"labels": ["vip"]})

    def export(**asked: Any) -> str:
        return str(ada.client.post(f"{contacts}/export", json=asked, headers=ada.headers).text)

    some = [
        {"attribute_key": "name", "filter_operator": "equal_to", "values": ["Other"], "query_operator": None}
    ]
    assert export(label="vip", column_names=["name", "secret"]) == "name\r\nVip\r\n"
    assert export(payload=some, column_names=["email"]) == "email\r\nother@example.com\r\n"
    assert "error" in export(payload=[{**some[0], "attribute_key": "nothing"}])


def test_only_administrators_move_contacts(api: Callable[..., ApiClient], contacts: str, cast: Cast) -> None:
    for person in (cast.bo, cast.eve, None):
        client = api(person) if person else api()
        assert take_in(client, contacts, TABLE.encode()).status_code == 401
        client.post(f"{contacts}/export", expect=401)
