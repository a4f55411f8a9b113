"""Doing: answering, and saying who is in charge and how things stand. htmx gets the parts that changed."""

from collections.abc import Collection
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from dashboard.accounts.permissions import Permission
from dashboard.apps.permissions import is_for
from dashboard.apps.queries.apps import app_seen_by
from dashboard.bots.queries import bot_of
from dashboard.conversations.forms import AssigneeForm
from dashboard.conversations.forms import MessageForm
from dashboard.conversations.forms import MuteForm
from dashboard.conversations.forms import PriorityForm
from dashboard.conversations.forms import StatusForm
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import taken_in
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.operations.posting import post_message
from dashboard.conversations.operations.posting import post_note
from dashboard.conversations.operations.posting import post_once
from dashboard.conversations.operations.reading import mark_seen
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_priority
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import mute
from dashboard.conversations.operations.routing import set_labels
from dashboard.conversations.operations.routing import unmute
from dashboard.conversations.queries.choices import assignable_members
from dashboard.conversations.queries.messages import message_of
from dashboard.conversations.queries.messages import sent_of
from dashboard.conversations.views.blueprint import bp
from dashboard.conversations.views.listing import listing_on_page
from dashboard.conversations.views.opened import Opened
from dashboard.conversations.views.opened import open_conversation
from dashboard.conversations.views.pages import whole_page
from dashboard.conversations.views.thread import stretch_after
from dashboard.conversations.views.thread import with_quotes
from dashboard.extensions import write_intent
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.locale import time_zone_of_request
from dashboard.http.pages import back_to
from dashboard.http.pages import blame
from dashboard.http.pages import is_htmx
from dashboard.labels.forms import LabelsForm
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.numbers import row_number
from dashboard.lib.text import N_
from dashboard.transactions import transaction
from dashboard.webhooks.operations.resending import retry_message


@bp.post("/<int:display_id>/messages")
@requires(Permission.CONVERSATIONS_WORK)
def post(display_id: int) -> ResponseReturnValue:
    """An answer to the contact, or a note for the desk."""
    opened = open_conversation(display_id)
    form = MessageForm()
    try:
        _check(form)
        post_once(opened.conversation, form.echo_id.data, partial(_write, opened.conversation, form))
    except Invalid as error:
        return _not_sent(display_id, form, error)
    return changed(opened, echoes=[form.echo_id.data] if form.echo_id.data else [])


@bp.post("/<int:display_id>/messages/<int:message_id>/deletion")
@requires(Permission.CONVERSATIONS_WORK)
def delete(display_id: int, message_id: int) -> ResponseReturnValue:
    """Take back what was said; that something was said stays visible."""
    opened = open_conversation(display_id)
    message = message_of(opened.conversation, message_id)
    if message.is_activity:
        raise NotFound
    delete_message(message, actor=current_user())
    return changed(opened, message_id=message_id)


@bp.get("/<int:display_id>/messages/<int:message_id>/deletion")
@requires(Permission.CONVERSATIONS_WORK)
def deletion(display_id: int, message_id: int) -> ResponseReturnValue:
    """Are you sure?"""
    opened = open_conversation(display_id)
    message = message_of(opened.conversation, message_id)
    template = "conversations/_deletion.html" if is_htmx() else "conversations/deletion.html"
    return render_template(template, opened=opened, message=message)


@bp.post("/<int:display_id>/status")
@requires(Permission.CONVERSATIONS_WORK)
def status(display_id: int) -> ResponseReturnValue:
    """Open, pending, resolved, or snoozed until then."""
    opened = open_conversation(display_id)
    form = StatusForm()
    try:
        _check(form)
        until = (
            form.snoozed_until(clock.now(), ZoneInfo(time_zone_of_request()))
            if form.status.data == "snoozed"
            else None
        )
        change_status(
            opened.conversation, to=form.status.data or "", snoozed_until=until, actor=current_user()
        )
    except Invalid as error:
        if not is_htmx() or error.problems[0].field != "snoozed_until":
            raise
        return render_template("conversations/_not_snoozed.html", opened=opened), 422
    return changed(opened)


@bp.post("/<int:display_id>/takeover")
@requires(Permission.CONVERSATIONS_WORK)
def take_over(display_id: int) -> ResponseReturnValue:
    """Answer in the place of a bot: it is open, and the person's who asks."""
    opened = open_conversation(display_id)
    with transaction():
        change_status(opened.conversation, to="open", actor=current_user())
        assign_conversation(opened.conversation, to=current_user(), actor=current_user())
    return changed(opened)


@bp.post("/<int:display_id>/mute")
@requires(Permission.CONVERSATIONS_WORK)
def silence(display_id: int) -> ResponseReturnValue:
    """Keep the contact out, or let it speak again."""
    opened = open_conversation(display_id)
    form = MuteForm()
    _check(form)
    change = mute if form.muted.data == "yes" else unmute
    change(opened.conversation, actor=current_user())
    return changed(opened)


