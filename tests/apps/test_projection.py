"""What an app is told is cut to its scopes at every depth; whole, it is what it always was."""

import json
from typing import Any

import pytest

from dashboard.accounts.models import Membership
from dashboard.apps.models.apps import USUAL_SCOPES
from dashboard.apps.payloads import app_context
from dashboard.apps.payloads import empty_context
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.projection import projected
from dashboard.attributes.queries import definitions_of
from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Conversation
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.summaries import head_of
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_bot
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_definition
from tests.support.factories import make_message

# What is planted, and which scope alone may let it through.
PLANTED = {
    "Secret Name": "contact.basic",
    "secret@contact.example": "contact.private",
    "+4930000111": "contact.private",
    "secret-identifier": "contact.private",
    "secret-city": "contact.private",
    "secret-plan": "contact.attributes",
    "secret_contact_key": "contact.attributes",
    "secret-label": "conversation.basic",
    "secret-order": "conversation.attributes",
    "secret-referer": "conversation.attributes",
    "secret_conversation_key": "conversation.attributes",
    "secret question": "messages",
    "secret answer": "messages",
    "secret-file.pdf": "messages",
    "/files/": "messages",
    "secret note": "notes",
    "secret@agent.example": "agent.email",
}


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    """One with something of everything in it."""
    cast.bo.email = "secret@agent.example"
    contact = make_contact(
        cast.acme,
        name="Secret Name",
        email="secret@contact.example",
        phone_number="+4930000111",
        identifier="secret-identifier",
        additional_attributes={"city": "secret-city"},
        custom_attributes={"plan": "secret-plan"},
    )
    session = make_contact_inbox(contact, cast.inbox, source_id="secret-source")
    make_definition(cast.acme, "secret_contact_key")
    make_definition(cast.acme, "secret_conversation_key", model="conversation_attribute")
    made = make_conversation(
        cast.inbox,
        contact=contact,
        contact_inbox_id=session.id,
        assignee_id=cast.bo.id,
        labels=["secret-label"],
        custom_attributes={"order": "secret-order"},
        additional_attributes={"referer": "secret-referer"},
    )
    asked = make_message(made, "secret question", attached=1)
    file = Attachment(
        message_id=asked.id,
        account_id=cast.acme.id,
        key="0" * 32,
        name="secret-file.pdf",
        file_type="file",
        content_type="application/pdf",
        size=1,
    )
    db.session.add(file)
    make_message(made, "secret note", message_type="outgoing", private=True, sender_user_id=cast.bo.id)
    make_message(made, "secret answer", message_type="outgoing", sender_user_id=cast.bo.id)
    return made


def told(cast: Cast, conversation: Conversation, scopes: tuple[str, ...]) -> dict[str, Any]:
    member = db.session.scalars(
        db.select(Membership).filter_by(account_id=cast.acme.id, user_id=cast.bo.id)
    ).one()
    return app_context(
        head_of(member, conversation.display_id),
        messages_of(conversation, limit=30),
        agent=cast.bo,
        theme="light",
        definitions=definitions_of(cast.acme),
        scopes=scopes,
    )


@pytest.mark.attack(22)
@pytest.mark.parametrize("left_out", SCOPES)
def test_without_a_scope_nothing_of_it_is_told_at_any_depth(
    cast: Cast, conversation: Conversation, left_out: str
) -> None:
    written = json.dumps(told(cast, conversation, tuple(scope for scope in SCOPES if scope != left_out)))

    found = {secret for secret in PLANTED if secret in written}
    assert found == {secret for secret, scope in PLANTED.items() if scope != left_out}
    # whoever knows it is the contact in that inbox; it stands in the last message
    assert ("secret-source" in written) == (left_out not in {"contact.private", "messages"})


@pytest.mark.attack(22)
@pytest.mark.parametrize("alone", SCOPES)
def test_a_scope_alone_tells_of_nothing_else(cast: Cast, conversation: Conversation, alone: str) -> None:
    written = json.dumps(told(cast, conversation, (alone,)))

    assert {PLANTED[secret] for secret in PLANTED if secret in written} == {alone}
    assert "secret-source" not in written


def test_with_no_scope_an_app_knows_who_works_and_how_it_looks(
    cast: Cast, conversation: Conversation
) -> None:
    data = told(cast, conversation, ())

    assert data == {
        "conversation": {"contact": {}, "meta": {"sender": {}}, "dataFetched": True},
        "contact": {},
        "currentAgent": {"id": cast.bo.id, "name": cast.bo.name},
        "customAttributes": [],
        "theme": "light",
        "meta": {"v": 1},
    }


def test_the_tables_name_every_field_that_there_is(cast: Cast, conversation: Conversation) -> None:
    whole = told(cast, conversation, SCOPES)
    nearly = projected(whole, {*SCOPES} - {"agent.email"})

    del whole["currentAgent"]["email"]
    del whole["conversation"]["meta"]["assignee"]["email"]
    assert nearly == whole


def test_a_bot_is_told_of_without_where_its_events_go(cast: Cast, conversation: Conversation) -> None:
    bot = make_bot(cast.acme, outgoing_url="https://secret.example.com")
    conversation.assignee_id, conversation.assignee_bot_id = None, bot.id
    make_message(conversation, "Hello!", message_type="outgoing", sender_bot_id=bot.id)
    whole = told(cast, conversation, SCOPES)
    nearly = projected(whole, {*SCOPES} - {"agent.email"})

    del whole["currentAgent"]["email"]
    assert nearly == whole
    assert (whole["conversation"]["meta"]["assignee_type"], "secret.example" in json.dumps(whole)) == (
        "AgentBot",
        False,
    )
    assert whole["conversation"]["messages"][-1]["sender"]["type"] == "agent_bot"


def test_the_usual_scopes_are_all_but_notes_and_change_nothing(
    cast: Cast, conversation: Conversation
) -> None:
    assert set(SCOPES) - set(USUAL_SCOPES) == {"notes"}
    data = told(cast, conversation, USUAL_SCOPES)
    assert projected(data, USUAL_SCOPES) is data
    assert "secret note" not in json.dumps(data)


def test_where_no_conversation_is_open_the_agent_is_cut_all_the_same(cast: Cast) -> None:
    data = empty_context(agent=cast.bo, theme="dark", scopes=("messages",))

    assert data["currentAgent"] == {"id": cast.bo.id, "name": cast.bo.name}
    assert data["conversation"] == data["contact"] == {}
