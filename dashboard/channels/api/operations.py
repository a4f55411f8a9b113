"""What a customer does in an API inbox: arrive, say who they are, write, read, answer a form."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy import update

from dashboard.accounts.models import Account
from dashboard.channels.api.queries import contact_known_by
from dashboard.channels.api.queries import session_if_any
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.merging import merge_contacts
from dashboard.contacts.operations.people import change_contact
from dashboard.contacts.operations.people import create_contact
from dashboard.contacts.operations.pictures import FETCHING
from dashboard.contacts.operations.pictures import ask_for_picture
from dashboard.contacts.queries import contact_by
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.operations import open_session
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.signatures import vouches_for
from dashboard.lib.sizes import check_size
from dashboard.lib.text import N_
from dashboard.lib.tokens import any_of
from dashboard.queue.operations import is_crowded
from dashboard.transactions import record
from dashboard.transactions import transaction

LONGEST_NAME = 255
SURVEYED = timedelta(days=14)  # so long a survey can be answered
NOT_PROVEN = "The identifier_hash does not match the identifier"
_MOODS = ("amber", "brisk", "calm", "gentle", "lively", "misty", "mellow", "quiet", "sunny", "swift")
_THINGS = ("brook", "cloud", "field", "forest", "harbour", "meadow", "mountain", "orchard", "river", "shore")


class TooLate(Exception):
    """Nobody counts the answer any more."""


def check_proof(inbox: Inbox, *, identifier: str | None, identifier_hash: str | None) -> bool:
    """Whether the caller proved who they are; False where nothing was claimed and nothing is asked for.

    Raises:
        NotAllowed: what was claimed is not so, or the inbox asks for a proof and there is none.
    """
    if not identifier_hash and not inbox.hmac_mandatory:
        return False
    if not identifier or not identifier_hash:
        raise NotAllowed(NOT_PROVEN)
    if not vouches_for(inbox.hmac_token, identifier, identifier_hash):
        raise NotAllowed(NOT_PROVEN)
    return True


def arrive(
    inbox: Inbox,
    *,
    is_proven: bool = False,
    source_id: str | None = None,
    identifier: str | None = None,
    email: str | None = None,
    phone_number: str | None = None,
    name: str | None = None,
    custom_attributes: dict[str, Any] | None = None,
    avatar_url: str | None = None,
) -> ContactInbox:
    """A session for whoever comes: the one of that source id as it is, or a new one of a contact who is known
    by identifier, e-mail or phone, or of a new contact. Nobody who is known is changed by this.

    A proof is one of the identifier alone: whoever brings it is taken for nobody else, whatever they say.

    Raises:
        Invalid: a value cannot be used.
    """
    with transaction():
        known = session_if_any(inbox, source_id) if source_id else None
        if known is not None:
            return known
        account = _one_at_a_time(inbox.account_id)
        contact = contact_known_by(
            account.id,
            identifier=identifier,
            email=None if is_proven else _tidy(email),
            phone_number=None if is_proven else _tidy(phone_number),
        )
        if contact is None:
            contact = create_contact(
                account,
                name=(name or "").strip()[:LONGEST_NAME] or _some_name(),
                identifier=identifier,
                email=_if_free(account.id, "email", _tidy(email)),
                phone_number=_if_free(account.id, "phone_number", _tidy(phone_number)),
                custom_attributes=custom_attributes,
                actor=None,
            )
            _want_picture(contact, avatar_url)
        return open_new_session(contact, inbox, source_id=source_id)


def open_new_session(contact: Contact, inbox: Inbox, *, source_id: str | None) -> ContactInbox:
    """A session of its own for each arrival: who knows only an e-mail must not read what others wrote."""
    with transaction():
        if source_id:
            return open_session(contact, inbox, source_id=source_id)
        session = ContactInbox(contact=contact, inbox=inbox)
        db.session.add(session)
        db.session.flush()
        return session


def identify(
    session: ContactInbox,
    *,
    email: str | None = None,
    phone_number: str | None = None,
    name: str | None = None,
    custom_attributes: dict[str, Any] | None = None,
    avatar_url: str | None = None,
) -> None:
    """Note what the customer says of themselves. A visitor without an identifier who turns out to be somebody
    we know becomes that contact: session and conversations go over. Who has an identifier does not: its proof
    says nothing of an e-mail, and would open what another person wrote. Empty values change nothing.

    Raises:
        Invalid: a value cannot be used.
    """
    with transaction():
        contact = session.contact
        base = _known_as(contact, email=_tidy(email), phone_number=_tidy(phone_number))
        if base is not None and contact.identifier is not None:
            raise Invalid("email" if email else "phone_number", N_("has already been taken"))
        if base is not None:
            _take_back_proofs(contact)
            merge_contacts(base, mergee=contact, actor=None)
            contact = base
        changes: dict[str, Any] = {
            field: value
            for field, value in (
                ("name", (name or "").strip()[:LONGEST_NAME]),
                ("email", _tidy(email)),
                ("phone_number", _free_number(contact, _tidy(phone_number))),
            )
            if value
        }
        if custom_attributes:
            changes["custom_attributes"] = merged(contact.custom_attributes, custom_attributes)
        if changes:
            change_contact(contact, changes=changes, actor=None)
        _want_picture(contact, avatar_url)


def is_vouched_for(session: ContactInbox, identifier: str) -> bool:
    """Whether a proof for that identifier is one for the session's contact.

    Raises:
        NotAllowed: the contact is somebody else.
    """
    known = session.contact.identifier
    if known is not None and known != identifier:
        raise NotAllowed(NOT_PROVEN)
    return known == identifier


def verify_session(session: ContactInbox) -> None:
    """From now on the session reaches everything of its contact."""
    if session.hmac_verified:
        return
    with transaction():
        session.hmac_verified = True
        record("session.verified", session=session)


def submit_values(message: Message, *, values: Any) -> None:
    """Keep what the contact chose or filled in.

    Raises:
        NotFound: the message was deleted.
        TooLate: it is a survey, and two weeks old.
        Invalid: that is more than anybody fills in.
    """
    if message.is_deleted:
        raise NotFound
    if message.content_type == "input_csat" and message.created_at < clock.now() - SURVEYED:
        raise TooLate
    check_size("submitted_values", values)
    with transaction():
        before = message.content_attributes
        message.content_attributes = {**before, "submitted_values": values}
        changes = {"content_attributes": [before, message.content_attributes]}
        conversation = message.conversation
        record(
            "message.updated",
            message=message,
            conversation=conversation,
            previous_changes=changes,
            performer=None,
        )


def trigger_widget(
    session: ContactInbox, *, conversation: Conversation | None, name: str, event_info: dict[str, Any]
) -> None:
    """Note that something happened in the customer's program, such as that its chat was opened.

    Raises:
        Invalid: too much is said of it.
    """
    check_size("event_info", event_info)
    with transaction():
        info = {**event_info, "name": name}
        record(
            "webwidget.triggered",
            contact_inbox=session,
            conversation=conversation,
            event_info=info,
            performer=None,
        )


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Both, to the bottom; where both have a value, that of `over`."""
    found = dict(base)
    for key, value in over.items():
        inner = found.get(key)
        both = isinstance(inner, dict) and isinstance(value, dict)
        found[key] = merged(inner, value) if both and inner is not None else value
    return found


