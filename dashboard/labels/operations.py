"""What happens to labels. Conversations and contacts that carry one follow by jobs."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.labels.models import USUAL_COLOR
from dashboard.labels.models import Label
from dashboard.labels.schemas import TITLE
from dashboard.lib.checks import needed_text
from dashboard.lib.checks import short_text
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_
from dashboard.lib.tokens import new_token
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST = 255
LONGEST_DESCRIPTION = 20_000


def add_label(account: Account, *, given: dict[str, Any], actor: User | None) -> Label:
    """Define a label.

    Raises:
        Invalid: a value cannot be used, or there is a label of that title.
    """
    label = Label(account_id=account.id)
    with transaction():
        _set(label, {"title": None, **given})
        db.session.add(label)
        _flush()
        account.labels_mark = new_token()
        record("label.created", label=label, performer=actor)
    return label


def change_label(label: Label, *, changes: dict[str, Any], actor: User | None) -> None:
    """Change what is given.

    Raises:
        Invalid: a value cannot be used, or there is a label of that title.
    """
    with transaction():
        before = label.title
        _set(label, changes)
        _flush()
        _mark(label)
        record("label.updated", label=label, before=before, performer=actor)


def remove_label(label: Label, *, actor: User | None) -> None:
    """Delete a label, for good and everywhere."""
    with transaction():
        _mark(label)
        record("label.deleted", label=label, before=label.title, performer=actor)
        db.session.delete(label)


def _mark(label: Label) -> None:
    db.session.get_one(Account, label.account_id).labels_mark = new_token()


def _set(label: Label, given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name == "title":
            label.title = _checked_title(value)
        elif name == "description":
            label.description = short_text(name, value, LONGEST_DESCRIPTION) or None
        elif name == "color":
            label.color = short_text(name, value, LONGEST) or USUAL_COLOR
        elif value is not None:
            label.show_on_sidebar = value


def _checked_title(value: str | None) -> str:
    title = needed_text("title", value, LONGEST).lower()
    if not TITLE.fullmatch(title):
        raise Invalid("title", N_("must have two letters or more: letters, digits, _ and - only"))
    return title


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid("title", N_("has already been taken")) from None
