"""Finding an account's webhooks, and those that were given up."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib.errors import NotFound
from dashboard.webhooks.models import WEBHOOK
from dashboard.webhooks.models import Endpoint

# One without an address is being deleted.
IS_WEBHOOK = (Endpoint.kind == WEBHOOK) & Endpoint.url.is_not(None)


def webhooks_of(account_id: int) -> list[Endpoint]:
    """The webhooks of an account, the oldest first."""
    query = select(Endpoint).where(Endpoint.account_id == account_id, IS_WEBHOOK)
    return list(db.session.scalars(query.options(joinedload(Endpoint.inbox)).order_by(Endpoint.id)))


def webhook_of(account_id: int, webhook_id: int) -> Endpoint:
    """One webhook of an account.

    Raises:
        NotFound: it has none of that number.
    """
    query = select(Endpoint).where(Endpoint.id == webhook_id, Endpoint.account_id == account_id, IS_WEBHOOK)
    found = db.session.scalar(query.options(joinedload(Endpoint.inbox)))
    if found is None:
        raise NotFound
    return found


def given_up_webhooks(account_id: int) -> list[Endpoint]:
    """Those that are paused because nothing arrives, as long as nobody has looked."""
    query = select(Endpoint).where(
        Endpoint.account_id == account_id,
        Endpoint.kind == WEBHOOK,
        Endpoint.paused_by == "failures",
        Endpoint.seen_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Endpoint.paused_at, Endpoint.id)))


def has_two_secrets(webhook: Endpoint) -> bool:
    """Whether its secret was replaced a short while ago, and the old one signs too."""
    until = webhook.old_secret_until
    return webhook.old_secret is not None and until is not None and until > clock.now()
