"""The customers on pages: the list, one's page, what is noted, and two who are one."""

import pytest

from dashboard.contacts.models import Contact
from dashboard.contacts.models import Note
from dashboard.contacts.operations.labelling import set_contact_labels
from dashboard.conversations.models import Message
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_inbox
from tests.support.factories import make_label
from tests.support.factories import make_message
from tests.support.page import Page
from tests.support.queries import counted

HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'"


@pytest.fixture
def maria(cast: Cast) -> Contact:
    return make_contact(cast.acme, name="Maria Silva", email="maria@example.com")


def address(contact: Contact, rest: str = "") -> str:
    return f"/accounts/{contact.account_id}/contacts/{contact.id}{rest}"


def listed(cast: Cast, query: str = "") -> str:
    return f"/accounts/{cast.acme.id}/contacts{query}"


def names(page: Page) -> list[str]:
    return [link.text for link in page.html.select("#contacts-found td a")]


def test_an_account_without_contacts_says_what_they_are(page: Page, cast: Cast) -> None:
    page.sign_in(cast.bo)

    assert "No contacts yet" in page.get(listed(cast)).text
    assert "Nobody matches “x”" in page.get(listed(cast, "?q=x")).text
    assert "Nobody else" in page.get(listed(cast, "?page=9")).text


def test_contacts_are_listed_searched_and_sorted(page: Page, cast: Cast, maria: Contact) -> None:
    make_contact(cast.acme, name="Anna Kühn", additional_attributes={"company_name": "Acorn"})
    make_contact(cast.acme, name="Anonymous", email=None)
    make_contact(cast.other, name="Maria of the others")
    page.sign_in(cast.bo)

    html = page.get(listed(cast, "?sort=name"))
    assert names(page) == ["Anna Kühn", "Maria Silva"]
    assert html.select_one('.rail [aria-current="page"]').text == "Contacts"
    page.get(listed(cast, "?q=maria"))
    assert names(page) == ["Maria Silva"]
    page.get(listed(cast, "?q=anonymous"))
    assert names(page) == ["Anonymous"]
    page.get(listed(cast, "?sort=nonsense&page=x"))
    assert len(names(page)) == 2


def test_contacts_are_narrowed_by_a_label(page: Page, cast: Cast, maria: Contact) -> None:
    for name in ("Anna Kühn", "Annabel Lee"):
        set_contact_labels(make_contact(cast.acme, name=name), labels=["vip"], actor=cast.bo)
    set_contact_labels(maria, labels=["new"], actor=cast.bo)
    page.sign_in(cast.bo)

    html = page.get(listed(cast, "?label=vip&sort=name"))

    assert names(page) == ["Anna Kühn", "Annabel Lee"]
    assert "2 contacts" in html.text
    assert [each.text for each in html.select("[name=label] option")] == ["Any label", "new", "vip"]
    page.get(listed(cast, "?label=vip&q=lee"))
    assert names(page) == ["Annabel Lee"]
    assert "Nobody carries this label" in page.get(listed(cast, "?label=gone")).text


def test_a_long_list_has_pages_and_asks_little(page: Page, cast: Cast) -> None:
    for number in range(32):
        make_contact(cast.acme, name=f"Contact {number:02}")
    page.sign_in(cast.bo)

    with counted() as queries:
        html = page.get(listed(cast, "?sort=name&page=2"))
    assert queries.number <= 6
    assert names(page)[0] == "Contact 15"
    page.get(str(html.select_one("a[rel=next]")["href"]))
    assert names(page) == ["Contact 30", "Contact 31"]
    assert page.html.select_one("a[rel=prev]")
    assert not page.html.select_one("a[rel=next]")


def test_a_contact_is_added_and_what_is_wrong_is_told(page: Page, cast: Cast, maria: Contact) -> None:
    page.sign_in(cast.bo)
    page.get(listed(cast, "/new"))

    given = {"name": "Jo", "email": "maria@example.com", "phone_number": "0123"}
    html = page.submit("form.panel", given, expect=422)
    assert html.select_one("[name=name]")["value"] == "Jo"
    assert "E164" in html.text or "e164" in html.text

    page.submit("form.panel", {"email": "jo@example.com", "phone_number": "", "city": "Porto"})
    page.follow()
    made = db.session.scalars(db.select(Contact).where(Contact.email == "jo@example.com")).one()
    assert made.additional_attributes == {"city": "Porto"}


def test_who_somebody_is_is_changed_and_a_programs_values_stay(page: Page, cast: Cast) -> None:
    contact = make_contact(
        cast.acme,
        name="Maria",
        additional_attributes={"city": "Porto", "score": 7, "social_profiles": {"github": "m", "mine": "x"}},
    )
    page.sign_in(cast.bo)
    page.get(address(contact))

    page.submit("#contact-form", {"name": "Maria Silva", "city": "", "linkedin": "ms"})

    db.session.refresh(contact)
    assert contact.name == "Maria Silva"
    assert contact.additional_attributes == {
        "city": "",
        "score": 7,
        "social_profiles": {"github": "m", "mine": "x", "linkedin": "ms"},
    }
    page.get(address(contact))
    html = page.submit("#contact-form", {"email": "nonsense"}, expect=422)
    assert html.select_one("[name=email]")["value"] == "nonsense"


