"""Finding labels. Every list shows their colours, so each process keeps what it has read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from dashboard.accounts.models import Account
from dashboard.extensions import db
from dashboard.labels.models import Label
from dashboard.labels.schemas import COLOR
from dashboard.lib.errors import NotFound


@dataclass(frozen=True)
class KnownLabel:
    """A label as it was read, of which no session knows."""

    id: int
    title: str
    description: str | None
    color: str
    show_on_sidebar: bool


def labels_of(account: Account) -> tuple[KnownLabel, ...]:
    """What an account has defined, by title."""
    return _kept(account.id, account.labels_mark) if account.labels_mark else ()


def colors_of(account: Account) -> Mapping[str, str]:
    """The colour of each label by its title; of what the API set that is none, nothing is known."""
    return _colors(account.id, account.labels_mark) if account.labels_mark else {}


def title_now(label_id: int, before: str, account_id: int) -> str | None:
    """What a label that was called `before` is called by now; None where it is gone."""
    query = select(Label.title).where(Label.account_id == account_id)
    return db.session.scalar(query.where(Label.id == label_id)) or db.session.scalar(
        query.where(Label.title == before)  # somebody made it again
    )


def label_of(account_id: int, label_id: int) -> Label:
    """One label of an account.

    Raises:
        NotFound: the account has none of that number.
    """
    found = db.session.scalar(select(Label).where(Label.account_id == account_id, Label.id == label_id))
    if found is None:
        raise NotFound
    return found


@lru_cache(maxsize=256)
def _kept(account_id: int, _mark: str) -> tuple[KnownLabel, ...]:
    """The mark is new after every change: nobody asks for what was kept by an old one."""
    query = select(Label).where(Label.account_id == account_id).order_by(Label.title)
    return tuple(
        KnownLabel(row.id, row.title, row.description, row.color, row.show_on_sidebar)
        for row in db.session.scalars(query)
    )


@lru_cache(maxsize=256)
def _colors(account_id: int, mark: str) -> dict[str, str]:
    return {label.title: label.color for label in _kept(account_id, mark) if COLOR.fullmatch(label.color)}
