"""Placeholders in what is sent: the known ones are filled in, everything else stays."""

from collections.abc import Callable

import pytest

from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.filling import filled
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import receive_message
from tests.support.apps import ApiClient
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    contact = make_contact(
        cast.acme,
        name="Maria da Silva {{agent.email}}",
        email="maria@example.com",
        custom_attributes={"plan": "Plus"},
    )
    return make_conversation(cast.inbox, contact=contact)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello {{contact.first_name}}", "Hello Maria"),
        ("Hello {{ contact.name }}", "Hello Maria da Silva {{agent.email}}"),
        ("{{contact.email}} {{contact.phone_number}}.", "maria@example.com ."),
        ('{{contact.phone_number | default: "no phone"}}', "no phone"),
        ("{{contact.first_name|default:'you'}}", "Maria"),
        ("{{contact.custom_attribute.plan}} {{contact.custom_attribute.none}}.", "Plus ."),
        ("{{agent.name}}, {{agent.first_name}}, {{agent.last_name}}", "Bo Agent, Bo, Agent"),
        ("#{{conversation.id}} {{inbox.name}} {{account.name}}", "#1 Website Acme"),
        (
            "`{{contact.name}}` and\n```\n{{contact.name}}\n```",
            "`{{contact.name}}` and\n```\n{{contact.name}}\n```",
        ),
        (
            "{{contact.secret}} {{user.password}} {{ 7 * 7 }}",
            "{{contact.secret}} {{user.password}} {{ 7 * 7 }}",
        ),
        ("{{contact.name", "{{contact.name"),
        ("{% for x in y %}{{contact.__class__}}", "{% for x in y %}{{contact.__class__}}"),
    ],
)
def test_known_names_are_filled_in_and_nothing_else(
    cast: Cast, conversation: Conversation, text: str, expected: str
) -> None:
    assert filled(text, conversation, cast.bo) == expected


def test_what_the_desk_writes_is_filled_in_and_what_the_contact_writes_is_not(
    api: Callable[..., ApiClient], cast: Cast, conversation: Conversation
) -> None:
    assert (
        post_message(conversation, content="Hi {{contact.first_name}}", author=cast.bo).content == "Hi Maria"
    )
    assert receive_message(conversation, content="{{agent.email}}").content == "{{agent.email}}"
    path = f"/api/v1/accounts/{cast.acme.id}/conversations/{conversation.display_id}/messages"
    assert api(cast.bo).post(path, {"content": "{{agent.first_name}}"})["content"] == "Bo"
