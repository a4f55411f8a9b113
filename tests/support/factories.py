"""Rows for tests: plain functions that know a good default for everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any
from typing import TypeVar

from dashboard.accounts.models import AccessToken
from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.apps.models.apps import DashboardApp
from dashboard.apps.schemas.variables import Reader
from dashboard.attributes.models import AttributeDefinition
from dashboard.bots.models import AgentBot
from dashboard.canned.models import CannedResponse
from dashboard.contacts.models import Contact
from dashboard.contacts.models import Note
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember
from dashboard.labels.models import Label
from dashboard.lib import clock
from dashboard.lib.passwords import hash_password
from dashboard.lib.tokens import new_token
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS

PASSWORD = "correct horse 42"

Row = TypeVar("Row")

_numbers = count(1)


def make_account(name: str = "Acme", **fields: Any) -> Account:
    return _save(Account(name=name, **fields))


def make_user(
    account: Account | None = None, *, role: str = "agent", name: str = "Pat Doe", **fields: Any
) -> User:
    """A person with PASSWORD and an access token, in `account` if one is given."""
    fields.setdefault("email", f"{name.split()[0].lower()}{next(_numbers)}@example.com")
    user = _save(User(name=name, password_hash=_hash_of_password(), **fields))
    _save(AccessToken(user_id=user.id))
    if account is not None:
        make_membership(account, user, role=role)
    return user


def make_membership(account: Account, user: User, **fields: Any) -> Membership:
    return _save(Membership(account_id=account.id, user_id=user.id, **fields))


def make_inbox(
    account: Account, *, members: tuple[User, ...] = (), name: str = "Website", **fields: Any
) -> Inbox:
    inbox = _save(Inbox(account_id=account.id, name=name, **fields))
    for user in members:
        _save(InboxMember(inbox_id=inbox.id, user_id=user.id))
    return inbox


def make_bot(account: Account, *, inbox: Inbox | None = None, name: str = "Robo", **fields: Any) -> AgentBot:
    """A bot, and the inbox in which it answers first, if one is given."""
    bot = _save(AgentBot(account_id=account.id, name=name, **fields))
    if inbox is not None:
        inbox.agent_bot_id = bot.id
        _save(inbox)
    return bot


def make_contact(account: Account, *, name: str = "Jane Roe", **fields: Any) -> Contact:
    fields.setdefault("email", f"contact{next(_numbers)}@example.com")
    return _save(Contact(account_id=account.id, name=name, **fields))


def make_contact_inbox(contact: Contact, inbox: Inbox, **fields: Any) -> ContactInbox:
    return _save(ContactInbox(contact_id=contact.id, inbox_id=inbox.id, **fields))


def make_conversation(inbox: Inbox, *, contact: Contact | None = None, **fields: Any) -> Conversation:
    """An open conversation without messages, numbered like any other."""
    account = db.session.get_one(Account, inbox.account_id)
    contact = contact or make_contact(account)
    account.last_display_id += 1
    fields.setdefault("contact_inbox_id", make_contact_inbox(contact, inbox).id)
    conversation = Conversation(
        account_id=account.id,
        inbox_id=inbox.id,
        contact_id=contact.id,
        display_id=account.last_display_id,
        **fields,
    )
    return _save(conversation)


def make_message(conversation: Conversation, content: str = "Where is my order?", **fields: Any) -> Message:
    """Incoming, unless `message_type` says otherwise."""
    fields.setdefault("message_type", "incoming")
    message = _save(Message(conversation_id=conversation.id, content=content, **fields))
    conversation.last_activity_at = message.created_at
    return _save(message)


def make_messages(conversation: Conversation, number: int, **fields: Any) -> list[Message]:
    """A thread, a minute between two messages, the last one now."""
    start = clock.now() - timedelta(minutes=number - 1)
    with together():
        return [
            make_message(conversation, f"Message {i + 1}", created_at=start + timedelta(minutes=i), **fields)
            for i in range(number)
        ]


def make_app(
    account: Account,
    *,
    title: str = "Orders",
    urls: tuple[str, ...] = ("https://app.example.com/",),
    **fields: Any,
) -> DashboardApp:
    content = [{"type": "frame", "url": url} for url in urls]
    return _save(DashboardApp(account_id=account.id, title=title, content=content, **fields))


def make_reader(
    account: Account, agent: User, conversation: Conversation | None = None, **fields: Any
) -> Reader:
    """Somebody who looks at apps."""
    about = {"locale": "en", "theme": "dark", "say": str, "conversation": conversation, **fields}
    return Reader(account_id=account.id, agent_id=agent.id, **about)


def make_definition(
    account: Account,
    key: str = "plan",
    *,
    model: str = "contact_attribute",
    kind: str = "text",
    name: str = "Plan",
    **fields: Any,
) -> AttributeDefinition:
    account.attributes_mark = new_token()
    return _save(
        AttributeDefinition(
            account_id=account.id,
            attribute_model=model,
            attribute_key=key,
            attribute_display_name=name,
            attribute_display_type=kind,
            **fields,
        )
    )


def make_note(contact: Contact, author: User | None = None, content: str = "Calls in the morning.") -> Note:
    return _save(Note(contact_id=contact.id, user_id=author.id if author else None, content=content))


def make_label(account: Account, title: str = "billing", **fields: Any) -> Label:
    account.labels_mark = new_token()
    return _save(Label(account_id=account.id, title=title, **fields))


def make_canned_response(account: Account, short_code: str = "hours") -> CannedResponse:
    content = "We are here from nine to five."
    return _save(CannedResponse(account_id=account.id, short_code=short_code, content=content))


def make_webhook(account: Account, *events: str, **fields: Any) -> Endpoint:
    """One that subscribes to these events, or to all."""
    fields.setdefault("url", f"https://hooks.example.com/{next(_numbers)}")
    return _save(Endpoint(account_id=account.id, events=list(events or SUBSCRIPTIONS), **fields))


@cache
def _hash_of_password() -> str:
    return hash_password(PASSWORD)


@contextmanager
def together() -> Iterator[None]:
    """What is made within is committed once, at the end: a story that needs many rows is there sooner."""
    db.session.info["together"] = True
    try:
        yield
        db.session.commit()
    finally:
        del db.session.info["together"]


def _save(row: Row) -> Row:
    db.session.add(row)
    if db.session.info.get("together"):
        db.session.flush()
    else:
        db.session.commit()
    return row
