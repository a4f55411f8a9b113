"""JSON doors: contacts, how they are found, and their sessions in inboxes."""

import uuid
from typing import IO
from typing import Any

from flask import Blueprint
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from dashboard.accounts.permissions import Permission
from dashboard.attributes.queries import CONTACT
from dashboard.attributes.queries import definitions_of
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.labelling import set_contact_labels
from dashboard.contacts.operations.people import change_contact
from dashboard.contacts.operations.people import create_contact
from dashboard.contacts.operations.people import delete_contact
from dashboard.contacts.operations.people import destroy_custom_attributes
from dashboard.contacts.operations.pictures import ask_for_picture
from dashboard.contacts.operations.pictures import drawn
from dashboard.contacts.operations.pictures import set_picture
from dashboard.contacts.queries import PAGE
from dashboard.contacts.queries import contact_of
from dashboard.contacts.queries import contacts_page
from dashboard.contacts.queries import count_contacts
from dashboard.contacts.queries import filter_of
from dashboard.contacts.queries import labelled
from dashboard.contacts.queries import search_contacts
from dashboard.contacts.schemas import ATTRIBUTES_TO_DESTROY
from dashboard.contacts.schemas import CHANGES
from dashboard.contacts.schemas import CREATED
from dashboard.contacts.schemas import CREATION
from dashboard.contacts.schemas import FILTER
from dashboard.contacts.schemas import ONE
from dashboard.contacts.schemas import SEVERAL
from dashboard.contacts.serializers import contact_json
from dashboard.conversations.queries.summaries import conversations_of_contact
from dashboard.conversations.schemas import CONVERSATIONS
from dashboard.conversations.schemas import LABELLED
from dashboard.conversations.schemas import LABELS
from dashboard.conversations.serializers import conversation_json
from dashboard.http import arguments
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.bodies import body
from dashboard.http.bodies import files_under
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.errors import Refused
from dashboard.http.guards import requires
from dashboard.http.openapi import PAGE as PAGE_NUMBER
from dashboard.http.openapi import describes
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.operations import open_session
from dashboard.inboxes.queries import inbox_of
from dashboard.inboxes.queries import inboxes_of
from dashboard.inboxes.queries import sessions_of
from dashboard.inboxes.schemas import CONTACT_SESSION
from dashboard.inboxes.schemas import CONTACTABLE
from dashboard.inboxes.schemas import SESSION
from dashboard.inboxes.serializers import contact_with_sessions_json
from dashboard.inboxes.serializers import contactable_json
from dashboard.inboxes.serializers import guide_contact_json
from dashboard.inboxes.serializers import new_session_json
from dashboard.inboxes.serializers import session_json
from dashboard.lib.errors import Invalid
from dashboard.lib.filters import BadFilter
from dashboard.lib.shapes import TEXT
from dashboard.realtime.presence import presence
from dashboard.transactions import transaction

ABOUT_PICTURES = (
    "A picture comes in a multipart body as `avatar`; what is at `avatar_url` is fetched in a moment."
)
NO_SEARCH = "Specify search string with parameter q"
_LIST = {"page": PAGE_NUMBER, "sort": TEXT, "include_contact_inboxes": {"type": "boolean"}}

bp = Blueprint("contacts", __name__, url_prefix="/accounts/<int:account_id>/contacts")


@bp.get("")
@requires(Permission.CONTACTS_EDIT)
@describes("List contacts that are known by something, 15 on a page", query=_LIST, answer=SEVERAL)
def index() -> ResponseReturnValue:
    titles = arguments.words("labels")
    return jsonify(_list(labelled(titles)) if titles else _list())


