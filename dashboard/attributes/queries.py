"""Finding what an account has defined. Every conversation asks, so each process keeps the answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from dashboard.accounts.models import Account
from dashboard.attributes.models import AttributeDefinition
from dashboard.extensions import db
from dashboard.lib.errors import NotFound
from dashboard.lib.filters import Key
from dashboard.lib.filters import json_key

CONVERSATION, CONTACT = "conversation_attribute", "contact_attribute"


@dataclass(frozen=True)
class Definition:
    """A definition as it was read, of which no session knows."""

    id: int
    attribute_model: str
    attribute_key: str
    attribute_display_name: str
    attribute_display_type: str
    attribute_description: str | None
    attribute_values: tuple[str, ...]
    regex_pattern: str | None
    regex_cue: str | None
    created_at: datetime
    updated_at: datetime


def definitions_of(account: Account, model: str = "") -> tuple[Definition, ...]:
    """What an account has defined, in the order in which it did; of one model, or of all."""
    found = _kept(account.id, account.attributes_mark) if account.attributes_mark else ()
    return tuple(each for each in found if model in {"", each.attribute_model})


def definition_of(account_id: int, definition_id: int) -> AttributeDefinition:
    """One definition of an account.

    Raises:
        NotFound: the account has none of that number.
    """
    found = db.session.scalar(
        select(AttributeDefinition).where(
            AttributeDefinition.account_id == account_id, AttributeDefinition.id == definition_id
        )
    )
    if found is None:
        raise NotFound
    return found


def attribute_keys(column: Any, definitions: Iterable[Definition]) -> dict[str, Key]:
    """What a filter may ask of a column of custom attributes."""
    return {
        each.attribute_key: json_key(column[each.attribute_key].as_string(), each.attribute_display_type)
        for each in definitions
    }


@lru_cache(maxsize=256)
def _kept(account_id: int, _mark: str) -> tuple[Definition, ...]:
    """The mark is new after every change: nobody asks for what was kept by an old one."""
    query = select(AttributeDefinition).where(AttributeDefinition.account_id == account_id)
    return tuple(_told(row) for row in db.session.scalars(query.order_by(AttributeDefinition.id)))


def _told(row: AttributeDefinition) -> Definition:
    return Definition(
        id=row.id,
        attribute_model=row.attribute_model,
        attribute_key=row.attribute_key,
        attribute_display_name=row.attribute_display_name,
        attribute_display_type=row.attribute_display_type,
        attribute_description=row.attribute_description,
        attribute_values=tuple(row.attribute_values),
        regex_pattern=row.regex_pattern,
        regex_cue=row.regex_cue,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
