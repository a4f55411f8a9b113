"""What a value of a custom attribute has to be, and which patterns may say so."""

import time
from typing import Any

import pytest

from dashboard.attributes.models import AttributeDefinition
from dashboard.attributes.schemas import LONGEST_CHECKED
from dashboard.attributes.schemas import usable_pattern
from dashboard.attributes.schemas import value_of
from dashboard.lib.errors import Invalid


def rules(kind: str, **fields: Any) -> AttributeDefinition:
    return AttributeDefinition(attribute_display_type=kind, **{"attribute_values": [], **fields})


@pytest.mark.parametrize(
    ("kind", "told", "kept"),
    [
        ("text", "  gold ", "gold"),
        ("text", "", None),
        ("number", "12", 12),
        ("number", "1.50", 1.5),
        ("percent", "99.5", 99.5),
        ("date", "2026-02-28", "2026-02-28"),
        ("link", "https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("list", "gold", "gold"),
        ("checkbox", True, True),
        ("checkbox", False, False),
        ("checkbox", "on", True),
    ],
)
def test_a_value_is_kept_as_its_kind_is(kind: str, told: Any, kept: Any) -> None:
    value = value_of(rules(kind, attribute_values=["gold", "silver"]), told)

    assert (value, type(value)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("text", "x" * 1501),
        ("number", "many"),
        ("number", "inf"),
        ("number", "nan"),
        ("number", "10000000000"),
        ("date", "2026-02-30"),
        ("date", "tomorrow"),
        ("link", "example.com"),
        ("link", "javascript:alert(1)"),
        ("link", "https://[::1"),
        ("list", "bronze"),
    ],
)
def test_what_is_not_of_the_kind_is_refused(kind: str, told: str) -> None:
    with pytest.raises(Invalid):
        value_of(rules(kind, attribute_values=["gold"]), told)


def test_a_text_must_fit_its_pattern_and_is_told_the_hint() -> None:
    definition = rules("text", regex_pattern="^[A-Z]{2}-[0-9]+$", regex_cue="Two letters and a number.")

    assert value_of(definition, "AB-12") == "AB-12"
    with pytest.raises(Invalid, match="Two letters and a number"):
        value_of(definition, "ab-12")


def test_patterns_may_be_written_as_upstreams_page_writes_them() -> None:
    pattern = usable_pattern("/^ab$/i")

    assert pattern is not None
    assert pattern.search("AB")


@pytest.mark.parametrize(
    "source",
    [
        "(",
        "",
        "(?<name>x)",
        "(a+)+$",
        "(a|aa)*b",
        "((a*)b?)*",
        "a*a*a*a*b",
        "(a{1,3}){1,30}$",
        "(?:a+)+b",
        "((a)+)+b",
    ],
)
def test_a_pattern_that_cannot_be_tried_or_could_take_long_is_none(source: str) -> None:
    assert usable_pattern(source) is None
    assert value_of(rules("text", regex_pattern=source), "anything") == "anything"


@pytest.mark.parametrize(
    "source",
    [
        r"^\d{4}-\d{2}$",
        r"^[\w.]+@[\w.]+\.\w+$",
        r"^(foo|bar)$",
        r"^(ab)+c?$",
        r"^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$",
        "a*?a*?a*?b",
        r"[()+]+",
    ],
)
def test_usual_patterns_are_tried_quickly(source: str) -> None:
    pattern = usable_pattern(source)
    assert pattern is not None

    begun = time.perf_counter()
    pattern.search("a" * LONGEST_CHECKED)
    assert time.perf_counter() - begun < 1
