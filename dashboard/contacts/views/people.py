"""The customers: the list of them, and each one's page."""

from typing import Any

from flask import Blueprint
from flask import Response
from flask import make_response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.accounts.permissions import may
from dashboard.apps.queries.disclosures import seen_by_apps
from dashboard.attributes.forms import ValuesForm
from dashboard.attributes.forms import values_form
from dashboard.attributes.queries import CONTACT
from dashboard.attributes.queries import definitions_of
from dashboard.contacts.forms import NETWORKS
from dashboard.contacts.forms import MergeForm
from dashboard.contacts.forms import NoteForm
from dashboard.contacts.forms import contact_form
from dashboard.contacts.models import Contact
from dashboard.contacts.operations.labelling import set_contact_labels
from dashboard.contacts.operations.notes import add_note
from dashboard.contacts.operations.notes import remove_note
from dashboard.contacts.operations.people import change_contact
from dashboard.contacts.operations.people import create_contact
from dashboard.contacts.operations.people import delete_contact
from dashboard.contacts.operations.people import put_custom_attributes
from dashboard.contacts.queries import PAGE
from dashboard.contacts.queries import contact_of
from dashboard.contacts.queries import contacts_page
from dashboard.contacts.queries import count_contacts
from dashboard.contacts.queries import labelled
from dashboard.contacts.queries import labels_in_use
from dashboard.contacts.queries import note_of
from dashboard.contacts.queries import notes_of
from dashboard.contacts.queries import search_contacts
from dashboard.contacts.schemas import merged_values
from dashboard.conversations.operations.merging import merge_people
from dashboard.conversations.queries.lines import line_of
from dashboard.conversations.queries.summaries import conversations_of_contact
from dashboard.conversations.queries.summaries import count_of_contact
from dashboard.extensions import settings
from dashboard.http import arguments
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blame
from dashboard.http.pages import blaming
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part
from dashboard.http.pages import typed_name_is
from dashboard.labels.forms import LabelsForm
from dashboard.labels.queries import labels_of
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.text import N_
from dashboard.realtime.presence import presence

SORTS = {
    "": N_("Last active first"),
    "name": N_("By name"),
    "-created_at": N_("Newest first"),
    "created_at": N_("Oldest first"),
    "company_name": N_("By company"),
    "city": N_("By city"),
    "country": N_("By country"),
}

bp = Blueprint("contacts", __name__, url_prefix="/accounts/<int:account_id>/contacts")


@bp.get("")
@requires(Permission.CONTACTS_EDIT)
def index() -> ResponseReturnValue:
    """Those that are known by something; a search finds the others too."""
    q, page = arguments.word("q").strip(), arguments.page_number()
    sort = arguments.word("sort") if arguments.word("sort") in SORTS else ""
    account_id, label = current_account().id, arguments.word("label").strip()
    narrowed = [labelled([label])] if label else []
    if q:
        found = search_contacts(account_id, q, *narrowed, sort=sort, page=page)
        contacts, total, goes_on = found[:PAGE], None, len(found) > PAGE
    else:
        contacts = contacts_page(account_id, *narrowed, sort=sort, page=page)
        total = count_contacts(account_id, *narrowed)
        goes_on = len(contacts) == PAGE and page * PAGE != total
    return page_or_part(
        "contacts/index.html",
        "contacts/_list.html",
        contacts=contacts,
        total=total,
        number=page,
        goes_on=goes_on,
        q=q,
        sort=sort,
        sorts=SORTS,
        label=label,
        labels=sorted({*labels_in_use(account_id), *filter(None, [label])}, key=str.casefold),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CONTACTS_EDIT)
def new() -> ResponseReturnValue:
    """Somebody who has not written yet."""
    form = contact_form()
    if form.validate_on_submit():
        with blaming(form):
            contact = create_contact(current_account(), **form.changes(), actor=current_user())
            return back_to(_address(contact), gettext("The contact is added."))
    return form_page("contacts/new.html", form, networks=NETWORKS)


@bp.route("/<int:contact_id>", methods=["GET", "POST"])
@requires(Permission.CONTACTS_EDIT)
def show(contact_id: int) -> ResponseReturnValue:
    """Everything that is known of somebody, and the form that changes who they are."""
    contact = _contact(contact_id)
    form = contact_form(contact)
    if form.validate_on_submit():
        with blaming(form):
            change_contact(contact, changes=form.changes(contact), actor=current_user())
            return back_to(_address(contact), gettext("The contact is saved."))
    return _page(_contact(contact_id), form=form), 422 if form.is_submitted() else 200


@bp.post("/<int:contact_id>/attributes")
@requires(Permission.CONTACTS_EDIT)
def attributes(contact_id: int) -> ResponseReturnValue:
    """What the desk keeps of its contacts."""
    contact = _contact(contact_id)
    form = _values_form(contact)
    form.validate()
    try:
        put_custom_attributes(contact, values=form.values, actor=current_user())
    except Invalid as error:
        blame(form, error)
        return _page(contact, values=form), 422
    return back_to(_address(contact), gettext("The attributes are saved."))


@bp.post("/<int:contact_id>/labels")
@requires(Permission.CONTACTS_EDIT)
def labels(contact_id: int) -> ResponseReturnValue:
    """All labels that it has from now on."""
    contact = _contact(contact_id)
    form = LabelsForm()
    form.validate()
    set_contact_labels(contact, labels=form.wanted, actor=current_user())
    return back_to(_address(contact), gettext("The labels are saved."))