def test_attributes_and_labels_are_filled_in(page: Page, cast: Cast, maria: Contact) -> None:
    seats = make_definition(cast.acme, "seats", name="Seats", kind="number")
    make_label(cast.acme, "vip")
    page.sign_in(cast.bo)

    maria.custom_attributes = {"first_order": "2023"}
    html = page.get(address(maria))
    assert "First order2023" in html.select_one(".contact-main .facts").text
    html = page.submit("#attributes-form", {f"attribute-{seats.id}": "many"}, expect=422)
    assert "Is not a number" in html.select_one("#attributes-form .field-error").text
    page.submit("#attributes-form", {f"attribute-{seats.id}": "3"})
    page.follow()
    page.submit("#labels-form", {"labels": ["vip"], "label": "Porto"})
    html = page.follow()

    db.session.refresh(maria)
    assert (maria.custom_attributes, maria.labels) == (
        {"first_order": "2023", "seats": 3},
        ["vip", "Porto"],
    )
    assert len(html.select("#labels-form [checked]")) == 2


def test_notes_are_written_and_deleted(page: Page, cast: Cast, maria: Contact) -> None:
    page.sign_in(cast.bo)
    page.get(address(maria))
    page.submit("#note-form", {"content": " "}, expect=422)
    page.submit("#note-form", {"content": HOSTILE})
    html = page.follow()

    note = db.session.scalars(db.select(Note)).one()
    assert html.select_one(f"#note-{note.id} p").text == HOSTILE
    assert html.select_one(f"#note-{note.id} strong").text == "Bo Agent"
    page.submit(f"#note-{note.id} form")
    assert db.session.scalars(db.select(Note)).all() == []


def test_only_conversations_of_ones_inboxes_are_shown(page: Page, cast: Cast, maria: Contact) -> None:
    elsewhere = make_inbox(cast.acme, name="Shop")
    for inbox, text in ((cast.inbox, "Where is it?"), (elsewhere, "A secret")):
        make_message(make_conversation(inbox, contact=maria), text)

    page.sign_in(cast.bo)
    html = page.get(address(maria))
    assert "Where is it?" in html.text
    assert "A secret" not in html.text
    page.sign_in(cast.ada)
    assert "A secret" in page.get(address(maria)).text


def test_somebody_is_blocked_and_let_in_again(page: Page, cast: Cast, maria: Contact) -> None:
    page.sign_in(cast.bo)
    for sent, blocked in (("yes", True), ("no", False)):
        page.get(address(maria, "/block"))
        assert page.html.select_one(f'[name=blocked][value="{sent}"]')
        page.submit("form.confirm", {"blocked": sent})
        db.session.refresh(maria)
        assert maria.blocked is blocked


def test_two_who_are_one_are_merged_after_a_look(page: Page, cast: Cast, maria: Contact) -> None:
    other = make_contact(
        cast.acme, name="M. Silva", email="m@example.com", phone_number="+351912345678", labels=["vip"]
    )
    conversation = make_conversation(cast.inbox, contact=other)
    page.sign_in(cast.bo)

    html = page.get(address(maria, "/merge?q=silva"))
    assert [row.text for row in html.select("#merge-found strong")] == ["M. Silva"]
    html = page.get(str(html.select_one("#merge-found a")["href"]))
    becomes = {row.select_one("td").text: row.select("td")[-1].text for row in html.select("tbody tr")}
    assert becomes == {
        "Name": "Maria Silva",
        "E-mail": "maria@example.com",
        "Phone": "+351912345678",
        "Labels": "vip",
    }
    assert "1 conversation comes over." in html.text

    page.submit("#merge-form")
    assert "The two contacts are one." in page.follow().text
    db.session.expire_all()
    assert conversation.contact_id == maria.id
    lines = db.session.scalars(db.select(Message.content).where(Message.message_type == "activity"))
    assert lines.all() == ["Bo Agent merged the contact M. Silva into Maria Silva"]
    page.post(address(maria, "/merge"), {"mergee_id": maria.id}, expect=404)
    page.post(address(maria, "/merge"), {"mergee_id": "x"}, expect=404)
    page.post(address(maria, "/merge"), {"mergee_id": make_contact(cast.other).id}, expect=404)


def test_only_administrators_delete_and_only_by_name(page: Page, cast: Cast, maria: Contact) -> None:
    page.sign_in(cast.bo)
    assert not page.get(address(maria)).select('a[href$="/removal"]')
    page.get(address(maria, "/removal"), expect=403)
    page.post(address(maria, "/removal"), {"name": "Maria Silva"}, expect=403)

    page.sign_in(cast.ada)
    own_page = address(maria)
    page.get(address(maria, "/removal"))
    page.submit("form.confirm", {"name": "Jo"}, expect=422)
    page.submit("form.confirm", {"name": "Maria  Silva "})
    assert "is deleted" in page.follow().text
    page.get(own_page, expect=404)


POSTS = ("", "/attributes", "/labels", "/notes", "/block", "/merge", "/removal", "/notes/1/removal")


@pytest.mark.parametrize("rest", POSTS)
def test_strangers_find_nobody_and_nobody_signs_in(page: Page, cast: Cast, maria: Contact, rest: str) -> None:
    page.sign_in(cast.eve)
    page.post(address(maria, rest), expect=404)
    page.post(f"/accounts/{cast.other.id}/contacts/{maria.id}{rest}", expect=404)
    page.sign_out()
    page.post(address(maria, rest), expect=302)


def test_the_conversation_leads_to_its_contact(page: Page, cast: Cast, maria: Contact) -> None:
    conversation = make_conversation(cast.inbox, contact=maria)
    page.sign_in(cast.bo)

    html = page.get(f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}")

    assert html.select_one("#contact-panel h2 a")["href"] == address(maria)