@bp.get("/search")
@requires(Permission.CONTACTS_EDIT)
@describes(
    "Find contacts by name, e-mail, phone number or identifier",
    query={"q": {"type": "string", "minLength": 1}, **_LIST},
    answer=SEVERAL,
    details="Three letters and more are found anywhere, fewer at the beginning of the name.",
)
def search() -> ResponseReturnValue:
    q = arguments.word("q").strip()
    if not q:
        raise Refused(NO_SEARCH)
    found = search_contacts(
        current_account().id, q, sort=arguments.word("sort"), page=arguments.page_number()
    )
    answer = _page(found[:PAGE], count=len(found[:PAGE]))
    answer["meta"]["has_more"] = len(found) > PAGE
    return jsonify(answer)


@bp.get("/active")
@requires(Permission.CONTACTS_EDIT)
@describes("List the contacts that are online", query=_LIST, answer=SEVERAL)
def active() -> ResponseReturnValue:
    return jsonify(_list(Contact.id.in_(presence.contacts_of(current_account().id))))


@bp.post("/filter")
@requires(Permission.CONTACTS_EDIT)
@describes("Filter contacts", query=_LIST, body=FILTER, answer=SEVERAL)
def filter_contacts() -> ResponseReturnValue:
    try:
        condition = filter_of(body().get("payload"), definitions_of(current_account(), CONTACT))
    except BadFilter as error:
        raise Refused(str(error)) from None
    return jsonify(_list(condition))


@bp.post("")
@requires(Permission.CONTACTS_EDIT)
@describes(
    "Make a contact, and its session in an inbox", body=CREATION, answer=CREATED, details=ABOUT_PICTURES
)
def create() -> ResponseReturnValue:
    given = accepted(CREATION, files="avatar")
    url = given.pop("avatar_url", None)
    inbox_id, source_id = given.pop("inbox_id", None), given.pop("source_id", None)
    inbox = inbox_of(current_membership(), inbox_id) if inbox_id else None
    with drawn(_sent_picture()) as picture, transaction():
        contact = create_contact(current_account(), **given, actor=current_user())
        _give_picture(contact, picture, url)
        session = open_session(contact, inbox, source_id=source_id) if inbox else None
    sessions = [session] if session else []
    return jsonify(
        payload={
            "contact": contact_with_sessions_json(contact, sessions),
            "contact_inbox": new_session_json(session) if session else {"inbox": None, "source_id": None},
        },
        **guide_contact_json(contact, sessions),
    )


@bp.get("/<int:contact_id>")
@requires(Permission.CONTACTS_EDIT)
@describes("Show a contact", query={"include_contact_inboxes": _LIST["include_contact_inboxes"]}, answer=ONE)
def show(contact_id: int) -> ResponseReturnValue:
    return _one(contact_of(current_account().id, contact_id))


