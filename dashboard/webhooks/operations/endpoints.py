"""What happens to webhooks: added, changed, paused, given other secrets, tried; and how receivers go."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.bots.models import AgentBot
from dashboard.bots.operations import remove_bot
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from dashboard.lib.addresses import LONGEST
from dashboard.lib.addresses import callback_problem
from dashboard.lib.checks import BLANK
from dashboard.lib.checks import TOO_LONG
from dashboard.lib.checks import short_text
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import Problem
from dashboard.lib.text import N_
from dashboard.lib.tokens import new_token
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction
from dashboard.webhooks.models import WEBHOOK
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.policy import DAY
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.operations.tidying import forget_deliveries_to
from dashboard.webhooks.operations.tidying import give_up_older
from dashboard.webhooks.queries.deliveries import receiver_id_of
from dashboard.webhooks.queries.endpoints import has_two_secrets
from dashboard.webhooks.queries.endpoints import webhooks_of
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS
from dashboard.webhooks.schemas.samples import sample_of
from dashboard.webhooks.schemas.webhooks import LONGEST_NAME
from dashboard.webhooks.schemas.webhooks import MOST_WEBHOOKS
from dashboard.webhooks.schemas.webhooks import USUAL

OVERLAP = timedelta(hours=24)  # in which the old secret signs too


def create_webhook(account: Account, *, given: dict[str, Any], actor: User | None) -> Endpoint:
    """Tell the server at `url` of `subscriptions`, of the usual ones where none are given.

    Raises:
        Invalid: a value cannot be used, the address is one of another webhook, or the account has too many.
    """
    values = _checked(account.id, {"url": None, "subscriptions": USUAL, **given})
    with transaction():  # one after the other, or two at once would pass the limit together
        db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
        if len(webhooks_of(account.id)) >= MOST_WEBHOOKS:
            raise Invalid(
                "base",
                N_("An account may have at most %(most)s webhooks. Delete one first."),
                most=MOST_WEBHOOKS,
            )
        webhook = Endpoint(account_id=account.id, **values)
        db.session.add(webhook)
        _flush()
        record("webhook.created", webhook=webhook, performer=actor)
    return webhook


def change_webhook(webhook: Endpoint, *, changes: dict[str, Any], actor: User | None) -> None:
    """Change what is given of `url`, `name`, `inbox_id` and `subscriptions`. At another address it begins
    anew: what failed at the old one says nothing of it.

    Raises:
        Invalid: a value cannot be used, or the address is one of another webhook.
    """
    values = _checked(webhook.account_id, changes)
    with transaction():
        if values.get("url", webhook.url) != webhook.url:
            _forget_failures(webhook)
        for name, value in values.items():
            setattr(webhook, name, value)
        _flush()
        db.session.expire(webhook, ["inbox"])
        record("webhook.updated", webhook=webhook, performer=actor)


def delete_webhook(webhook: Endpoint, *, actor: User | None) -> None:
    """Do away with a webhook. From this moment on nothing is sent; what it was told a job throws away."""
    with transaction():
        record("webhook.deleted", webhook=webhook, performer=actor)
        _leave_to_a_job(webhook)


def purge_webhook(endpoint_id: int) -> None:
    """Throw away a deleted webhook, with what it was told."""
    webhook = db.session.get(Endpoint, endpoint_id)
    if webhook is not None and webhook.url is None:
        forget_deliveries_to(endpoint_id)
        with transaction():
            db.session.delete(webhook)


def delete_bot(bot: AgentBot, *, actor: User | None) -> None:
    """The same with a bot."""
    with transaction():
        receiver_id = receiver_id_of(bot)
        if receiver_id is not None:
            _leave_to_a_job(db.session.get_one(Endpoint, receiver_id))
        remove_bot(bot, actor=actor)


def pause(webhook: Endpoint, *, actor: User | None) -> None:
    """Send nothing there until it is resumed; what happens meanwhile it is not told of."""
    with transaction():
        if not webhook.paused_by:
            webhook.paused_by, webhook.paused_at, webhook.seen_at = "person", clock.now(), clock.now()
            record("webhook.updated", webhook=webhook, performer=actor)


def resume(webhook: Endpoint, *, actor: User | None) -> None:
    """Send there again: what waits first, if it is not too old."""
    give_up_older(webhook.id, than=clock.now() - DAY)
    with transaction():
        webhook.paused_by, webhook.paused_at = "", None
        _forget_failures(webhook)
        record("webhook.updated", webhook=webhook, performer=actor)
        record("delivery.due")


def note_look(webhook: Endpoint) -> None:
    """Somebody has seen that it was given up, and need not be told again."""
    with transaction():
        webhook.seen_at = clock.now()


def forget_inbox(inbox: Inbox) -> None:
    """Show no webhook beside this inbox any more."""
    beside = Endpoint.kind == WEBHOOK, Endpoint.inbox_id == inbox.id
    with transaction():
        db.session.execute(update(Endpoint).where(*beside).values(inbox_id=None))


def rotate_secret(webhook: Endpoint, *, actor: User | None) -> None:
    """Give it a new secret. For a day both sign, so that its server can take it up in between.

    Raises:
        Invalid: the last new one is still being taken up.
    """
    if has_two_secrets(webhook):
        raise Invalid("secret", N_("Two secrets sign already. Use the new one first."))
    with transaction():
        webhook.old_secret, webhook.old_secret_until = webhook.secret, clock.now() + OVERLAP
        webhook.secret = new_token()
        record("webhook.updated", webhook=webhook, performer=actor)


def end_overlap(webhook: Endpoint, *, actor: User | None) -> None:
    """Sign with the new secret alone, at once."""
    with transaction():
        webhook.old_secret, webhook.old_secret_until = None, None
        record("webhook.updated", webhook=webhook, performer=actor)


def send_test(webhook: Endpoint, *, event: str) -> Delivery:
    """Tell it of something that never was: signed, sent and noted like any other, with `test` in it.

    Raises:
        Invalid: it is paused, or not told of such events.
    """
    if webhook.paused_by:
        raise Invalid("base", N_("Nothing is sent to a paused webhook. Resume it first."))
    if event not in webhook.events:
        raise Invalid("event", N_("This webhook is not told of such events."))
    body = {**sample_of(event), "test": True}
    with transaction():
        # A line of its own: it waits for nothing else, and nothing waits for it.
        notice = promise(body, account_id=webhook.account_id, to=[webhook], subject=f"t{new_token()}")
        return db.session.scalars(select(Delivery).where(Delivery.notice_id == notice.id)).one()


def _leave_to_a_job(endpoint: Endpoint) -> None:
    """What it was told may be a million rows: meanwhile it stands there as a webhook without an address."""
    endpoint.kind, endpoint.bot_id, endpoint.url, endpoint.events = WEBHOOK, None, None, []
    endpoint.paused_by, endpoint.paused_at, endpoint.seen_at = "person", clock.now(), clock.now()
    enqueue("webhooks.purge", endpoint_id=endpoint.id)


def _forget_failures(webhook: Endpoint) -> None:
    webhook.failures, webhook.failing_since = 0, None


def _checked(account_id: int, given: dict[str, Any]) -> dict[str, Any]:
    """What is known of it, in the shape that is kept; complaints about all of it come at once."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, (column, check) in _CHECKS.items():
        if name in given:
            try:
                found[column] = check(account_id, given[name])
            except Invalid as error:
                problems += error.problems
    if problems:
        raise Invalid.of(problems)
    return found


