"""Many conversations at once: each by its own verb, so that one which refuses keeps back no other."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import ngettext

from dashboard.accounts.models import User
from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import members_of
from dashboard.conversations.forms import BulkForm
from dashboard.conversations.forms import snooze_ends
from dashboard.conversations.models import Conversation
from dashboard.conversations.operations.routing import assign_conversation
from dashboard.conversations.operations.routing import change_status
from dashboard.conversations.operations.routing import set_labels
from dashboard.conversations.queries.choices import assignable_members
from dashboard.conversations.queries.choices import labels_to_offer
from dashboard.conversations.queries.summaries import conversations_of_numbers
from dashboard.conversations.views.listing import listing_on_page
from dashboard.conversations.views.listing import open_on_page
from dashboard.conversations.views.opened import open_conversation
from dashboard.conversations.views.thread import stretch_after
from dashboard.extensions import write_intent
from dashboard.http.current import current_account
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.locale import time_zone_of_request
from dashboard.http.pages import back_to
from dashboard.http.pages import is_htmx
from dashboard.http.pages import local_path
from dashboard.lib import clock
from dashboard.lib.checks import BLANK
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotFound
from dashboard.lib.numbers import row_number
from dashboard.lib.text import N_

Change = Callable[[Conversation], None]


bp = Blueprint("bulk", __name__, url_prefix="/accounts/<int:account_id>/conversations/bulk")


@bp.post("")
@requires(Permission.CONVERSATIONS_WORK)
def change() -> ResponseReturnValue:
    """Resolve, reopen, assign, label or snooze those that are ticked; or ask what exactly."""
    form = BulkForm()
    if not form.validate():
        raise Invalid("pick", N_("is invalid"))
    if form.asks:
        return _choice(form)
    what = _change(form)
    picked = conversations_of_numbers(current_membership(), form.numbers)
    done = sum(_is_done(what, conversation) for conversation in picked)
    return _answer(form, done, len(form.numbers) - done)


def _change(form: BulkForm) -> Change:
    """What is done with each of them.

    Raises:
        Invalid: the snooze would end in the past, or no label is named.
    """
    me, do = current_user(), form.do.data
    if do == "assign":
        return _assignment(form.assignee_id.data or 0)
    if do == "label":
        label = form.chosen_label
        if not label:
            raise Invalid("label", BLANK)
        return lambda each: set_labels(each, labels=[*each.labels, label], actor=me)
    if do == "snooze":
        until = form.snoozed_until(clock.now(), ZoneInfo(time_zone_of_request()))
        if until is not None and until <= clock.now():
            raise Invalid("snoozed_until", N_("must be in the future"))
        return lambda each: change_status(each, to="snoozed", snoozed_until=until, actor=me)
    status = "resolved" if do == "resolve" else "open"
    return lambda each: change_status(each, to=status, actor=me)


def _assignment(user_id: int) -> Change:
    """Put somebody in charge of those in whose inbox that person works."""
    known: dict[int, dict[int, User]] = {}

    def assign(conversation: Conversation) -> None:
        inbox = conversation.inbox
        if inbox.id not in known:
            known[inbox.id] = {member.user_id: member.user for member in assignable_members(inbox)}
        if user_id and user_id not in known[inbox.id]:
            raise NotFound
        assign_conversation(conversation, to=known[inbox.id].get(user_id), actor=current_user())

    return assign


def _is_done(what: Change, conversation: Conversation) -> bool:
    try:
        what(conversation)
    except (Invalid, NotFound):
        return False
    return True


def _choice(form: BulkForm) -> ResponseReturnValue:
    headings = {"assign": gettext("Assign"), "label": gettext("Add a label"), "snooze": gettext("Snooze")}
    template = "conversations/_bulk_choice.html" if is_htmx() else "conversations/bulk.html"
    do = str(form.do.data)
    return render_template(
        template,
        form=form,
        heading=headings[do],
        is_dialog=is_htmx(),
        members=members_of(current_account().id) if do == "assign" else [],
        labels=labels_to_offer(current_account()) if do == "label" else [],
        ends=snooze_ends(clock.now(), ZoneInfo(time_zone_of_request())),
    )


def _answer(form: BulkForm, done: int, refused: int) -> ResponseReturnValue:
    sentence = _sentence(done, refused)
    if not is_htmx():
        index = url_for("conversations.index", account_id=current_account().id)
        return back_to(local_path(form.back.data, index), sentence, "warning" if refused else "message")
    write_intent.set(False)  # what follows only reads, and need not keep others from writing
    open_id = open_on_page()
    shown: dict[str, Any] = {}
    after = row_number(request.form.get("after"))
    if open_id in form.numbers and after is not None:
        opened = open_conversation(open_id or 0)
        shown = {"opened": opened, "stretch": stretch_after(opened.conversation, after)}
    listing = listing_on_page(current_membership(), open_id=open_id)
    return render_template(
        "conversations/_bulk_done.html", listing=listing, sentence=sentence, refused=refused, **shown
    )


def _sentence(done: int, refused: int) -> str:
    told = str(ngettext("%(num)s conversation is changed.", "%(num)s conversations are changed.", done))
    if not refused:
        return told
    more = ngettext(
        "%(num)s is not: it is not yours to change, or that does not go with it.",
        "%(num)s are not: they are not yours to change, or that does not go with them.",
        refused,
    )
    return f"{told} {more}"