@bp.post("/<int:display_id>/assignee")
@requires(Permission.CONVERSATIONS_WORK)
def assignee(display_id: int) -> ResponseReturnValue:
    """Put somebody in charge who works in the inbox, a bot, or nobody."""
    opened = open_conversation(display_id)
    form = AssigneeForm()
    _check(form)
    number = form.assignee_id.data
    if form.assignee_bot_id.data:
        bot = bot_of(current_account().id, form.assignee_bot_id.data)
        assign_conversation(opened.conversation, to=bot, actor=current_user())
        return changed(opened)
    members = {member.user_id: member.user for member in assignable_members(opened.conversation.inbox)}
    if number and number not in members:
        raise NotFound
    assign_conversation(opened.conversation, to=members[number] if number else None, actor=current_user())
    return changed(opened)


@bp.post("/<int:display_id>/priority")
@requires(Permission.CONVERSATIONS_WORK)
def priority(display_id: int) -> ResponseReturnValue:
    """How much it presses; the empty word for not at all."""
    opened = open_conversation(display_id)
    form = PriorityForm()
    _check(form)
    change_priority(opened.conversation, to=form.priority.data or None, actor=current_user())
    return changed(opened)


@bp.post("/<int:display_id>/labels")
@requires(Permission.CONVERSATIONS_WORK)
def labels(display_id: int) -> ResponseReturnValue:
    """All labels that it has from now on."""
    opened = open_conversation(display_id)
    form = LabelsForm()
    _check(form)
    set_labels(opened.conversation, labels=form.wanted, actor=current_user())
    return changed(opened)


@bp.post("/<int:display_id>/messages/<int:message_id>/retry")
@requires(Permission.CONVERSATIONS_WORK)
def retry(display_id: int, message_id: int) -> ResponseReturnValue:
    """Send once more what the inbox's callback did not take."""
    opened = open_conversation(display_id)
    retry_message(message_of(opened.conversation, message_id), actor=current_user())
    return changed(opened, message_id)


@bp.post("/<int:display_id>/seen")
@requires(Permission.CONVERSATIONS_WORK)
def seen(display_id: int) -> ResponseReturnValue:
    """The page is in front of somebody. Says nothing where nobody would see a difference."""
    opened = open_conversation(display_id)
    before = opened.conversation.agent_last_seen_at
    mark_seen(opened.conversation, actor=current_user())
    if opened.conversation.agent_last_seen_at == before:
        return "", 204
    return changed(opened)


def _write(conversation: Conversation, form: MessageForm) -> Message:
    write = post_note if form.kind.data == "note" else post_message
    with taken_in(form.sent_files, tickets=form.tickets, account_id=conversation.account_id) as uploads:
        return write(
            conversation,
            content=form.content.data or "",
            author=current_user(),
            content_attributes={"in_reply_to": form.in_reply_to.data} if form.in_reply_to.data else None,
            attachments=uploads,
            sent_as=form.echo_id.data,
            inserted_by=_inserted_by(conversation, form),
        )


def _inserted_by(conversation: Conversation, form: MessageForm) -> dict[str, Any] | None:
    """The app that says it put something into the draft, if it is there for this person and may do that.
    Whatever is wrong with it: what the person wrote is sent."""
    if form.inserted_by.data is None:
        return None
    try:
        app = app_seen_by(current_membership(), form.inserted_by.data)
    except NotFound:
        return None
    grant = "note.insert" if form.kind.data == "note" else "reply.insert"
    if grant not in app.actions or not is_for(app, conversation):
        return None
    return {"id": app.id, "title": app.title}


def _check(form: FlaskForm) -> None:
    if form.validate():
        return
    name, messages = next(iter(form.errors.items()))
    raise Invalid(name or "", str(messages[0]))


def _not_sent(display_id: int, form: MessageForm, error: Invalid) -> ResponseReturnValue:
    """What was typed stays where it is, and what is wrong with it stands beside it."""
    form.content.errors = []
    blame(form, error)
    sentence = " ".join(str(each) for each in form.content.errors) or gettext("That cannot be sent.")
    if is_htmx():
        return render_template("conversations/_not_sent.html", display_id=display_id, sentence=sentence), 422
    return whole_page(display_id, unsent=form, sentence=sentence), 422


def changed(
    opened: Opened, message_id: int | None = None, echoes: Collection[str] = ()
) -> ResponseReturnValue:
    """The parts of the page that the change shows in; without htmx, back to the page."""
    if not is_htmx():
        return back_to(opened.url("show"))
    write_intent.set(False)  # what follows only reads, and need not keep others from writing
    after = row_number(request.form.get("after"))
    if after is None:
        raise Invalid("after", N_("is invalid"))
    now = open_conversation(opened.key)
    return render_template(
        "conversations/_changed.html",
        opened=now,
        stretch=stretch_after(now.conversation, after),
        listing=listing_on_page(current_membership(), open_id=opened.key),
        altered=with_quotes([message_of(now.conversation, message_id)] if message_id else []),
        arrived=sent_of(now.conversation, echoes),
    )
