"""How conversations are put into words on pages."""

import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import date
from datetime import datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from babel.units import format_unit
from flask import url_for
from flask_babel import format_decimal
from flask_babel import get_locale
from flask_babel import get_timezone
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from markupsafe import escape

from dashboard.accounts.models import User
from dashboard.attributes.queries import Definition
from dashboard.bots.models import AgentBot
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Message
from dashboard.conversations.operations.telling import THROUGH
from dashboard.conversations.queries.lines import Listed
from dashboard.conversations.queries.walks import COUNT_CAP
from dashboard.http.filters import clock_time
from dashboard.http.filters import long_time
from dashboard.http.filters import short_date
from dashboard.http.locale import gettext
from dashboard.lib import clock
from dashboard.lib.links import pieces_of
from dashboard.lib.markdown import html_of
from dashboard.lib.markdown import plain_of
from dashboard.lib.text import N_
from dashboard.lib.text import shorten

STATUS_NAMES = {
    "open": N_("Open"),
    "pending": N_("Pending"),
    "snoozed": N_("Snoozed"),
    "resolved": N_("Resolved"),
}
PRIORITY_NAMES = {"low": N_("Low"), "medium": N_("Medium"), "high": N_("High"), "urgent": N_("Urgent")}
PRIORITY_ICONS = {
    "low": "signal-low",
    "medium": "signal-medium",
    "high": "signal-high",
    "urgent": "circle-alert",
}
SORT_NAMES = {
    "last_activity_at_desc": N_("Latest activity first"),
    "last_activity_at_asc": N_("Oldest activity first"),
    "created_at_desc": N_("Newest first"),
    "created_at_asc": N_("Oldest first"),
    "priority_desc": N_("Highest priority first"),
    "priority_asc": N_("Lowest priority first"),
    "waiting_since_asc": N_("Waiting longest first"),
    "waiting_since_desc": N_("Waiting shortest first"),
}
DELIVERY_NAMES = {
    "sent": N_("Sent"),
    "delivered": N_("Delivered"),
    "read": N_("Read"),
    "failed": N_("Not delivered"),
}
_PRIORITIES_IN_LINES = {"low": N_("low"), "medium": N_("medium"), "high": N_("high"), "urgent": N_("urgent")}
_FILE_NAMES = {
    "image": N_("Picture"),
    "audio": N_("Recording"),
    "video": N_("Video"),
    "file": N_("File"),
}
_LONGEST_PREVIEW = 140
_html_of = lru_cache(maxsize=512)(html_of)
_LINK = Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>')


def contact_name(contact: Contact) -> str:
    """What to call somebody who may not have said their name."""
    return name_of((contact.name, contact.email, contact.phone_number, contact.identifier))


def name_of(known: tuple[str | None, ...]) -> str:
    """The first thing that is known of somebody."""
    return next(filter(None, known), None) or str(gettext("Visitor"))


def author_of(message: Message) -> str:
    """Who of the desk said it: somebody, a bot, or nobody who is known any more."""
    if message.sender_bot_id is not None and message.sender_bot is not None:
        return bot_name(message.sender_bot)
    return message.sender_user.name if message.sender_user else str(gettext("The desk"))


def bot_name(bot: AgentBot) -> str:
    """What to call a bot that a program may have added without a name."""
    return bot.name or str(gettext("Bot without a name"))


def tally(count: int) -> str:
    """How many; beyond what is counted, the last number and a plus."""
    if count >= COUNT_CAP:
        return f"{format_decimal(COUNT_CAP - 1)}+"
    return str(format_decimal(count))


def linked(text: str) -> Markup:
    """A person's text with its addresses as links; everything else is plain text."""
    pieces = list(pieces_of(text))
    if len(pieces) == 1 and pieces[0][1] is None:  # nearly always
        return escape(text)
    return Markup().join(escape(piece) if url is None else _LINK.format(url, piece) for piece, url in pieces)


def activity_line(message: Message) -> str:
    """What happened, in the reader's language; the line as it was written where that is not known."""
    line = message.additional_attributes.get("activity")
    if not isinstance(line, str):
        return message.content
    values = dict(message.additional_attributes.get("values") or {})
    for name in ("priority", "before"):
        if values.get(name) in _PRIORITIES_IN_LINES:
            values[name] = gettext(_PRIORITIES_IN_LINES[values[name]])
    said: str = gettext(line)
    said = said % values if values else said
    app = message.additional_attributes.get("app")
    return gettext(THROUGH) % {"line": said, "app": app} if app else said


def preview(line: Listed, reader: User) -> str:
    """The last thing that was said, and by whom if it was not the contact."""
    said = line.said
    if said is None:
        return str(gettext("No messages yet"))
    text = gettext("This message was deleted")
    if not said.is_deleted:
        text = shorten(plain_of(said.content), _LONGEST_PREVIEW) or files_named(said.attached)
    if said.is_incoming:
        return str(text)
    is_own = said.author_id == reader.id
    if said.is_private:
        name = gettext("you") if is_own else said.author_name or gettext("somebody who left")
        return str(gettext("Private note from %(name)s: %(text)s", name=name, text=text))
    if is_own:
        return str(gettext("You: %(text)s", text=text))
    author = said.author_name
    return str(gettext("%(name)s: %(text)s", name=author, text=text)) if author else str(text)


def body(message: Message) -> Markup:
    """What a message says, as HTML; of a deleted one, that it is gone, in the reader's language."""
    if message.is_deleted:
        return escape(gettext("This message was deleted"))
    html = message.html or _html_of(message.content)  # it has none of its own where an older version wrote it
    return escape(message.content) if html is None else Markup(html)  # noqa: S704 - cleaned when it was made


