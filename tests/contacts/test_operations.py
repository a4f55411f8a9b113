"""Two contacts become one, and attributes come and go."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.orm.exc import ObjectDeletedError

from dashboard.accounts.models import User
from dashboard.contacts.models import Contact
from dashboard.contacts.models import ContactLabel
from dashboard.contacts.models import Note
from dashboard.contacts.operations.labelling import set_contact_labels
from dashboard.contacts.operations.merging import merge_contacts
from dashboard.contacts.operations.people import put_custom_attributes
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.routing import set_labels
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import NotFound
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message


def test_what_the_base_says_wins_and_its_gaps_are_filled(cast: Cast) -> None:
    now = clock.now()
    base = make_contact(
        cast.acme,
        name="Maria",
        email=None,
        custom_attributes={"plan": "gold", "seats": ""},
        additional_attributes={"city": "Porto", "social_profiles": {"github": "maria"}},
        last_activity_at=now - timedelta(days=1),
    )
    mergee = make_contact(
        cast.acme,
        name="M. Silva",
        email="maria@example.com",
        phone_number="+351912345678",
        custom_attributes={"plan": "silver", "seats": 3},
        additional_attributes={"city": "Lisbon", "social_profiles": {"github": "m", "linkedin": "ms"}},
        last_activity_at=now,
    )

    merged = merge_contacts(base, mergee, actor=cast.bo)

    assert merged is base
    assert (base.name, base.email, base.phone_number) == ("Maria", "maria@example.com", "+351912345678")
    assert base.custom_attributes == {"plan": "gold", "seats": 3}
    assert base.additional_attributes == {
        "city": "Porto",
        "social_profiles": {"github": "maria", "linkedin": "ms"},
    }
    assert base.last_activity_at == now


def test_everything_of_the_other_comes_over_and_the_other_goes(cast: Cast) -> None:
    base, mergee = make_contact(cast.acme, labels=["vip"]), make_contact(cast.acme, labels=["vip", "late"])
    for contact in (base, mergee):
        for label in contact.labels:
            db.session.add(ContactLabel(contact_id=contact.id, account_id=cast.acme.id, title=label))
    db.session.add(Note(contact_id=mergee.id, user_id=cast.bo.id, content="Calls in the morning."))
    conversation = make_conversation(cast.inbox, contact=mergee)
    make_message(conversation)
    mergee_id = mergee.id

    merge_contacts(base, mergee, actor=None)

    assert db.session.get(Contact, mergee_id) is None
    assert conversation.contact is base
    assert conversation.contact_inbox.contact is base
    assert [note.contact_id for note in db.session.scalars(db.select(Note))] == [base.id]
    assert base.labels == ["vip", "late"]
    assert set(db.session.execute(db.select(ContactLabel.contact_id, ContactLabel.title))) == {
        (base.id, "vip"),
        (base.id, "late"),
    }


def test_a_contact_is_not_merged_with_itself_or_with_a_strangers(cast: Cast) -> None:
    base = make_contact(cast.acme)

    assert merge_contacts(base, base, actor=cast.bo) is base
    with pytest.raises(NotFound):
        merge_contacts(base, make_contact(cast.other), actor=cast.bo)


def test_an_attribute_that_is_emptied_goes(cast: Cast) -> None:
    contact = make_contact(cast.acme, custom_attributes={"plan": "gold", "seats": 3})

    put_custom_attributes(contact, values={"plan": None, "vip": False}, actor=cast.bo)

    assert contact.custom_attributes == {"seats": 3, "vip": False}


@pytest.mark.database
def test_what_two_do_at_once_happens_one_after_the_other(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        cast = make_cast()
        contact, other = make_contact(cast.acme), make_contact(cast.acme)
        conversation = make_conversation(cast.inbox, contact=contact)
        contact_id, other_id, conversation_id, bo_id = contact.id, other.id, conversation.id, cast.bo.id
    together = Barrier(6)

    def label(_: int) -> None:
        with app.app_context():
            bo = db.session.get_one(User, bo_id)
            contact = db.session.get_one(Contact, contact_id)
            conversation = db.session.get_one(Conversation, conversation_id)
            db.session.rollback()
            together.wait()
            set_contact_labels(contact, labels=["vip"], actor=bo)
            set_labels(conversation, labels=["late"], actor=bo)

    def merge(_: int) -> bool:
        with app.app_context():
            base, mergee = (db.session.get_one(Contact, number) for number in (contact_id, other_id))
            db.session.rollback()
            together.wait()
            try:
                merge_contacts(base, mergee, actor=None)
            except (NotFound, ObjectDeletedError):
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(label, range(6)))
        merged = list(pool.map(merge, range(6)))

    assert merged.count(True) == 1
    with app.app_context():
        assert db.session.get_one(Contact, contact_id).labels == ["vip"]
        assert db.session.get_one(Conversation, conversation_id).labels == ["late"]
