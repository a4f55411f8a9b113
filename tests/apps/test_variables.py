"""URL variables: what an address may name, what stands for it in a conversation, and what is said instead."""

import json
from typing import Any

import pytest

from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.apps.queries.apps import app_of
from dashboard.apps.schemas.variables import NAMES
from dashboard.apps.schemas.variables import address_for
from dashboard.apps.serializers import app_frames
from dashboard.attributes.queries import definitions_of
from dashboard.conversations.models import Conversation
from dashboard.lib.errors import Invalid
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_reader
from tests.support.page import Page
from tests.support.queries import counted

HOME = "https://crm.example.com"


@pytest.fixture
def maria(cast: Cast) -> Conversation:
    contact = make_contact(
        cast.acme,
        name="Maria Silva",
        email="maria@example.com",
        phone_number="+4930555010",
        identifier="crm-77",
        custom_attributes={"plan": "gold", "seats": 3, "tags": ["a"]},
    )
    return make_conversation(cast.inbox, contact=contact, custom_attributes={"order_id": "50021"})


def content(*paths: str) -> list[dict[str, str]]:
    return [{"type": "frame", "url": HOME + path} for path in paths]


def test_each_name_stands_for_what_the_page_shows(cast: Cast, maria: Conversation) -> None:
    reader = make_reader(cast.acme, cast.bo, maria)
    stands_for = {
        "account.id": cast.acme.id,
        "agent.id": cast.bo.id,
        "locale": "en",
        "theme": "dark",
        "account_id": cast.acme.id,
        "user_id": cast.bo.id,
        "conversation.id": maria.display_id,
        "conversation.display_id": maria.display_id,
        "conversation.inbox_id": cast.inbox.id,
        "conversation.status": "open",
        "contact.id": maria.contact_id,
        "contact.identifier": "crm-77",
        "contact.name": "Maria%20Silva",
        "contact.email": "maria%40example.com",
        "contact.phone_number": "%2B4930555010",
        "conversation.custom_attributes.order_id": "50021",
        "contact.custom_attributes.plan": "gold",
        "contact.custom_attributes.seats": 3,
        "contact.custom_attributes.none": "",
    }

    assert {name.partition("custom_attributes.")[0] for name in stands_for} == {
        name.rstrip("…").partition("custom_attributes.")[0] for name in NAMES
    }
    for name, value in stands_for.items():
        assert address_for(f"{HOME}/?x={{{{{name}}}}}", reader) == f"{HOME}/?x={value}"


@pytest.mark.parametrize(
    "path",
    [
        "/{{contact.secret}}",
        "/{{agent.email}}",
        "/{{agent.access_token}}",
        "/{{contact}}",
        "/{{contact.custom_attributes.}}",
        "/{{contact.custom_attributes}}",
        "/{{conversation.contact.id}}",
        "/{{constructor}}",
        "/{{contact.__class__}}",
        "/{{Contact.id}}",
    ],
)
def test_a_name_that_is_not_known_is_refused_with_those_that_are(cast: Cast, path: str) -> None:
    with pytest.raises(Invalid, match="There is no variable") as error:
        add_app(cast.acme, title="CRM", content=content(path), actor=cast.ada)

    [problem] = error.value.problems
    assert problem.pointer == "/content/0/url"
    assert all(name in str(problem) for name in NAMES)


def test_the_api_takes_it_as_chatwoot_does_and_the_form_does_not(
    cast: Cast, api: Any, page: Page, maria: Conversation
) -> None:
    client: ApiClient = api(cast.ada)
    path = f"/api/v1/accounts/{cast.acme.id}/dashboard_apps"
    odd = "/{{contact.crm_id}}?a={{Anything|required}}&by={{user_id}}"

    told = client.post(path, {"title": "CRM", "content": content(odd)})
    app = app_of(cast.acme.id, told["id"])
    client.patch(f"{path}/{app.id}", {"content": content(odd)})
    change_app(app, scopes=["contact.basic"], actor=cast.ada)

    assert told["content"] == content(odd)
    [frame] = app_frames([app], make_reader(cast.acme, cast.bo, maria))[0]["frames"]
    assert frame["url"] == f"{HOME}/{{{{contact.crm_id}}}}?a={{{{Anything|required}}}}&by={cast.bo.id}"
    page.sign_in(cast.ada)
    page.get(f"/accounts/{cast.acme.id}/settings/integrations/dashboard-apps/{app.id}/edit")
    page.submit("#app-form form", {}, expect=422)
    assert "There is no variable contact.crm_id" in page.html.select_one("#app-form").get_text()