def file_address(file: Attachment, **more: Any) -> str:
    """Where an agent reads a file of a message."""
    message = file.message
    return url_for(
        "conversations.attachment",
        account_id=file.account_id,
        display_id=message.conversation.display_id,
        attachment_id=file.id,
        name=file.name,
        **more,
    )


def file_size(size: int) -> str:
    """How much there is of a file: `17 KB`, `2.4 MB`."""
    for unit, length in (("megabyte", 1 << 20), ("kilobyte", 1 << 10)):
        if size >= length:
            count = size / length
            rounded = round(count, 1) if count < 10 else round(count)
            return format_unit(rounded, f"digital-{unit}", length="short", locale=get_locale())
    return format_unit(size, "digital-byte", length="long", locale=get_locale())


def gist(message: Message) -> str:
    """A message in one line: its words, else what was sent with it."""
    if message.is_deleted:
        return str(gettext("This message was deleted"))
    return shorten(plain_of(message.content), _LONGEST_PREVIEW) or files_named(message.attached)


def files_named(types: list[str]) -> str:
    """What a message without words has: `Picture`, or how many files."""
    if len(types) > 1:
        return str(gettext("%(count)s files", count=len(types)))
    return str(gettext(_FILE_NAMES[types[0]])) if types else ""


def answers(message: Message) -> list[tuple[str, str, Any]]:
    """What the contact chose or filled in: the question, the answer as people read it, and its bare value."""
    attributes = message.content_attributes
    items = attributes.get("items")
    labels = {
        item.get("name"): item.get("label")
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(item.get("name"), str)
    }
    sent = attributes.get("submitted_values") or attributes.get("submitted_email") or []
    found = []
    for each in sent if isinstance(sent, list) else [sent]:
        values = each if isinstance(each, dict) else {"value": each}
        name, value = str(values.get("name") or ""), values.get("value")
        shown = values.get("title") or (fact(value) if value is not None else fact(values))
        found.append((str(labels.get(name) or name), str(shown), value))
    return found


def week_time(moment: datetime) -> str:
    """A time within the next days: `14:05` today, else with the day of the week."""
    zone = get_timezone()
    local = moment.astimezone(zone)
    if local.date() == clock.now().astimezone(zone).date():
        return clock_time(moment)
    return f"{format_date(local, 'EEE', locale=get_locale())} {clock_time(moment)}"


def wake_time(moment: datetime) -> str:
    """When a conversation wakes, in a word or two: `Mon 09:00` within a week, else the day."""
    zone = get_timezone()
    days = (moment.astimezone(zone).date() - clock.now().astimezone(zone).date()).days
    return week_time(moment) if 0 <= days < 7 else short_date(moment)


def facts_of(values: Mapping[str, Any], definitions: Iterable[Definition]) -> list[tuple[str, str]]:
    """Names and values as a person reads them: what is defined first, under the name that it was given."""
    known = {each.attribute_key: each for each in definitions}
    told = [(each.attribute_display_name, defined_fact(values.get(key), each)) for key, each in known.items()]
    return told + [(fact_name(key), fact(value)) for key, value in values.items() if key not in known]


def defined_fact(value: Any, definition: Definition) -> str:
    """A value of an attribute that is defined; what does not fit its kind is told as it is."""
    kind = definition.attribute_display_type
    if kind == "date" and isinstance(value, str):
        try:
            return format_date(date.fromisoformat(value[:10]), "medium", locale=get_locale())
        except ValueError:
            return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        told = format_decimal(value)
        return f"{told} %" if kind == "percent" else str(told)
    return fact(value)


def circumstances(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a program told of how a conversation began. What upstream's own programs tell has its words."""
    told = []
    for key, value in values.items():
        name, reader = _CIRCUMSTANCES.get(key, ("", fact))
        told.append((str(gettext(name)) if name else fact_name(key), reader(value)))
    return told


def _browser(value: Any) -> str:
    """`Firefox 144.0, Windows 11`, without what is not known."""
    if not isinstance(value, dict):
        return fact(value)
    parts = (("browser_name", "browser_version"), ("platform_name", "platform_version"), ("device_name",))
    known = (" ".join(str(value[key]) for key in part if value.get(key)) for part in parts)
    return ", ".join(part for part in known if part and part != "Unknown") or fact(value)


def _beginning(value: Any) -> str:
    told = value.get("timestamp") if isinstance(value, dict) else value
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return fact(value)
    return long_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def fact(value: Any) -> str:
    """An attribute's value as a person reads it; what is nested is told in one line."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return ", ".join(fact(each) for each in value) or "–"
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    return "–" if value is None or value == "" else str(value)


def fact_name(key: str) -> str:
    """An attribute's key as a person reads it: `first_order` → `First order`."""
    name = key.replace("_", " ").strip()
    return name[:1].upper() + name[1:]


_CIRCUMSTANCES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "browser": (N_("Browser"), _browser),
    "referer": (N_("Came from"), fact),
    "initiated_at": (N_("Began"), _beginning),
}


def script_json(value: Any) -> Markup:
    """JSON for a data block, so that nothing in it can end the block; without the blanks of `tojson`."""
    return htmlsafe_json_dumps(value, dumps=json.dumps, separators=(",", ":"))


FILTERS = (
    contact_name,
    tally,
    linked,
    activity_line,
    answers,
    body,
    file_address,
    file_size,
    gist,
    fact,
    fact_name,
    week_time,
    wake_time,
    script_json,
)
