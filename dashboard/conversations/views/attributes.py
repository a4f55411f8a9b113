"""Filling in: the custom attributes of a conversation, and of its contact, beside the thread."""

from flask import Response
from flask import make_response
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.attributes.forms import ValuesForm
from dashboard.attributes.forms import values_form
from dashboard.contacts.operations.people import put_custom_attributes
from dashboard.conversations.operations.routing import set_custom_attributes
from dashboard.conversations.views.blueprint import bp
from dashboard.conversations.views.changes import changed
from dashboard.conversations.views.opened import Opened
from dashboard.conversations.views.opened import open_conversation
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import blame
from dashboard.http.pages import is_htmx
from dashboard.lib.errors import Invalid

__all__ = ["bp"]  # for wiring: with this module every door of the pages has been opened


@bp.route("/<int:display_id>/attributes", methods=["GET", "POST"])
@requires(Permission.CONVERSATIONS_WORK)
def attributes(display_id: int) -> ResponseReturnValue:
    """What is kept of the conversation."""
    opened = open_conversation(display_id)
    conversation = opened.conversation
    form = values_form(opened.definitions("conversation"), conversation.custom_attributes)
    if form.is_submitted():
        try:
            told = {**conversation.custom_attributes, **_values(form)}
            kept = {key: value for key, value in told.items() if value is not None}
            set_custom_attributes(conversation, attributes=kept, actor=current_user())
        except Invalid as error:
            blame(form, error)
        else:
            return changed(opened)
    return _form_page(opened, form, "attributes", gettext("Attributes of this conversation"))


@bp.route("/<int:display_id>/contact-attributes", methods=["GET", "POST"])
@requires(Permission.CONTACTS_EDIT)
def contact_attributes(display_id: int) -> ResponseReturnValue:
    """What is kept of who writes."""
    opened = open_conversation(display_id)
    contact = opened.conversation.contact
    form = values_form(opened.definitions("contact"), contact.custom_attributes)
    if form.is_submitted():
        try:
            put_custom_attributes(contact, values=_values(form), actor=current_user())
        except Invalid as error:
            blame(form, error)
        else:
            return changed(opened)
    return _form_page(opened, form, "contact_attributes", gettext("Attributes of the contact"))


def _values(form: ValuesForm) -> dict[str, object]:
    form.validate()  # so that there is a place for what is wrong
    return form.values


def _form_page(opened: Opened, form: ValuesForm, resource: str, heading: str) -> tuple[Response, int]:
    """In the dialog, or as a page of its own; with what was typed where something is wrong with it."""
    template = "conversations/_attributes.html" if is_htmx() else "conversations/attributes.html"
    part = render_template(template, opened=opened, form=form, resource=resource, heading=heading)
    page = make_response(part)
    page.vary.add("HX-Request")
    return page, 422 if form.is_submitted() else 200
