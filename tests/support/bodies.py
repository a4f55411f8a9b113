"""Whether what was told is what the published schema of its event says: not less, and nothing else."""

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.webhooks.models import Notice
from dashboard.webhooks.schemas.events import SCHEMAS


def assert_told_right(body: dict[str, Any]) -> None:
    """`test` marks what the test of a webhook sends."""
    problems = list(_validator(body["event"]).iter_errors({k: v for k, v in body.items() if k != "test"}))
    assert not problems, f"{body['event']}: {[f'{p.json_path}: {p.message}' for p in problems]}"


def assert_all_told_right() -> None:
    """Of every body that is stored."""
    for told in db.session.scalars(select(Notice.body)):
        assert_told_right(json.loads(told))


@cache
def _validator(event: str) -> Draft202012Validator:
    return Draft202012Validator(_closed(SCHEMAS[event]))


def _closed(schema: Any) -> Any:
    """The schema, but what it does not name may not be there."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    is_object = schema.get("type") == "object" and "properties" in schema
    return {"additionalProperties": False, **closed} if is_object else closed