def _want_picture(contact: Contact, url: str | None) -> None:
    """Have the picture fetched of whoever has none yet, unless very many are waited for."""
    if _tidy(url) and contact.avatar_key is None and not is_crowded(FETCHING):
        ask_for_picture(contact, url=str(_tidy(url)))


def _known_as(contact: Contact, *, email: str | None, phone_number: str | None) -> Contact | None:
    """Another contact of the account that owns the e-mail; or the phone, unless its e-mail says otherwise."""
    by_email = contact_by("email", email.lower(), account_id=contact.account_id) if email else None
    if by_email is not None:
        return by_email if by_email.id != contact.id else None
    found = contact_by("phone_number", phone_number, account_id=contact.account_id) if phone_number else None
    if found is None or found.id == contact.id or (email and found.email and found.email != email.lower()):
        return None
    return found


def _take_back_proofs(contact: Contact) -> None:
    """That somebody is who they are proves nothing for whoever they are about to become."""
    sessions = update(ContactInbox).where(ContactInbox.contact_id == contact.id)
    db.session.execute(
        sessions.values(hmac_verified=False), execution_options={"synchronize_session": "fetch"}
    )


def _if_free(account_id: int, field: str, value: str | None) -> str | None:
    """The e-mail or number, unless a contact has it."""
    known = value.lower() if value else None
    return value if known and contact_by(field, known, account_id=account_id) is None else None


def _free_number(contact: Contact, phone_number: str | None) -> str | None:
    """The number, unless somebody else has it whom this contact is not."""
    owner = contact_by("phone_number", phone_number, account_id=contact.account_id) if phone_number else None
    return phone_number if owner is None or owner.id == contact.id else None


def _one_at_a_time(account_id: int) -> Account:
    """Of two arrivals with one e-mail at once, the second finds what the first made."""
    return db.session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one()


def _tidy(value: str | None) -> str | None:
    return (value or "").strip() or None


def _some_name() -> str:
    """Such as `lively-river-482`."""
    number = "".join(any_of("123456789") for _ in range(3))
    return f"{any_of(_MOODS)}-{any_of(_THINGS)}-{number}"
