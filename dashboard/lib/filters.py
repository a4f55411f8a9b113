"""Upstream's filters: a list of clauses becomes one condition, by a table of what may be asked."""

import math
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import ColumnElement
from sqlalchemy import Float
from sqlalchemy import String
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import null
from sqlalchemy import or_
from sqlalchemy import true
from sqlalchemy.orm import InstrumentedAttribute

from dashboard.lib import clock
from dashboard.lib.numbers import LARGEST

EQUAL = ("equal_to", "not_equal_to")
PRESENT = ("is_present", "is_not_present")
CONTAIN = ("contains", "does_not_contain")
ORDERED = ("is_greater_than", "is_less_than")
TIMES = (*ORDERED, "days_before")
_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"
MOST_CLAUSES = 50
MOST_VALUES = 100


class BadFilter(ValueError):
    """The filter cannot be understood; the words are upstream's."""


Column = ColumnElement[Any] | InstrumentedAttribute[Any]
NO_NUMBER = cast(null(), BigInteger)  # for keys of things that do not exist yet


@dataclass(frozen=True)
class Key:
    """What may be asked about, and how a value that was sent becomes one of the column."""

    column: Column
    operators: tuple[str, ...]
    read: Callable[[Any], Any]
    ignores_case: bool = False
    holds: Callable[[list[Any]], ColumnElement[bool]] | None = None  # where a row may have several values
    present: ColumnElement[bool] | None = None
    is_ordered: bool = False  # compared with one value by more than being equal


def text_key(column: Column, *more: str) -> Key:
    """A text: its case does not matter."""
    return Key(column, (*EQUAL, *CONTAIN, *more), _text, ignores_case=True)


def number_key(column: Column, *more: str) -> Key:
    return Key(column, (*EQUAL, *more), _number)


def time_key(column: Column) -> Key:
    return Key(column, TIMES, str)


def word_key(column: Column, words: dict[str, Any]) -> Key:
    """One of a few words, each with what stands for it in the column."""
    return Key(column, EQUAL, lambda value: words[str(value)])


def flag_key(column: Column) -> Key:
    return Key(column, EQUAL, lambda value: {"true": True, "false": False}[str(value).lower()])


def set_key(holds: Callable[[list[Any]], ColumnElement[bool]], present: ColumnElement[bool]) -> Key:
    """Several texts: `holds` says whether one of them is among those asked for."""
    return Key(null(), (*EQUAL, *PRESENT), _text, holds=holds, present=present)


def json_key(column: ColumnElement[str], kind: str) -> Key:
    """A value inside JSON, read as the text that it is there, by what the account says that it is."""
    text = cast(column, String)
    if kind == "checkbox":  # SQLite says 1 and 0 for what PostgreSQL calls true and false
        words = {"true": ("true", "1"), "false": ("false", "0")}
        return Key(
            text,
            (*EQUAL, *PRESENT),
            lambda value: words[str(value).lower()],
            holds=lambda wanted: func.coalesce(text, "").in_([word for each in wanted for word in each]),
            present=text.is_not(None),
        )
    if kind in {"number", "currency", "percent"}:
        number = case((text.regexp_match(_NUMBER), cast(text, Float)))
        return Key(number, (*EQUAL, *PRESENT, *ORDERED), _finite, is_ordered=True)
    if kind == "date":
        day = func.substr(text, 1, 10)
        return Key(day, (*EQUAL, *PRESENT, *TIMES), _day, is_ordered=True)
    return text_key(text, *PRESENT)


