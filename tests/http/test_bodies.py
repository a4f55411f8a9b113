"""Bodies as clients really send them become one shape."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.http.bodies import LARGEST_JSON
from dashboard.http.bodies import accepted
from dashboard.http.bodies import body
from dashboard.http.bodies import fitted
from dashboard.http.bodies import nested
from dashboard.http.bodies import resource
from dashboard.http.errors import NotJson
from dashboard.http.errors import ParameterMissing
from dashboard.http.errors import Refused
from dashboard.lib.errors import Invalid

SCHEMA = {
    "type": "object",
    "required": ["number"],
    "properties": {
        "number": {"type": "integer", "minimum": 1},
        "text": {"type": ["string", "null"], "maxLength": 5},
        "flag": {"type": ["boolean", "null"]},
        "things": {"type": "object"},
        "list": {"type": "array", "items": {"type": "integer"}},
        "word": {"enum": ["a", "b"]},
    },
}


@pytest.mark.parametrize(
    ("pairs", "made"),
    [
        ([("a", "1")], {"a": "1"}),
        ([("a[b][c]", "1")], {"a": {"b": {"c": "1"}}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[][x]", "1"), ("a[][y]", "2"), ("a[][x]", "3")], {"a": [{"x": "1", "y": "2"}, {"x": "3"}]}),
        ([("a[][x]", "1"), ("a[][x]", "3"), ("a[][y]", "2")], {"a": [{"x": "1", "y": "2"}, {"x": "3"}]}),
        ([("a[][x][z]", "1"), ("a[][x][z]", "2")], {"a": [{"x": {"z": "1"}}, {"x": {"z": "2"}}]}),
        ([("a", "1"), ("a[b]", "2")], {"a": {"b": "2"}}),
        ([("a[", "1")], {"a": "1"}),
        ([("a" + "[b]" * 500, "1")], {}),
    ],
)
def test_rails_spelling_of_forms(pairs: list[tuple[str, str]], made: Any) -> None:
    assert nested(pairs) == made


@pytest.mark.parametrize(
    ("sent", "made"),
    [
        ({"number": "3"}, {"number": 3}),
        ({"number": 3.0}, {"number": 3}),
        ({"number": 1, "text": 5, "more": 1}, {"number": 1, "text": "5"}),
        ({"number": 1, "text": True}, {"number": 1, "text": "true"}),
        ({"number": 1, "flag": "false"}, {"number": 1, "flag": False}),
        ({"number": 1, "flag": 1}, {"number": 1, "flag": True}),
        ({"number": 1, "flag": ""}, {"number": 1, "flag": None}),
        ({"number": 1, "things": '{"a": 1}'}, {"number": 1, "things": {"a": 1}}),
        ({"number": 1, "list": ["1", 2]}, {"number": 1, "list": [1, 2]}),
    ],
)
def test_careless_types_are_understood(app: Flask, sent: Any, made: Any) -> None:
    assert fitted(sent, SCHEMA) == made
    with app.test_request_context(method="POST", json=sent):
        assert accepted(SCHEMA) == made


@pytest.mark.parametrize(
    ("sent", "field", "pointer", "message"),
    [
        ({"x": 1}, "number", "/number", "can't be blank"),
        ({"number": 0}, "number", "/number", "is invalid"),
        ({"number": "three"}, "number", "/number", "is invalid"),
        ({"number": 2.5}, "number", "/number", "is invalid"),
        ({"number": True}, "number", "/number", "is invalid"),
        ({"number": 1, "text": "x" * 6}, "text", "/text", "is too long (maximum is 5 characters)"),
        ({"number": 1, "flag": "maybe"}, "flag", "/flag", "is invalid"),
        ({"number": 1, "list": [1, "x"]}, "list", "/list/1", "is invalid"),
        ({"number": 1, "things": "{"}, "things", "/things", "is invalid"),
        ({"number": 1, "word": "c"}, "word", "/word", "is not included in the list"),
    ],
)
def test_what_does_not_fit_is_pointed_at(
    app: Flask, sent: Any, field: str, pointer: str, message: str
) -> None:
    with app.test_request_context(method="POST", json=sent), pytest.raises(Invalid) as caught:
        accepted(SCHEMA)
    (problem,) = caught.value.problems
    assert (problem.field, problem.pointer, str(problem)) == (field, pointer, message)


@pytest.mark.parametrize(
    "sent", [{"title": "x"}, {"app": {"title": "x"}}, {"app": {"title": "x"}, "title": "y"}]
)
def test_json_may_be_wrapped_or_flat(app: Flask, sent: Any) -> None:
    with app.test_request_context(method="POST", json=sent):
        assert resource("app") == {"title": "x"}


def test_forms_must_be_wrapped(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"title": "x"}), pytest.raises(ParameterMissing):
        resource("app")
    with app.test_request_context(method="POST", data={"app[title]": "x"}):
        assert resource("app") == {"title": "x"}


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'"\\ud800',
        b"\xff",
        b"{1: 2}",
        b"[" * 100_000,
        b'{"a": "\xed\xa0\x80"}',  # half of a surrogate pair, written without an escape
        '{"a": "\\u0000"}'.encode("utf-16"),
        '{"a": "\\ud800"}'.encode("utf-32"),
    ],
)
def test_what_is_no_json_is_refused(app: Flask, raw: bytes) -> None:
    with app.test_request_context(method="POST", data=raw), pytest.raises(NotJson):
        body()


def test_a_body_of_too_many_levels_is_refused(app: Flask) -> None:
    flat, deep = b'{"a": [%s]}' % b",".join([b"{}"] * 300), b'{"a": %s}' % (b"[" * 300 + b"]" * 300)

    with app.test_request_context(method="POST", data=flat):
        assert len(body()["a"]) == 300
    with app.test_request_context(method="POST", data=deep), pytest.raises(NotJson):
        body()


def test_a_byte_order_mark_is_no_fault(app: Flask) -> None:
    with app.test_request_context(method="POST", data=b'\xef\xbb\xbf{"a": 1}'):
        assert body() == {"a": 1}


def test_a_body_larger_than_anybody_means_is_refused(app: Flask) -> None:
    largest = b'{"a": "%s"}' % (b"x" * (LARGEST_JSON - 9))
    with app.test_request_context(method="POST", data=largest):
        assert len(body()["a"]) == LARGEST_JSON - 9
    with app.test_request_context(method="POST", data=largest + b" "), pytest.raises(RequestEntityTooLarge):
        body()


def test_a_form_of_very_many_values_is_refused_before_they_are_put_together(app: Flask) -> None:
    with (
        app.test_request_context(method="POST", data={"a[][b]": ["x"] * 1001}),
        pytest.raises(Refused, match="more than 1000 values"),
    ):
        body()
    with app.test_request_context(method="POST", data={"a[][b]": ["x"] * 1000}):
        assert len(body()["a"]) == 1000


def test_of_very_many_faults_the_first_ones_are_told(app: Flask) -> None:
    sent = {"number": 1, "list": [None] * 100_000}
    with app.test_request_context(method="POST", json=sent), pytest.raises(Invalid) as caught:
        accepted(SCHEMA)
    assert len(caught.value.problems) == 50


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800"])
def test_text_that_no_database_keeps_is_refused(app: Flask, text: str) -> None:
    for sent in ({"a": text}, {text: 1}, {"a": [{"b": text}]}):
        with (
            app.test_request_context(method="POST", json=sent),
            pytest.raises(Refused, match="cannot be stored"),
        ):
            body()


def test_other_text_is_kept_whole(app: Flask) -> None:
    text = "é 😀 \\u0000 \\ud800 \t\n"
    with app.test_request_context(method="POST", json={"a": text}):
        assert body() == {"a": text}
    with app.test_request_context(method="POST", data={"a": text}):
        assert body() == {"a": text}


def test_no_body_is_an_empty_one(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        assert body() == {}
