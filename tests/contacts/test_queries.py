"""Contacts are found by a few letters, the same on both databases."""

import pytest
from flask import Flask
from sqlalchemy import insert

from dashboard.contacts.models import Contact
from dashboard.contacts.queries import PAGE
from dashboard.contacts.queries import contacts_page
from dashboard.contacts.queries import matching_contact_ids
from dashboard.contacts.queries import search_contacts
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.queries import counted

pytestmark = pytest.mark.database


def names(contacts: list) -> list[str]:
    return sorted(contact.name for contact in contacts)


@pytest.fixture
def acme(cast: Cast) -> Cast:
    make_contact(
        cast.acme,
        name="Zoe Barnes",
        email="zoe@herald.example",
        phone_number="+14155550100",
        identifier="CRM-77",
    )
    make_contact(cast.acme, name="100% Wool_Shop", email=None, identifier="a\\b")
    make_contact(cast.acme, name='Quote "Queen" OR NOT', email=None, identifier="q*")
    make_contact(cast.other, name="Zoe Elsewhere", email="zoe@elsewhere.example")
    return cast


@pytest.mark.parametrize(
    "q",
    [
        "zoe",
        "ZOE",
        "oe bar",
        "herald.ex",
        "@Herald",
        "4155550",
        "+1415",
        "crm-77",
        "RM-7",
        "  zoe  ",
        "zo",
        "Z",
    ],
)
def test_a_part_of_what_it_is_known_by_finds_a_contact_of_the_account(acme: Cast, q: str) -> None:
    assert names(search_contacts(acme.acme.id, q)) == ["Zoe Barnes"]


@pytest.mark.parametrize(
    "q", ["arnes zoe", "heraldo", "oe", "ba", "example zoe", "+1415555010x", "\x00", " "]
)
def test_what_is_not_in_it_or_too_short_finds_nothing(acme: Cast, q: str) -> None:
    assert search_contacts(acme.acme.id, q) == []


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("100%", "100% Wool_Shop"),
        ("%%%", None),
        ("___", None),
        ("l_sh", "100% Wool_Shop"),
        ("l%sh", None),
        ('"queen"', 'Quote "Queen" OR NOT'),
        ("OR NOT", 'Quote "Queen" OR NOT'),
        ('" OR name:"zoe', None),
        ("name: zoe", None),
        ("zoe*", None),
        ("a\\b", "100% Wool_Shop"),
        ("'; DROP TABLE contacts; --", None),
        ("10", "100% Wool_Shop"),
        ("1_", None),
        ("%", None),
        ("_", None),
    ],
)
def test_signs_stand_for_themselves(acme: Cast, q: str, found: str | None) -> None:
    assert names(search_contacts(acme.acme.id, q)) == ([found] if found else [])


def test_search_follows_what_is_changed_and_deleted(acme: Cast) -> None:
    contact = search_contacts(acme.acme.id, "zoe barnes")[0]

    contact.name, contact.email = "Claire Underwood", None
    db.session.commit()
    assert search_contacts(acme.acme.id, "barnes") == search_contacts(acme.acme.id, "herald") == []
    assert names(search_contacts(acme.acme.id, "underwood")) == ["Claire Underwood"]

    db.session.delete(contact)
    db.session.commit()
    assert search_contacts(acme.acme.id, "underwood") == []


def test_search_finds_who_said_nothing_of_themselves_and_lists_do_not(app: Flask, cast: Cast) -> None:
    make_contact(cast.acme, name="Somebody Passing", email=None)

    assert names(search_contacts(cast.acme.id, "passing")) == ["Somebody Passing"]
    assert contacts_page(cast.acme.id) == []


def test_pages_follow_one_another(app: Flask, cast: Cast) -> None:
    for number in range(PAGE + 3):
        make_contact(cast.acme, name=f"Person {number:02}")

    first = search_contacts(cast.acme.id, "person", sort="name")
    assert len(first) == PAGE + 1
    second = search_contacts(cast.acme.id, "person", sort="name", page=2)
    assert [contact.name for contact in second] == ["Person 15", "Person 16", "Person 17"]
    assert len(contacts_page(cast.acme.id, sort="-created_at")) == PAGE


@pytest.mark.parametrize(
    "sort", ["email", "-email", "name", "-phone_number", "-city", "country", "company_name"]
)
def test_the_empty_comes_last_in_either_direction(app: Flask, cast: Cast, sort: str) -> None:
    here = {"city": "Ulm", "country": "Germany", "company_name": "Acme"}
    known = make_contact(
        cast.acme, name="B", email="b@x.example", phone_number="+49731555", additional_attributes=here
    )
    empty = make_contact(cast.acme, name="B", email=None, identifier="empty")

    found = contacts_page(cast.acme.id, sort=sort)

    assert set(found) == {known, empty}
    assert found[0] is known or sort == "name"


def test_a_search_is_two_queries(app: Flask, cast: Cast) -> None:
    account_id = cast.acme.id
    with counted() as queries:
        search_contacts(account_id, "zoe")
        search_contacts(account_id, "zo")

    assert queries.number == 4


@pytest.mark.parametrize(
    "q", ["zoe", "oe bar", "HERALD.EX", "crm-77", "zo", "100%", '"queen"', "ÉLODIE", "élo"]
)
def test_what_is_common_is_found_like_what_is_rare(
    acme: Cast, monkeypatch: pytest.MonkeyPatch, q: str
) -> None:
    make_contact(acme.acme, name="Élodie Bernard", email=None)
    rare = names(search_contacts(acme.acme.id, q))

    monkeypatch.setattr("dashboard.contacts.queries.FEW", 0)

    assert len(rare) == 1
    assert names(search_contacts(acme.acme.id, q)) == rare


@pytest.mark.parametrize(
    ("q", "sqlite_index", "postgresql_index"),
    [
        ("zoe", "contacts_search VIRTUAL TABLE", "ix_contacts_search"),
        ("zo", "ix_contacts_account_id_name", "ix_contacts_search_name"),
    ],
)
def test_a_search_asks_an_index(
    app: Flask, cast: Cast, q: str, sqlite_index: str, postgresql_index: str
) -> None:
    fields = {"account_id": cast.acme.id, "email": None, "additional_attributes": {}, "custom_attributes": {}}
    db.session.execute(insert(Contact), [{**fields, "name": f"Person {i}"} for i in range(3000)])
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT gin_clean_pending_list('ix_contacts_search')")
    connection.exec_driver_sql("ANALYZE contacts")
    query = matching_contact_ids(cast.acme.id, q).compile(
        dialect=connection.dialect, compile_kwargs={"literal_binds": True}
    )
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")
        assert sqlite_index in " ".join(row[3] for row in plan)
    else:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # even this table is a small one
        plan = connection.exec_driver_sql(f"EXPLAIN {query}")
        assert f"{postgresql_index} " in " ".join(row[0] for row in plan)
