"""Two contacts become one, and attributes come and go."""

from datetime import timedelta

import pytest

from dashboard.contacts.models import Contact
from dashboard.contacts.models import ContactLabel
from dashboard.contacts.models import Note
from dashboard.contacts.operations import merge_contacts
from dashboard.contacts.operations import put_custom_attributes
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import NotFound
from tests.support.cast import Cast
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