def _checked_url(_: int, value: object) -> str:
    url = value.strip() if isinstance(value, str) else ""
    if not url:
        raise Invalid("url", BLANK, upstream="Url is invalid")
    if len(url) > LONGEST:
        raise Invalid("url", TOO_LONG, limit=LONGEST)
    problem = callback_problem(url)
    if problem is not None:
        raise Invalid("url", problem.message, upstream="Url is invalid", **problem.values)
    return url


def _checked_name(_: int, value: str | None) -> str:
    return short_text("name", value, LONGEST_NAME)


def _checked_events(_: int, value: object) -> list[str]:
    events = value if isinstance(value, list) else []
    if not events or any(event not in SUBSCRIPTIONS for event in events):
        raise Invalid(
            "subscriptions", N_("Choose some of the list."), upstream="Subscriptions Invalid events"
        )
    return list(dict.fromkeys(events))


def _checked_inbox(account_id: int, value: int | None) -> int | None:
    if not value:
        return None
    ours = select(Inbox.id).where(Inbox.id == value, Inbox.account_id == account_id)
    if db.session.scalar(ours.where(Inbox.deleted_at.is_(None))) is None:
        raise Invalid("inbox_id", N_("is none of this account"))
    return value


_CHECKS: dict[str, tuple[str, Any]] = {  # by what it is called outside: column, and what looks at it
    "url": ("url", _checked_url),
    "name": ("name", _checked_name),
    "subscriptions": ("events", _checked_events),
    "inbox_id": ("inbox_id", _checked_inbox),
}


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid("url", N_("has already been taken")) from None
