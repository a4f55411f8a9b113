"""Filling an account with people, conversations and an app, so that there is something to look at."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.queries import members_of
from dashboard.apps.operations.apps import add_app
from dashboard.attributes.operations import add_definition
from dashboard.attributes.queries import definitions_of
from dashboard.canned.operations import add_canned
from dashboard.canned.queries import find_canned
from dashboard.contacts.models import Contact
from dashboard.conversations.models import PRIORITIES
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import Upload
from dashboard.conversations.operations.attaching import attach
from dashboard.conversations.operations.attaching import take_in
from dashboard.conversations.operations.posting import REOPENED
from dashboard.conversations.operations.posting import wake_key
from dashboard.conversations.operations.routing import STATUS_LINES
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import add_members
from dashboard.inboxes.operations import create_inbox
from dashboard.labels.operations import add_label
from dashboard.labels.queries import labels_of
from dashboard.lib import clock
from dashboard.queue.operations import enqueue
from dashboard.sample.schemas import Line
from dashboard.sample.schemas import Story
from dashboard.sample.schemas import file
from dashboard.sample.schemas import people
from dashboard.sample.schemas import stories
from dashboard.transactions import transaction

APP_TITLE = "Customer orders"
APP_PATH = "/customer-orders/"  # by which the worker knows an address of the example, on whatever port
# What `conversations` writes for the same deeds; tests compare them.
ASSIGNED = "Assigned to %(assignee)s by %(user)s"
RANKED = "%(user)s set the priority to %(priority)s"
MUTED = "%(user)s has muted the conversation"
_PHONE = ("Pixel 8", "Chrome Mobile", "Android", "142.0", "15")
_LAPTOP = ("Unknown", "Firefox", "Windows", "144.0", "11")


def add_sample(account: Account, *, administrator: User, port: int) -> None:
    """Fill a new account: three agents, two inboxes, labels, canned responses and attributes, contacts, forty
    conversations and the example app.

    The app is at the port after `port`; `make run` serves it there, whatever its own port is by then. Rows
    are written as if all of it had happened over the last weeks; nobody is told of them, because it did not.
    """
    with transaction():
        staff = _add_agents(account, administrator)
        inboxes = _add_inboxes(account, staff)
        _define(account, administrator)
        contacts = _add_contacts(account)
        now = clock.now()
        sessions = _Sessions(contacts, inboxes)
        tellers = [_Teller(story, staff, sessions, now) for story in stories()]
        _number(account, tellers)
        for teller in tellers:
            teller.tell()
        messages = [message for teller in tellers for message in teller.messages]
        messages.sort(key=_written_at)  # so that they are numbered as they were written
        db.session.add_all(messages)
        db.session.flush()
        for teller in tellers:
            teller.settle()
        add_app(
            account,
            title=APP_TITLE,
            content=[{"type": "frame", "url": f"http://127.0.0.1:{port + 1}{APP_PATH}"}],
            actor=administrator,
        )


def _add_agents(account: Account, administrator: User) -> dict[str, User]:
    """Nobody knows a password of theirs: an administrator hands over links, as for any agent."""
    known = {membership.user.email: membership.user for membership in members_of(account.id)}
    staff = {"you": administrator}
    for agent in people()["agents"]:
        key = agent.pop("key")
        staff[key] = known.get(agent["email"]) or add_agent(account, **agent, actor=administrator).user
    return staff


def _add_inboxes(account: Account, staff: dict[str, User]) -> dict[str, Inbox]:
    inboxes = {}
    for table in people()["inboxes"]:
        inbox = create_inbox(account, name=table["name"], actor=staff["you"])
        add_members(inbox, user_ids=[staff[key].id for key in table["members"]], actor=staff["you"])
        inboxes[inbox.name] = inbox
    return inboxes


def _define(account: Account, administrator: User) -> None:
    """Labels, canned responses and attributes, but for those that the account has already."""
    tables = people()
    codes = {response.short_code for response in find_canned(account.id)}
    for response in tables["canned"]:
        if response["short_code"] not in codes:
            add_canned(account, given=response, actor=administrator)
    titles = {label.title for label in labels_of(account)}
    keys = {(each.attribute_model, each.attribute_key) for each in definitions_of(account)}
    for label in tables["labels"]:
        if label["title"] not in titles:
            add_label(account, given=label, actor=administrator)
    for attribute in tables["attributes"]:
        if (attribute["attribute_model"], attribute["attribute_key"]) not in keys:
            add_definition(account, given=attribute, actor=administrator)


def _add_contacts(account: Account) -> dict[str, Contact]:
    contacts = {
        table["name"]: Contact(account_id=account.id, created_at=_customer_since(table), **table)
        for table in people()["contacts"]
    }
    db.session.add_all(contacts.values())
    return contacts


def _customer_since(table: dict[str, Any]) -> datetime:
    since = table.get("custom_attributes", {}).get("customer_since")
    if since is None:
        return clock.now() - timedelta(days=60)
    return datetime.combine(date.fromisoformat(since), time(12), UTC)


def _number(account: Account, tellers: list["_Teller"]) -> None:
    """Give every conversation its number, in the order in which they began; all numbers in one statement."""
    tellers.sort(key=lambda teller: teller.moments[0])
    raised = (
        update(Account)
        .where(Account.id == account.id)
        .values(last_display_id=Account.last_display_id + len(tellers))
    )
    last = db.session.execute(
        raised.returning(Account.last_display_id).execution_options(synchronize_session=False)
    ).scalar_one()
    for number, teller in enumerate(tellers, start=last - len(tellers) + 1):
        teller.conversation.display_id = number
        db.session.add(teller.conversation)


def _written_at(message: Message) -> datetime:
    return message.created_at


class _Sessions:
    """The session of each contact in each inbox, made when a story first needs it."""

    def __init__(self, contacts: dict[str, Contact], inboxes: dict[str, Inbox]) -> None:
        self.contacts = contacts
        self.inboxes = inboxes
        self.made: dict[tuple[str, str], ContactInbox] = {}

    def of(self, story: Story) -> ContactInbox:
        names = (story.contact, story.inbox)
        if names not in self.made:
            contact, inbox = self.contacts[story.contact], self.inboxes[story.inbox]
            self.made[names] = ContactInbox(contact=contact, inbox=inbox)
        return self.made[names]


class _Teller:
    """Tells one story: a row for each line, and what the lines have made of the conversation."""

    def __init__(self, story: Story, staff: dict[str, User], sessions: _Sessions, now: datetime) -> None:
        self.story = story
        self.staff = staff
        self.wakes_at = _morning(now + timedelta(days=story.wakes))
        self.moments = story.moments(now)
        self.messages: list[Message] = []
        self.sent: list[tuple[Message, Upload]] = []
        self.conversation = self._begin(sessions.of(story))
        self.contact = self.conversation.contact

    def tell(self) -> None:
        """Write the lines."""
        for line, moment in zip(self.story.lines, self.moments, strict=True):
            if line.says or line.notes:
                self._write(line, moment)
            else:
                self._act(line, moment)
        self._see()
        self._deliver()
        self.conversation.updated_at = self.moments[-1]

    def settle(self) -> None:
        """Write what needs the numbers of the rows: files, the index of labels, the end of a snooze."""
        conversation = self.conversation
        for message, upload in self.sent:
            attach(message, [upload], account_id=conversation.account_id)
        db.session.add_all(
            ConversationLabel(
                conversation_id=conversation.id, account_id=conversation.account_id, title=label
            )
            for label in conversation.labels
        )
        if conversation.snoozed_until is not None:
            enqueue(
                "conversations.wake",
                due_at=conversation.snoozed_until,
                key=wake_key(conversation),
                conversation_id=conversation.id,
            )

    def _begin(self, session: ContactInbox) -> Conversation:
        story, began = self.story, self.moments[0]
        return Conversation(
            account_id=session.inbox.account_id,
            inbox=session.inbox,
            contact=session.contact,
            contact_inbox=session,
            assignee=self.staff[story.assignee] if story.assignee else None,
            status="open",
            labels=story.labels,
            custom_attributes=story.custom_attributes,
            additional_attributes=_circumstances(story, began),
            waiting_since=began,
            created_at=began,
            last_activity_at=began,
            **({"priority": PRIORITIES.index(story.priority)} if story.priority else {}),
        )

    def _write(self, line: Line, moment: datetime) -> None:
        conversation = self.conversation
        conversation.last_activity_at = moment
        if line.is_incoming:
            self._add(moment, line.sends, message_type="incoming", content=line.says)
            self._hear(moment)
            return
        author = self.staff[line.by]
        if line.notes:
            self._add(moment, message_type="outgoing", content=line.notes, private=True, sender_user=author)
            return
        self._add(moment, line.sends, message_type="outgoing", content=line.says, sender_user=author)
        conversation.waiting_since = None
        conversation.first_reply_created_at = conversation.first_reply_created_at or moment

    def _hear(self, moment: datetime) -> None:
        """What follows when the customer writes."""
        conversation, contact = self.conversation, self.contact
        conversation.waiting_since = conversation.waiting_since or moment
        conversation.contact_last_seen_at = moment
        contact.last_activity_at = max(contact.last_activity_at or moment, moment)
        if conversation.status == "resolved":
            conversation.status = "open"
            self._note(moment, REOPENED)

    def _act(self, line: Line, moment: datetime) -> None:
        conversation, user = self.conversation, self.staff[line.by].name
        if line.assigns:
            conversation.assignee = self.staff[line.assigns]
            self._note(moment, ASSIGNED, assignee=conversation.assignee.name, user=user)
        elif line.ranks:
            conversation.priority = PRIORITIES.index(line.ranks)
            self._note(moment, RANKED, user=user, priority=line.ranks)
        else:
            self._mark(line.marks or "resolved", moment, user)
            if line.mutes:
                self.contact.blocked = True
                self._note(moment, MUTED, user=user)

    def _mark(self, status: str, moment: datetime, user: str) -> None:
        conversation = self.conversation
        conversation.status = status
        if status == "resolved":
            conversation.waiting_since = None
        if status == "snoozed":
            conversation.snoozed_until = self.wakes_at
        self._note(moment, STATUS_LINES[status], user=user)

    def _note(self, moment: datetime, text: str, **values: str) -> None:
        attributes = {"activity": text, "values": values}
        content = text % values if values else text
        self._add(moment, message_type="activity", content=content, additional_attributes=attributes)

    def _add(self, moment: datetime, sends: str = "", **fields: Any) -> None:
        # A microsecond for each row keeps lines of the same minute in their order.
        moment += timedelta(microseconds=len(self.messages))
        message = Message(conversation=self.conversation, created_at=moment, updated_at=moment, **fields)
        self.messages.append(message)
        if sends:
            with file(sends) as opened:
                upload = take_in(opened, name=sends)
            message.attached = [upload.file_type]
            self.sent.append((message, upload))

    def _see(self) -> None:
        """Everything has been read, but for the customer's last lines where the story says so."""
        seen: datetime | None = self.moments[-1] + timedelta(seconds=20)
        if self.story.unread:
            incoming = [message.created_at for message in self.messages if message.is_incoming]
            seen = incoming[-self.story.unread] - timedelta(seconds=1)
        if seen is not None and seen < self.moments[0]:
            seen = None
        self.conversation.agent_last_seen_at = seen
        if self.conversation.assignee is not None:
            self.conversation.assignee_last_seen_at = seen

    def _deliver(self) -> None:
        """An answer was read if the customer wrote after it."""
        is_read = False
        for message in reversed(self.messages):
            if message.is_incoming:
                is_read = True
            elif not message.is_activity and not message.private:
                message.status = "read" if is_read else "delivered"


def _morning(day: datetime) -> datetime:
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def _circumstances(story: Story, began: datetime) -> dict[str, Any]:
    """What a chat on a web page knows of the browser it runs in."""
    names = ("device_name", "browser_name", "platform_name", "browser_version", "platform_version")
    browser = dict(zip(names, _PHONE if story.inbox == "App" else _LAPTOP, strict=True))
    referer = story.referer or "https://shop.example.com/"
    return {"browser": browser, "referer": referer, "initiated_at": {"timestamp": clock.iso(began)}}