@bp.route("/<int:contact_id>", methods=["PATCH", "PUT"])
@requires(Permission.CONTACTS_EDIT)
@describes("Change a contact; attributes are merged", body=CHANGES, answer=ONE, details=ABOUT_PICTURES)
def change(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    given = accepted(CHANGES, files="avatar")
    url = given.pop("avatar_url", None)
    with drawn(_sent_picture()) as picture, transaction():
        change_contact(contact, changes=given, actor=current_user())
        _give_picture(contact, picture, url)
    return _one(contact)


@bp.delete("/<int:contact_id>")
@requires(Permission.CONTACTS_DELETE)
@describes("Delete a contact with its conversations")
def delete(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    if presence.contact_status(contact.account_id, contact.id) == "online":
        return jsonify(message=f"Contact {contact.name} is online, please try again later"), 422
    delete_contact(contact, actor=current_user())
    return empty()


@bp.delete("/<int:contact_id>/avatar")
@requires(Permission.CONTACTS_EDIT)
@describes("Take the picture of a contact away", answer=ONE)
def delete_picture(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    set_picture(contact, key=None, actor=current_user())
    return _one(contact)


@bp.post("/<int:contact_id>/destroy_custom_attributes")
@requires(Permission.CONTACTS_EDIT)
@describes("Take custom attributes away", body=ATTRIBUTES_TO_DESTROY, answer=ONE)
def destroy_attributes(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    keys = accepted(ATTRIBUTES_TO_DESTROY)["custom_attributes"]
    destroy_custom_attributes(contact, keys=keys, actor=current_user())
    return _one(contact)


@bp.post("/<int:contact_id>/contact_inboxes")
@requires(Permission.CONTACTS_EDIT)
@describes("Find or open the contact's session in an inbox", body=CONTACT_SESSION, answer=SESSION)
def create_session(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    given = accepted(CONTACT_SESSION)
    inbox = inbox_of(current_membership(), given.pop("inbox_id"))
    try:
        session = open_session(contact, inbox, **given)
    except Invalid as error:
        raise Refused(error.problems[0].upstream) from None
    return jsonify(session_json(session))


@bp.get("/<int:contact_id>/contactable_inboxes")
@requires(Permission.CONTACTS_EDIT)
@describes(
    "List the inboxes in which the contact can be written to",
    answer=CONTACTABLE,
    details="With the source id of its last session in each, or a new one.",
)
def contactable_inboxes(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    sessions = sessions_of(current_membership(), [contact.id])[contact.id]
    known = {session.inbox_id: session.source_id for session in sessions}
    inboxes = inboxes_of(current_membership())
    return jsonify(
        payload=[contactable_json(inbox, known.get(inbox.id) or str(uuid.uuid4())) for inbox in inboxes]
    )


@bp.get("/<int:contact_id>/labels")
@requires(Permission.CONTACTS_EDIT)
@describes("List the labels of a contact", answer=LABELLED)
def labels(contact_id: int) -> ResponseReturnValue:
    return jsonify(payload=contact_of(current_account().id, contact_id).labels)


@bp.post("/<int:contact_id>/labels")
@requires(Permission.CONTACTS_EDIT)
@describes("Replace the labels of a contact", body=LABELS, answer=LABELLED)
def label(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    set_contact_labels(contact, labels=accepted(LABELS)["labels"], actor=current_user())
    return jsonify(payload=contact.labels)


@bp.get("/<int:contact_id>/conversations")
@requires(Permission.CONTACTS_EDIT)
@describes("List the contact's latest conversations, at most 20", answer=CONVERSATIONS)
def conversations(contact_id: int) -> ResponseReturnValue:
    contact = contact_of(current_account().id, contact_id)
    found = conversations_of_contact(current_membership(), contact)
    return jsonify(payload=[conversation_json(summary) for summary in found])


def _sent_picture() -> IO[bytes] | None:
    return next((file.stream for file in files_under("avatar")), None)


def _give_picture(contact: Contact, key: str | None, url: str | None) -> None:
    """What was sent; else what is at the address, in a moment."""
    if key:
        set_picture(contact, key=key, actor=current_user())
    elif url:
        ask_for_picture(contact, url=url)


def _list(*conditions: ColumnElement[bool]) -> dict[str, Any]:
    account_id = current_account().id
    found = contacts_page(account_id, *conditions, sort=arguments.word("sort"), page=arguments.page_number())
    return _page(found, count=count_contacts(account_id, *conditions))


def _page(contacts: list[Contact], *, count: int) -> dict[str, Any]:
    return {
        "meta": {"count": count, "current_page": arguments.page_number()},
        "payload": _faces(contacts),
    }


def _one(contact: Contact) -> ResponseReturnValue:
    return jsonify(payload=_faces([contact])[0])


def _faces(contacts: list[Contact]) -> list[dict[str, Any]]:
    """With their sessions, unless the address says otherwise: upstream listens to the one word "false"."""
    if request.args.get("include_contact_inboxes") == "false":
        return [contact_json(contact) for contact in contacts]
    sessions: dict[int, list[ContactInbox]] = sessions_of(
        current_membership(), [contact.id for contact in contacts]
    )
    return [contact_with_sessions_json(contact, sessions[contact.id]) for contact in contacts]