def test_no_name_gets_into_the_host_by_the_api(cast: Cast, api: Any) -> None:
    frames = [{"type": "frame", "url": "https://{{anything}}.example/"}]
    body = {"title": "CRM", "content": frames}

    api(cast.ada).post(f"/api/v1/accounts/{cast.acme.id}/dashboard_apps", body, expect=422)


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("/{{contact.custom_attributes.crm_id|required}}", "No CRM id on this contact."),
        ("/{{contact.custom_attributes.other|required}}", "No other on this contact."),
        ("/{{conversation.custom_attributes.crm_id|required}}", "No crm_id on this conversation."),
        ("/{{contact.identifier|required}}", "No identifier on this contact."),
        ("/{{contact.email|required}}", "No e-mail on this contact."),
        ("/{{contact.custom_attributes.list}}", "What contact.custom_attributes.list holds cannot stand"),
        ("/{{contact.custom_attributes.dots}}/x", "What contact.custom_attributes.dots holds cannot stand"),
    ],
)
def test_an_address_that_cannot_be_made_is_a_sentence(cast: Cast, template: str, sentence: str) -> None:
    make_definition(cast.acme, "crm_id", name="CRM id")
    contact = make_contact(cast.acme, name="", email=None, custom_attributes={"list": [1], "dots": ".."})
    conversation = make_conversation(cast.inbox, contact=contact)
    reader = make_reader(cast.acme, cast.bo, conversation, definitions=definitions_of(cast.acme))
    app = make_app(cast.acme, urls=(HOME + template,))

    [frame] = app_frames([app], reader)[0]["frames"]

    assert frame["url"] == ""
    assert frame["says"].startswith(sentence)


def test_without_a_conversation_only_what_is_needed_is_missed(cast: Cast) -> None:
    app = make_app(
        cast.acme, urls=(f"{HOME}/{{{{contact.id|required}}}}", f"{HOME}/{{{{contact.id}}}}/{{{{agent.id}}}}")
    )

    first, second = app_frames([app], make_reader(cast.acme, cast.bo))[0]["frames"]

    assert (first["url"], first["says"]) == ("", "No conversation is open.")
    assert second["url"] == f"{HOME}//{cast.bo.id}"


def test_an_address_names_no_more_than_the_app_may_see(cast: Cast, maria: Conversation) -> None:
    old = make_app(cast.acme, urls=(f"{HOME}/{{{{contact.email}}}}",), scopes=["contact.basic"])

    [frame] = app_frames([old], make_reader(cast.acme, cast.bo, maria))[0]["frames"]

    assert (frame["url"], frame["says"]) == ("", "This app is not let see contact.email.")
    app = add_app(cast.acme, title="CRM", content=content("/{{contact.identifier}}"), actor=cast.ada)
    with pytest.raises(Invalid, match="not let see") as error:
        change_app(app, scopes=["contact.basic", "messages"], actor=cast.ada)
    assert str(error.value.problems[0]) == "This app is not let see contact.identifier."
    with pytest.raises(Invalid, match="not let see"):
        change_app(
            app,
            scopes=["contact.private"],
            content=content("/{{conversation.custom_attributes.x}}"),
            actor=cast.ada,
        )


def test_the_page_of_a_conversation_has_its_address_and_asks_no_more_for_it(
    page: Page, cast: Cast, maria: Conversation
) -> None:
    page.sign_in(cast.bo)
    path = f"/accounts/{cast.acme.id}/conversations/{maria.display_id}"
    plain = make_app(cast.acme, urls=(f"{HOME}/",))
    with counted() as before:
        page.get(path)
    change_app(plain, content=content("/c/{{contact.identifier|required}}?by={{agent.id}}"), actor=cast.ada)
    with counted() as after:
        html = page.get(path)

    [app] = json.loads(html.select_one("script#apps").get_text())  # type: ignore[union-attr]
    assert app["frames"] == [{"url": f"{HOME}/c/crm-77?by={cast.bo.id}", "origin": HOME}]
    assert len(after) == len(before)
    assert f"frame-src {HOME};" in page.response.headers["Content-Security-Policy"] + ";"


NEW = "/accounts/{account}/settings/integrations/dashboard-apps/new"


def test_the_form_names_them_and_shows_what_an_address_becomes(
    page: Page, cast: Cast, maria: Conversation
) -> None:
    page.sign_in(cast.ada)
    path = NEW.format(account=cast.acme.id)

    html = page.get(path)
    assert [code.get_text() for code in html.select(".url-names code")] == [
        f"{{{{{name}}}}}" for name in NAMES
    ]
    assert html.select("#made-addresses li") == []
    crm, odd = "/{{contact.custom_attributes.crm|required}}", "/{{contact.secret}}"
    urls = [f"{HOME}/c/{{{{contact.identifier}}}}", f"{HOME}{crm}", f"{HOME}{odd}", f"{HOME}/plain", odd]
    html = page.submit("#app-form form", {"do": "preview", "url": urls}, expect=200)

    first, second, third, fourth = html.select("#made-addresses li")
    assert first.get_text() == f"{HOME}/c/crm-77"
    assert second.get_text() == "No crm on this contact."
    assert third.get_text().startswith("There is no variable contact.secret.")
    assert fourth.get_text() == "The address must start with http:// or https://."
    assert f"#{maria.display_id}" in html.select_one("#made-addresses").get_text()  # type: ignore[union-attr]


def test_the_form_warns_of_personal_data_in_an_address(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme, urls=(f"{HOME}/?m={{{{contact.email}}}}", f"{HOME}/?id={{{{contact.id}}}}"))
    page.sign_in(cast.ada)

    html = page.get(NEW.format(account=cast.acme.id).replace("new", f"{app.id}/edit"))

    warnings = html.select("[data-warning=personal]")
    assert [warning.has_attr("hidden") for warning in warnings] == [False, True]
    assert "personal data" in warnings[0].get_text()
