"""Definitions of custom attributes by API, as upstream's clients ask for them, and filters by values."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_definition

Api = Callable[..., Any]


def doors(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/accounts/{cast.acme.id}/custom_attribute_definitions{rest}"


GIVEN = {
    "attribute_display_name": "Plan",
    "attribute_display_type": "list",
    "attribute_description": "What they pay for",
    "attribute_key": "plan",
    "attribute_values": ["gold", "silver", "gold"],
    "attribute_model": "contact_attribute",
}


def test_a_definition_lives_from_its_making_to_its_end(api: Api, cast: Cast) -> None:
    made = api(cast.ada).post(doors(cast), GIVEN)

    assert made["attribute_values"] == ["gold", "silver"]
    assert set(made) == {
        "id",
        "attribute_display_name",
        "attribute_display_type",
        "attribute_description",
        "attribute_key",
        "regex_pattern",
        "regex_cue",
        "attribute_values",
        "attribute_model",
        "default_value",
        "created_at",
        "updated_at",
    }
    assert api(cast.bo).get(doors(cast)) == [made]
    changed = api(cast.ada).patch(doors(cast, f"/{made['id']}"), {"attribute_display_name": "Tariff"})
    assert (changed["attribute_display_name"], changed["attribute_key"]) == ("Tariff", "plan")
    assert api(cast.bo).get(doors(cast)) == [changed]
    api(cast.ada).delete(doors(cast, f"/{made['id']}"), expect=204)
    assert api(cast.bo).get(doors(cast)) == []


def test_upstreams_numbers_stand_for_its_words(api: Api, cast: Cast) -> None:
    made = api(cast.ada).post(
        doors(cast),
        {**GIVEN, "attribute_display_type": 5, "attribute_model": "0", "attribute_key": "due.on-1"},
    )

    assert (made["attribute_display_type"], made["attribute_model"]) == ("date", "conversation_attribute")
    assert api(cast.bo).get(doors(cast, "?attribute_model=0")) == [made]
    assert api(cast.bo).get(doors(cast, "?attribute_model=contact_attribute")) == []


@pytest.mark.parametrize(
    ("changes", "attribute"),
    [
        ({"attribute_key": "two words"}, "attribute_key"),
        ({"attribute_key": "email"}, "attribute_key"),
        ({"attribute_key": ""}, "attribute_key"),
        ({"attribute_key": "taken"}, "attribute_key"),
        ({"attribute_display_name": " "}, "attribute_display_name"),
        ({"attribute_display_type": "colour"}, "attribute_display_type"),
        ({"attribute_display_type": 8}, "attribute_display_type"),
        ({"attribute_model": None}, "attribute_model"),
        ({"regex_pattern": "x" * 256}, "regex_pattern"),
    ],
)
def test_what_cannot_be_defined_is_told(
    api: Api, cast: Cast, changes: dict[str, Any], attribute: str
) -> None:
    make_definition(cast.acme, "taken")

    answer = api(cast.ada).post(doors(cast), {**GIVEN, **changes}, expect=422)

    assert answer["attributes"] == [attribute]


def test_the_same_key_may_be_of_both_models_and_of_other_accounts(api: Api, cast: Cast) -> None:
    make_definition(cast.other, "plan")
    api(cast.ada).post(doors(cast), GIVEN)
    api(cast.ada).post(doors(cast), {**GIVEN, "attribute_model": "conversation_attribute"})

    assert len(api(cast.bo).get(doors(cast))) == 2


def test_a_change_that_was_undone_is_not_remembered(api: Api, cast: Cast) -> None:
    definition = make_definition(cast.acme)
    assert len(api(cast.bo).get(doors(cast))) == 1

    db.session.delete(definition)
    cast.acme.attributes_mark = "new"
    db.session.flush()
    db.session.rollback()

    assert len(api(cast.bo).get(doors(cast))) == 1


KINDS = (
    ("plan", "text", "Gold", "contains", ["ol"], True),
    ("plan", "text", "Gold", "not_equal_to", ["gold"], False),
    ("seats", "number", 12, "is_greater_than", [9], True),
    ("seats", "number", 12, "equal_to", ["12"], True),
    ("seats", "number", "many", "is_less_than", [5], False),
    ("due", "date", "2026-03-01", "is_less_than", ["2026-03-02"], True),
    ("due", "date", "2026-03-01T00:00:00.000Z", "equal_to", ["2026-03-01"], True),
    ("vip", "checkbox", True, "equal_to", ["true"], True),
    ("vip", "checkbox", False, "not_equal_to", [True], True),
    ("vip", "checkbox", None, "is_present", [], False),
    ("odd.key-1", "list", "a", "equal_to", ["a"], True),
)


@pytest.mark.parametrize(("key", "kind", "value", "operator", "values", "fits"), KINDS)
def test_filters_ask_for_what_is_defined(
    api: Api, cast: Cast, key: str, kind: str, value: Any, operator: str, values: list[Any], fits: bool
) -> None:
    attributes = {} if value is None else {key: value}
    contact = make_contact(cast.acme, custom_attributes=attributes)
    make_conversation(cast.inbox, contact=contact, custom_attributes=attributes)
    clause = {"attribute_key": key, "filter_operator": operator, "values": values, "query_operator": None}
    account = f"/api/v1/accounts/{cast.acme.id}"

    for street, model in (("contacts", "contact_attribute"), ("conversations", "conversation_attribute")):
        make_definition(cast.acme, key, model=model, kind=kind)
        found = api(cast.bo).post(f"{account}/{street}/filter", {"payload": [clause]})
        assert bool(found["payload"]) is fits


def test_a_value_that_no_kind_knows_is_refused(api: Api, cast: Cast) -> None:
    make_definition(cast.acme, "seats", kind="number")
    clause = {"attribute_key": "seats", "filter_operator": "equal_to", "values": ["nan"]}

    answer = api(cast.bo).post(
        f"/api/v1/accounts/{cast.acme.id}/contacts/filter", {"payload": [clause]}, expect=422
    )

    assert answer["error"] == "Invalid value. The values provided for seats are invalid"
