"""What happens to inboxes, to who works in them, and to the sessions of contacts."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.bots.models import AgentBot
from dashboard.contacts.models import Contact
from dashboard.extensions import db
from dashboard.inboxes.models import CHANNEL_TYPES
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember
from dashboard.inboxes.queries import session_of
from dashboard.inboxes.schemas import DEFAULTS
from dashboard.lib import clock
from dashboard.lib.checks import needed_text
from dashboard.lib.checks import one_of
from dashboard.lib.checks import short_text
from dashboard.lib.errors import Invalid
from dashboard.lib.hours import is_sound
from dashboard.lib.text import N_
from dashboard.lib.tokens import new_token
from dashboard.queue.operations import enqueue
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST_NAME = 255
LONGEST_URL = 2048
NOT_UNIQUE = "source_id should be unique"


def create_inbox(
    account: Account,
    *,
    name: str,
    kind: str | None = "api",
    webhook_url: str = "",
    hmac_mandatory: bool = False,
    lock_to_single_conversation: bool = False,
    settings: dict[str, Any] | None = None,
    actor: User | None,
) -> Inbox:
    """Open an inbox. Nobody works in it yet, not even who made it.

    Raises:
        Invalid: a value cannot be used, or there is no such kind of channel.
    """
    if kind not in CHANNEL_TYPES:
        raise Invalid("channel", N_("must exist"))
    with transaction():
        inbox = Inbox(
            account_id=account.id,
            kind=kind,
            name=needed_text("name", name, LONGEST_NAME),
            webhook_url=short_text("webhook_url", webhook_url, LONGEST_URL),
            hmac_mandatory=hmac_mandatory,
            lock_to_single_conversation=lock_to_single_conversation,
            settings=_checked_settings(settings or {}, days=DEFAULTS["working_hours"]),
        )
        db.session.add(inbox)
        record("inbox.created", inbox=inbox, performer=actor)
    return inbox


def change_inbox(
    inbox: Inbox,
    *,
    name: str | None = None,
    webhook_url: str | None = None,
    hmac_mandatory: bool | None = None,
    lock_to_single_conversation: bool | None = None,
    settings: dict[str, Any] | None = None,
    actor: User | None,
) -> None:
    """Change what is given.

    Raises:
        Invalid: a value cannot be used.
    """
    before = _known(inbox)
    with transaction():
        if name is not None:
            inbox.name = needed_text("name", name, LONGEST_NAME)
        if webhook_url is not None:
            inbox.webhook_url = short_text("webhook_url", webhook_url, LONGEST_URL)
        if hmac_mandatory is not None:
            inbox.hmac_mandatory = hmac_mandatory
        if lock_to_single_conversation is not None:
            inbox.lock_to_single_conversation = lock_to_single_conversation
        if settings:
            inbox.settings = {**inbox.settings, **_checked_settings(settings, days=_days_of(inbox))}
        after = _known(inbox)
        changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        record("inbox.updated", inbox=inbox, changed_attributes=changes, performer=actor)


def replace_hmac_token(inbox: Inbox, *, actor: User | None) -> None:
    """Give the inbox a new key for proofs of identity; those made with the old one prove nothing any more."""
    with transaction():
        inbox.hmac_token = new_token()
        record("inbox.updated", inbox=inbox, performer=actor)


def replace_secret(inbox: Inbox, *, actor: User | None) -> None:
    """Sign what is sent to the callback with a new secret, from now on."""
    with transaction():
        inbox.secret = new_token()
        record("inbox.updated", inbox=inbox, performer=actor)


def connect_bot(inbox: Inbox, *, bot: AgentBot | None, actor: User | None) -> None:
    """Let a bot answer first in this inbox, or none. The conversations that there are stay as they are."""
    if inbox.agent_bot_id == (bot.id if bot else None):
        return
    changes = {"agent_bot_id": [inbox.agent_bot_id, bot.id if bot else None]}
    with transaction():
        inbox.agent_bot = bot
        record("inbox.updated", inbox=inbox, changed_attributes=changes, performer=actor)


def delete_inbox(inbox: Inbox, *, actor: User | None) -> None:
    """Hide the inbox at once; a job removes what belongs to it, which may take a while."""
    if inbox.deleted_at is not None:
        return
    with transaction():
        inbox.deleted_at = clock.now()
        enqueue("inboxes.purge", key=f"inboxes.purge:{inbox.id}", inbox_id=inbox.id)
        record("inbox.deleted", inbox=inbox, performer=actor)


def set_members(inbox: Inbox, *, user_ids: Collection[int], actor: User | None) -> None:
    """Let these people work in the inbox and nobody else.

    Raises:
        Invalid: one of them is not in the account.
    """
    with transaction():
        there = select(InboxMember.user_id).where(InboxMember.inbox_id == inbox.id)
        others = set(db.session.scalars(there)) - set(user_ids)
        if others:
            remove_members(inbox, user_ids=others, actor=actor)
        add_members(inbox, user_ids=user_ids, actor=actor)


def add_members(inbox: Inbox, *, user_ids: Collection[int], actor: User | None) -> None:
    """Let these people work in the inbox as well.

    Raises:
        Invalid: one of them is not in the account.
    """
    wanted = set(user_ids)
    of_account = select(Membership.user_id).where(
        Membership.account_id == inbox.account_id, Membership.user_id.in_(wanted)
    )
    if wanted - set(db.session.scalars(of_account)):
        raise Invalid("user", N_("must exist"))
    with transaction():
        there = select(InboxMember.user_id).where(InboxMember.inbox_id == inbox.id)
        new = wanted - set(db.session.scalars(there))
        db.session.add_all(InboxMember(inbox_id=inbox.id, user_id=user_id) for user_id in new)
        record("inbox.members_changed", inbox=inbox, user_ids=new)
        record("inbox.updated", inbox=inbox, performer=actor)


def remove_members(inbox: Inbox, *, user_ids: Collection[int], actor: User | None) -> None:
    """Let these people no longer work in the inbox. Their conversations stay theirs until reassigned."""
    with transaction():
        db.session.execute(
            delete(InboxMember).where(
                InboxMember.inbox_id == inbox.id, InboxMember.user_id.in_(set(user_ids))
            )
        )
        record("inbox.members_changed", inbox=inbox, user_ids=set(user_ids))
        record("inbox.updated", inbox=inbox, performer=actor)


def leave_inboxes(*, account_id: int, user_id: int) -> None:
    """Take somebody out of every inbox of an account."""
    of_account = select(Inbox.id).where(Inbox.account_id == account_id)
    with transaction():
        db.session.execute(
            delete(InboxMember).where(InboxMember.user_id == user_id, InboxMember.inbox_id.in_(of_account)),
            execution_options={"synchronize_session": False},
        )


def open_session(
    contact: Contact, inbox: Inbox, *, source_id: str | None = None, hmac_verified: bool | None = None
) -> ContactInbox:
    """The contact's session in an inbox: the one that is there, or a new one.

    Raises:
        Invalid: another contact has that source id.
    """
    with transaction():
        session = session_of(contact, inbox, source_id=source_id or None)
        if session is None:
            session = _new_session(contact, inbox, source_id)
        if hmac_verified is not None and session.hmac_verified != hmac_verified:
            session.hmac_verified = hmac_verified
            record("session.verified", session=session)
    return session


def _new_session(contact: Contact, inbox: Inbox, source_id: str | None) -> ContactInbox:
    session = ContactInbox(contact=contact, inbox=inbox)
    if source_id:
        session.source_id = source_id
    db.session.add(session)
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid("source_id", N_("has already been taken"), upstream=NOT_UNIQUE) from None
    return session


def _known(inbox: Inbox) -> dict[str, Any]:
    """What others may know of an inbox: not its secrets."""
    names = ("name", "webhook_url", "hmac_mandatory", "lock_to_single_conversation")
    return {**DEFAULTS, **inbox.settings, **{name: getattr(inbox, name) for name in names}}


def _days_of(inbox: Inbox) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = inbox.settings.get("working_hours") or DEFAULTS["working_hours"]
    return days


def _checked_days(days: list[dict[str, Any]], *, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All seven days: those that are given, the others as they were."""
    known = {day["day_of_week"]: day for day in [*DEFAULTS["working_hours"], *before]}
    for day in days:
        full = {**dict.fromkeys(DEFAULTS["working_hours"][0]), "closed_all_day": False, "open_all_day": False}
        known[day["day_of_week"]] = {**full, **{name: day[name] for name in full if name in day}}
        if not is_sound(known[day["day_of_week"]]):
            raise Invalid("working_hours", N_("must close after they open"))
    return [known[number] for number in sorted(known)]


def _checked_settings(settings: dict[str, Any], *, days: list[dict[str, Any]]) -> dict[str, Any]:
    """The settings that are known; a null stands for what holds without one."""
    if settings.get("working_hours"):
        settings = {**settings, "working_hours": _checked_days(settings["working_hours"], before=days)}
    if settings.get("timezone"):
        one_of("timezone", settings["timezone"], clock.time_zones())
    window = (settings.get("additional_attributes") or {}).get("agent_reply_time_window")
    if window is not None and not _is_positive(window):
        raise Invalid("agent_reply_time_window", N_("agent_reply_time_window must be greater than 0"))
    return {
        name: DEFAULTS[name] if value is None else value
        for name, value in settings.items()
        if name in DEFAULTS
    }


def _is_positive(number: Any) -> bool:
    try:
        return float(number) > 0
    except (TypeError, ValueError):
        return False
