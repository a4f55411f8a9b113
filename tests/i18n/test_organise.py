"""No text of labels, attributes and contacts was forgotten."""

import pytest

from dashboard.contacts.models import Contact
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_label
from tests.support.factories import make_note
from tests.support.page import Page
from tests.support.pseudo import forgotten

NAMES = (
    "Ada Admin",
    "Bo Agent",
    "Acme",
    "Website",
    "Maria Silva",
    "Acorn",
    "Porto",
    "billing",
    "Invoices",
    "Renewal",
    "Facebook",
    "GitHub",
    "Instagram",
    "LinkedIn",
    "X (Twitter)",
    "plan",
    "Ouro",
    "maria@example.com",
    "m@example.com",
)
PAGES = (
    "settings/labels",
    "settings/labels/new",
    "settings/labels/{label}",
    "settings/labels/{label}/removal",
    "settings/custom-attributes?model=contact_attribute",
    "settings/custom-attributes",
    "settings/custom-attributes/new",
    "settings/custom-attributes/{definition}",
    "settings/custom-attributes/{definition}/removal",
    "contacts",
    "contacts?q=7",
    "contacts?page=9",
    "contacts/new",
    "contacts/{contact}",
    "contacts/{contact}/block",
    "contacts/{contact}/merge?q=maria",
    "contacts/{contact}/merge?with={other}",
    "contacts/{contact}/removal",
    "conversations/1/attributes",
    "conversations/1/contact-attributes",
)


@pytest.fixture
def maria(cast: Cast) -> Contact:
    return make_contact(
        cast.acme,
        name="Maria Silva",
        email="maria@example.com",
        additional_attributes={"company_name": "Acorn", "city": "Porto"},
        custom_attributes={"plan": "Ouro"},
        labels=["billing"],
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_the_persons_language(
    strange_page: Page, cast: Cast, maria: Contact, path: str
) -> None:
    definition = make_definition(cast.acme, "plan", name="Renewal", kind="list", attribute_values=["Ouro"])
    make_conversation(cast.inbox, contact=maria)
    make_note(maria, cast.bo, content="Ouro")
    ids = {
        "label": make_label(cast.acme, "billing", description="Invoices").id,
        "definition": definition.id,
        "contact": maria.id,
        "other": make_contact(cast.acme, name="Maria Silva", email="m@example.com").id,
    }
    strange_page.sign_in(cast.ada)

    html = strange_page.get(f"/accounts/{cast.acme.id}/{path.format(**ids)}")

    assert forgotten(html, names=NAMES) == []
