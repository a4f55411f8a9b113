"""What happens to canned responses."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.canned.models import CannedResponse
from dashboard.canned.schemas import LONGEST_CODE
from dashboard.canned.schemas import LONGEST_CONTENT
from dashboard.extensions import db
from dashboard.lib.checks import BLANK
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_
from dashboard.transactions import record
from dashboard.transactions import transaction

_LONGEST = {"short_code": LONGEST_CODE, "content": LONGEST_CONTENT}


def add_canned(account: Account, *, given: dict[str, Any], actor: User | None) -> CannedResponse:
    """Keep an answer under a short code.

    Raises:
        Invalid: one of the two cannot be used, or the code is taken.
    """
    response = CannedResponse(account_id=account.id)
    with transaction():
        _set(response, {"short_code": None, "content": None, **given})
        db.session.add(response)
        _flush()
        record("canned_response.created", canned_response=response, performer=actor)
    return response


def change_canned(response: CannedResponse, *, changes: dict[str, Any], actor: User | None) -> None:
    """Change what is given. Raises as `add_canned`."""
    with transaction():
        _set(response, changes)
        _flush()
        record("canned_response.updated", canned_response=response, performer=actor)


def remove_canned(response: CannedResponse, *, actor: User | None) -> None:
    """Delete it, for good."""
    with transaction():
        record("canned_response.deleted", canned_response=response, performer=actor)
        db.session.delete(response)


def _set(response: CannedResponse, given: dict[str, Any]) -> None:
    problems = []
    for name, value in given.items():
        tidy = (value or "").strip() if name == "content" else "".join((value or "").split()).lstrip("/")
        if not tidy:
            problems.append(Problem(name, BLANK))
        elif len(tidy) > _LONGEST[name]:
            problems.append(Problem(name, TOO_LONG, {"limit": _LONGEST[name]}))
        else:
            setattr(response, name, tidy)
    if problems:
        raise Invalid.of(problems)


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid("short_code", N_("has already been taken")) from None
