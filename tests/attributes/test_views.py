"""Settings → Custom attributes, and filling them in beside a conversation."""

import pytest

from dashboard.attributes.models import AttributeDefinition
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.contexts import unpacked
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_message
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#dialog"}
NEW = {
    "attribute_model": "contact_attribute",
    "attribute_display_name": "Plan",
    "attribute_key": "plan",
    "attribute_display_type": "list",
    "attribute_values": "gold\n\nsilver\n",
}


def settings(cast: Cast, rest: str = "") -> str:
    return f"/accounts/{cast.acme.id}/settings/custom-attributes{rest}"


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    contact = make_contact(cast.acme, name="Maria", custom_attributes={"plan": "gold", "from_api": 3})
    made = make_conversation(cast.inbox, contact=contact)
    make_message(made, "Hello")
    return made


def beside(conversation: Conversation, rest: str = "") -> str:
    return f"/accounts/{conversation.account_id}/conversations/{conversation.display_id}{rest}"


@pytest.mark.parametrize("path", ["", "/new", "/{id}", "/{id}/removal"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_ladder(page: Page, cast: Cast, path: str, method: str) -> None:
    if (path, method) == ("", "POST"):
        return
    number = make_definition(cast.acme).id
    ask_the_ladder(page, cast, method, settings(cast, path.format(id=number)))


def test_an_administrator_defines_changes_and_deletes(page: Page, cast: Cast) -> None:
    page.sign_in(cast.ada)
    assert "No attributes of contacts yet" in page.get(settings(cast, "?model=contact_attribute")).text
    page.get(settings(cast, "/new?model=contact_attribute"))
    page.submit("form.panel", NEW)
    html = page.follow()
    assert "Plan is added." in html.text
    definition = db.session.scalars(db.select(AttributeDefinition)).one()
    assert definition.attribute_values == ["gold", "silver"]

    html = page.get(settings(cast, f"/{definition.id}"))
    assert not html.select('[name="attribute_key"], [name="regex_pattern"]')
    page.submit("form.panel", {"attribute_display_name": "Tariff", "attribute_values": "gold"})
    assert "Tariff" in page.follow().select_one("table").text

    page.get(settings(cast, f"/{definition.id}/removal"))
    page.submit("form.confirm")
    assert "Tariff is deleted." in page.follow().text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"attribute_key": "two words"}, "May have letters"),
        ({"attribute_key": "email"}, "conflict with default attributes"),
        ({"attribute_values": " "}, "at least one value"),
        ({"attribute_display_type": "text", "regex_pattern": "(a+)+"}, "cannot be used"),
    ],
)
def test_what_was_typed_stays_beside_what_is_wrong_with_it(
    page: Page, cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    page.sign_in(cast.ada)
    page.get(settings(cast, "/new"))

    html = page.submit("form.panel", {**NEW, **changes}, expect=422)

    assert sentence in html.select_one(".field-error").text
    assert html.select_one('[name="attribute_display_name"]')["value"] == "Plan"


def test_the_side_says_what_is_defined_by_its_name(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    make_definition(cast.acme, "plan", name="Tariff", kind="list", attribute_values=["gold", "silver"])
    make_definition(cast.acme, "due", name="Due on", kind="date", model="conversation_attribute")
    page.sign_in(cast.bo)

    html = page.get(beside(conversation))

    facts = [fact.text for fact in html.select("#contact-panel .facts")]
    assert "Tariffgold" in facts[1]
    assert "From api3" in facts[1]
    assert facts[2] == "Due on–"


def test_an_agent_fills_in_and_the_page_and_the_apps_are_told(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    plan = make_definition(cast.acme, "plan", kind="list", attribute_values=["gold", "silver"])
    seats = make_definition(cast.acme, "seats", name="Seats", kind="number")
    vip = make_definition(cast.acme, "vip", name="VIP", kind="checkbox")
    page.sign_in(cast.bo)
    html = page.get(beside(conversation, "/contact-attributes"), headers=HTMX)
    assert html.select_one(f'[name="attribute-{plan.id}"] [selected]').text == "gold"

    fields = {f"attribute-{plan.id}": "", f"attribute-{seats.id}": "12", f"attribute-{vip.id}": "y"}
    html = page.post(
        beside(conversation, "/contact-attributes"), {**fields, "after": "0"}, headers=HTMX, expect=200
    )

    assert "12" in html.select_one(f"#facts-{conversation.display_id}").text
    context = unpacked(html.select_one("#app-context").text)
    assert context["data"]["contact"]["custom_attributes"] == {"from_api": 3, "seats": 12, "vip": True}
    assert [each["attribute_key"] for each in context["data"]["customAttributes"]] == ["plan", "seats", "vip"]


def test_what_a_program_set_and_nobody_touched_stays(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    make_definition(cast.acme, "plan", kind="list", attribute_values=["silver"])
    make_definition(cast.acme, "from_api", name="Number", kind="date")
    seats = make_definition(cast.acme, "seats", name="Seats", kind="number")
    page.sign_in(cast.bo)
    page.get(beside(conversation, "/contact-attributes"))

    page.submit("form.confirm", {f"attribute-{seats.id}": "5"})

    assert conversation.contact.custom_attributes == {"plan": "gold", "from_api": 3, "seats": 5}


def test_what_does_not_fit_is_told_and_kept_in_the_form(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    order = make_definition(
        cast.acme,
        "order",
        model="conversation_attribute",
        regex_pattern="^[0-9]+$",
        regex_cue="Digits only.",
    )
    page.sign_in(cast.bo)
    page.get(beside(conversation, "/attributes"))

    html = page.submit("form.confirm", {f"attribute-{order.id}": "twelve"}, expect=422)
    field = html.select_one(f'[name="attribute-{order.id}"]')
    assert (field["value"], "Digits only." in html.text) == ("twelve", True)

    page.submit("form.confirm", {f"attribute-{order.id}": "12"})
    assert db.session.get_one(Conversation, conversation.id).custom_attributes == {"order": "12"}


def test_who_may_not_see_the_conversation_fills_in_nothing(
    page: Page, cast: Cast, conversation: Conversation
) -> None:
    page.sign_in(cast.cy)
    for resource in ("/attributes", "/contact-attributes"):
        page.get(beside(conversation, resource), expect=404)
        page.post(beside(conversation, resource), expect=404)