@bp.post("/<int:contact_id>/notes")
@requires(Permission.CONTACTS_EDIT)
def write_note(contact_id: int) -> ResponseReturnValue:
    """One more note."""
    contact = _contact(contact_id)
    form = NoteForm()
    if form.validate():
        with blaming(form):
            add_note(contact, content=form.content.data or "", author=current_user())
            return back_to(_address(contact) + "#notes")
    return _page(contact, note=form), 422


@bp.post("/<int:contact_id>/notes/<int:note_id>/removal")
@requires(Permission.CONTACTS_EDIT)
def delete_note(contact_id: int, note_id: int) -> ResponseReturnValue:
    """One note less."""
    contact = _contact(contact_id)
    remove_note(note_of(contact, note_id))
    return back_to(_address(contact) + "#notes", gettext("The note is deleted."))


@bp.route("/<int:contact_id>/block", methods=["GET", "POST"])
@requires(Permission.CONTACTS_EDIT)
def block(contact_id: int) -> ResponseReturnValue:
    """Keep somebody out, or let them in again; asks first."""
    contact = _contact(contact_id)
    if request.method != "POST":
        return page_or_part("contacts/block.html", "contacts/_block.html", contact=contact)
    is_blocked = request.form.get("blocked") == "yes"
    change_contact(contact, changes={"blocked": is_blocked}, actor=current_user())
    done = gettext("The contact is blocked.") if is_blocked else gettext("The contact may write again.")
    return back_to(_address(contact), done)


@bp.route("/<int:contact_id>/merge", methods=["GET", "POST"])
@requires(Permission.CONTACTS_EDIT)
def merge(contact_id: int) -> ResponseReturnValue:
    """Choose another contact, see what the two become, and make them one."""
    contact = _contact(contact_id)
    if request.method == "POST":
        return _merged(contact)
    q, other_id = arguments.word("q").strip(), arguments.number("with")
    found = search_contacts(current_account().id, q)[:PAGE] if q else []
    other = contact_of(current_account().id, other_id) if other_id else None
    if other is None or other.id == contact.id:
        others = [each for each in found if each.id != contact.id]
        values = {"contact": contact, "q": q, "found": others}
        return page_or_part("contacts/merge.html", "contacts/_merge_choices.html", **values)
    defined = definitions_of(current_account(), CONTACT)
    return render_template(
        "contacts/merge_preview.html",
        contact=contact,
        other=other,
        result=merged_values(contact, other),
        names={each.attribute_key: each.attribute_display_name for each in defined},
        moved=count_of_contact(other),
        q=q,
    )


@bp.route("/<int:contact_id>/removal", methods=["GET", "POST"])
@requires(Permission.CONTACTS_DELETE)
def remove(contact_id: int) -> ResponseReturnValue:
    """Asks for the name first: the conversations go with the contact."""
    contact = _contact(contact_id)
    if request.method != "POST":
        return _removal_page(contact)
    name = _name_of(contact)
    if not typed_name_is(name):
        return _removal_page(contact, error=gettext("That is not the name of this contact.")), 422
    if presence.contact_status(contact.account_id, contact.id) == "online":
        return _removal_page(contact, error=gettext("They are online at this moment. Try again later.")), 422
    delete_contact(contact, actor=current_user())
    listed = url_for(".index", account_id=current_account().id)
    return back_to(listed, gettext("The contact %(name)s is deleted.", name=name))


def _contact(contact_id: int) -> Contact:
    return contact_of(current_account().id, contact_id)


def _address(contact: Contact) -> str:
    return url_for(".show", account_id=contact.account_id, contact_id=contact.id)


def _name_of(contact: Contact) -> str:
    return contact.known_name or gettext("Visitor")


def _values_form(contact: Contact) -> ValuesForm:
    return values_form(definitions_of(current_account(), CONTACT), contact.custom_attributes)


def _page(contact: Contact, **forms: Any) -> str:
    """The page of a contact; of its forms, the ones that are given keep what was typed."""
    conversations = conversations_of_contact(current_membership(), contact)
    defined = [label.title for label in labels_of(current_account())]
    values = forms.get("values") or _values_form(contact)
    keys = {definition.attribute_key for definition in values.definitions}
    return render_template(
        "contacts/show.html",
        contact=contact,
        name=_name_of(contact),
        form=forms.get("form") or contact_form(contact),
        values=values,
        others={key: value for key, value in contact.custom_attributes.items() if key not in keys},
        note=forms.get("note") or NoteForm(formdata=None),
        notes=notes_of(contact),
        labels=list(dict.fromkeys([*defined, *contact.labels])),
        lines=[line_of(summary) for summary in conversations],
        seen=seen_by_apps(contact) if may(current_membership(), Permission.APPS_MANAGE) else [],
        kept_days=settings().app_history_days,
        networks=NETWORKS,
    )


def _merged(contact: Contact) -> ResponseReturnValue:
    form = MergeForm()
    if not form.validate() or form.mergee_id.data == contact.id:
        raise NotFound
    other = contact_of(current_account().id, form.mergee_id.data or 0)
    merge_people(contact, other, actor=current_user())
    return back_to(_address(contact), gettext("The two contacts are one."))


def _removal_page(contact: Contact, error: str = "") -> Response:
    part = page_or_part(
        "contacts/removal.html",
        "contacts/_removal.html",
        contact=contact,
        name=_name_of(contact),
        error=error,
    )
    return make_response(part)
