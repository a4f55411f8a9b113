"""What may be stored of an app's scopes, actions, viewers and conditions."""

from typing import Any

import pytest

from dashboard.apps.operations.apps import add_app
from dashboard.apps.operations.apps import change_app
from dashboard.lib.errors import Invalid
from tests.support.cast import Cast

CONTENT = [{"type": "frame", "url": "https://app.example.com/"}]


def test_what_was_chosen_is_kept_in_one_order_and_without_what_says_nothing(cast: Cast) -> None:
    app = add_app(
        cast.acme,
        title="Orders",
        content=CONTENT,
        actor=cast.ada,
        scopes=["notes", "contact.basic", "notes"],
        actions=["assign", "toast"],
        state="draft",
        visibility={"roles": [], "agent_ids": [5, 3, 5], "inbox_ids": []},
        conditions=[
            {"field": "conversation.status", "test": "one_of", "values": [" open "], "value": "x", "more": 1},
            {"field": "contact.custom_attributes.crm id", "test": "exists", "value": ""},
        ],
    )

    assert (app.scopes, app.actions, app.state) == (["contact.basic", "notes"], ["toast", "assign"], "draft")
    assert app.visibility == {"agent_ids": [3, 5]}
    assert app.conditions == [
        {"field": "conversation.status", "test": "one_of", "values": ["open"]},
        {"field": "contact.custom_attributes.crm id", "test": "exists"},
    ]


def test_an_app_of_which_nothing_was_chosen_is_as_in_chatwoot(cast: Cast) -> None:
    app = add_app(cast.acme, title="Orders", content=CONTENT, actor=cast.ada)

    assert "notes" not in app.scopes
    assert len(app.scopes) == 7
    assert (app.actions, app.state, app.visibility, app.conditions) == ([], "live", {}, [])
    assert not app.has_own_context


@pytest.mark.parametrize(
    "settings",
    [
        {"scopes": ["everything"]},
        {"scopes": "messages"},
        {"scopes": None},
        {"scopes": [["messages"]]},
        {"actions": ["reply.send"]},
        {"actions": [{"toast": True}]},
        {"state": "gone"},
        {"visibility": []},
        {"visibility": {"teams": [1]}},
        {"visibility": {"roles": ["owner"]}},
        {"visibility": {"agent_ids": ["1"]}},
        {"visibility": {"agent_ids": [True]}},
        {"visibility": {"agent_ids": [0]}},
        {"visibility": {"inbox_ids": [2**63]}},
        {"visibility": {"inbox_ids": list(range(1, 202))}},
        {"visibility": {"inbox_ids": 1}},
        {"conditions": {}},
        {"conditions": [{}]},
        {"conditions": ["conversation.status"]},
        {"conditions": [{"field": "conversation.status", "test": "like", "value": "open"}]},
        {"conditions": [{"field": "conversation.uuid", "test": "exists"}]},
        {"conditions": [{"field": "contact.__class__", "test": "exists"}]},
        {"conditions": [{"field": "contact.custom_attributes.", "test": "exists"}]},
        {"conditions": [{"field": "contact.custom_attributes.a\x00", "test": "exists"}]},
        {"conditions": [{"field": "conversation.status", "test": "equals", "value": " "}]},
        {"conditions": [{"field": "conversation.status", "test": "one_of", "values": []}]},
        {"conditions": [{"field": "conversation.status", "test": "one_of", "values": "open"}]},
        {"conditions": [{"field": "conversation.status", "test": "equals", "value": "x" * 256}]},
        {"conditions": [{"field": "conversation.status", "test": "exists"}] * 11},
    ],
)
def test_what_cannot_be_asked_is_refused(cast: Cast, settings: dict[str, Any]) -> None:
    app = add_app(cast.acme, title="Orders", content=CONTENT, actor=cast.ada)

    with pytest.raises(Invalid) as refused:
        change_app(app, actor=cast.ada, **settings)

    assert refused.value.problems[0].field in settings
    assert not app.has_own_context