def condition_of(payload: Any, keys: Mapping[str, Key]) -> ColumnElement[bool]:
    """All clauses as one condition; AND binds more closely than OR, as in SQL.

    Raises:
        BadFilter: a key, an operator or a value that is none.
    """
    if not isinstance(payload, list) or not all(isinstance(clause, dict) for clause in payload):
        raise BadFilter("Invalid value. The values provided for payload are invalid")
    if not payload or len(payload) > MOST_CLAUSES:
        raise BadFilter(f"The filter must have 1 to {MOST_CLAUSES} clauses")
    alternatives: list[list[ColumnElement[bool]]] = [[]]
    for position, clause in enumerate(payload):
        alternatives[-1].append(_condition(clause, keys))
        if position < len(payload) - 1 and _joint(clause) == "OR":
            alternatives.append([])
    return or_(*(and_(*together) for together in alternatives))


def _joint(clause: dict[str, Any]) -> str:
    joint = str(clause.get("query_operator") or "").upper()
    if joint not in {"AND", "OR"}:
        raise BadFilter('Query operator must be either "AND" or "OR".')
    return joint


def _condition(clause: dict[str, Any], keys: Mapping[str, Key]) -> ColumnElement[bool]:
    name, operator = clause.get("attribute_key"), clause.get("filter_operator")
    key = keys.get(name) if isinstance(name, str) else None
    if key is None:
        raise BadFilter(
            f"Invalid attribute key - [{name}]. The key should be one of [{','.join(keys)}] "
            "or a custom attribute defined in the account."
        )
    if operator not in key.operators:
        raise BadFilter(
            f"Invalid operator. The allowed operators for {name} are [{','.join(key.operators)}]."
        )
    if operator in PRESENT:
        is_present = key.column.is_not(None) if key.present is None else key.present
        return is_present if operator == "is_present" else ~is_present
    try:
        return _compare(key, str(operator), _values(clause))
    except (ValueError, KeyError, OverflowError):
        raise BadFilter(f"Invalid value. The values provided for {name} are invalid") from None


def _values(clause: dict[str, Any]) -> list[Any]:
    sent = clause.get("values")
    values = sent if isinstance(sent, list) else [sent]
    # Selects of some clients send the chosen option whole.
    values = [value.get("id") if isinstance(value, dict) else value for value in values]
    if not values or len(values) > MOST_VALUES or any(isinstance(value, list | None) for value in values):
        raise ValueError
    return values


def _compare(key: Key, operator: str, values: list[Any]) -> ColumnElement[bool]:
    if key.is_ordered and operator in TIMES:
        return _compare_order(key, operator, values[0])
    if operator in TIMES:
        return _compare_time(key.column, operator, values[0])
    wanted = [key.read(value) for value in values]
    if any(value is ANY for value in wanted):
        return true()
    if key.holds:
        return key.holds(wanted) if operator == "equal_to" else ~key.holds(wanted)
    column = func.lower(key.column) if key.ignores_case else key.column
    if operator in EQUAL:
        found = column.in_([value.lower() if key.ignores_case else value for value in wanted])
        return found if operator == "equal_to" else or_(~found, key.column.is_(None))
    if operator == "starts_with":
        return or_(*(column.startswith(value.lower(), autoescape=True) for value in wanted))
    holds = or_(*(column.contains(value.lower(), autoescape=True) for value in wanted))
    return holds if operator == "contains" else or_(~holds, key.column.is_(None))


def _compare_time(column: Column, operator: str, value: Any) -> ColumnElement[bool]:
    if operator == "days_before":
        return column < clock.now() - timedelta(days=int(value))
    moment = datetime.fromisoformat(str(value))
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return column > moment if operator == "is_greater_than" else column < moment


def _compare_order(key: Key, operator: str, value: Any) -> ColumnElement[bool]:
    if operator == "days_before":
        before = clock.now() - timedelta(days=int(value))
        return key.column < before.date().isoformat()
    wanted = key.read(value)
    return key.column > wanted if operator == "is_greater_than" else key.column < wanted


ANY = object()  # what a word stands for that leaves everything in


def _text(value: Any) -> str:
    return str(value).replace("\x00", "")


def _number(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= LARGEST:
        raise ValueError
    return number


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _day(value: Any) -> str:
    return date.fromisoformat(str(value)[:10]).isoformat()
