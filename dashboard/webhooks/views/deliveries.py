"""Settings → Integrations → Webhooks → one → Deliveries; callbacks of inboxes and bots have them, too."""

import json
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from babel.dates import format_datetime
from babel.dates import format_timedelta
from babel.units import format_unit
from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import ngettext

from dashboard.accounts.permissions import Permission
from dashboard.http import arguments
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.locale import locale_here
from dashboard.http.locale import zone_here
from dashboard.http.pages import back_to
from dashboard.http.pages import page_or_part
from dashboard.lib import clock
from dashboard.lib.numbers import row_number
from dashboard.lib.outgoing import Answer
from dashboard.lib.text import visible
from dashboard.webhooks.models import BOT
from dashboard.webhooks.models import CALLBACK
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.resending import MOST_AT_ONCE
from dashboard.webhooks.operations.resending import resend as send_again
from dashboard.webhooks.operations.tidying import KEPT
from dashboard.webhooks.queries.deliveries import PAGE
from dashboard.webhooks.queries.deliveries import Wanted
from dashboard.webhooks.queries.deliveries import conversation_numbers
from dashboard.webhooks.queries.deliveries import deliveries_page
from dashboard.webhooks.queries.deliveries import deliveries_ticked
from dashboard.webhooks.queries.deliveries import deliveries_wanted
from dashboard.webhooks.queries.deliveries import delivery_of
from dashboard.webhooks.queries.deliveries import receiver_of
from dashboard.webhooks.schemas import deliveries as words
from dashboard.webhooks.schemas.names import EVENTS
from dashboard.webhooks.schemas.names import TYPING

LONGEST_SHOWN = 64 << 10  # characters of a body, for a page
LONGEST_WORDS = 100
SOON = timedelta(seconds=20)
MINUTE = timedelta(minutes=1)

bp = Blueprint(
    "webhook_deliveries", __name__, url_prefix="/integrations/webhooks/<int:webhook_id>/deliveries"
)


@dataclass(frozen=True)
class Receiver:
    """Whose deliveries they are: a webhook, the callback of an inbox, a bot; and the page of that."""

    endpoint: Endpoint
    name: str
    url: str
    home: str


@bp.get("")
@requires(Permission.INTEGRATIONS_MANAGE)
def index(webhook_id: int) -> ResponseReturnValue:
    """The newest, or what is asked for."""
    receiver, wanted, before = _receiver(webhook_id), _wanted(request.args), arguments.number("before")
    page = deliveries_page(receiver.endpoint, wanted, before=before)
    return render_template(
        "webhooks/deliveries/index.html",
        receiver=receiver,
        page=page,
        wanted=wanted,
        before=before,
        conversations=conversation_numbers(receiver.endpoint, page.deliveries),
        events=[name for name in EVENTS if name not in TYPING],
        kept_days=KEPT.days,
        words=words,
    )


@bp.get("/<int:delivery_id>")
@requires(Permission.INTEGRATIONS_MANAGE)
def show(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    """One with everything that is known of it; while it waits, the page asks how it goes."""
    receiver = _receiver(webhook_id)
    delivery = delivery_of(receiver.endpoint, delivery_id)
    now = clock.now()
    return page_or_part(
        "webhooks/deliveries/show.html",
        "webhooks/deliveries/_state.html",
        receiver=receiver,
        delivery=delivery,
        conversation=conversation_numbers(receiver.endpoint, [delivery]).get(delivery.id),
        request_text=_request_of(receiver, delivery),
        body=_readable(delivery.notice.body),
        longest=LONGEST_SHOWN,
        is_going=delivery.is_in_hand(now),
        look_again=2 if delivery.due_at < now + SOON else 15,
        now=now,
        words=words,
    )


@bp.post("/<int:delivery_id>/resend")
@requires(Permission.INTEGRATIONS_MANAGE)
def resend(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    """Once more, from the beginning."""
    receiver = _receiver(webhook_id)
    delivery = delivery_of(receiver.endpoint, delivery_id)
    count = send_again([delivery.id], actor=current_user())
    here = url_for(".show", account_id=current_account().id, webhook_id=webhook_id, delivery_id=delivery.id)
    return back_to(here, _said(receiver, count))


@bp.route("/resend", methods=["GET", "POST"])
@requires(Permission.INTEGRATIONS_MANAGE)
def resend_many(webhook_id: int) -> ResponseReturnValue:
    """Those that are ticked, or all that match: then it says first how many that are."""
    receiver, wanted = _receiver(webhook_id), _wanted(request.values)
    if request.method != "POST":
        return _question(receiver, wanted)
    if request.form.get("which") == "all":
        ids = deliveries_wanted(receiver.endpoint, wanted, most=MOST_AT_ONCE)
    else:
        ticked = [row_number(text) for text in request.form.getlist("delivery")[:PAGE]]
        ids = deliveries_ticked(receiver.endpoint, [number for number in ticked if number is not None])
    count = send_again(ids, actor=current_user())
    return back_to(_list(receiver, wanted), _said(receiver, count), "message" if count else "warning")


@bp.app_template_filter()
def outcome(attempt: Delivery | dict[str, Any]) -> str:
    """How an attempt ended, in words: `500 Internal Server Error`, `The connection was refused`."""
    code, error = (
        (attempt.get("code"), attempt.get("error"))
        if isinstance(attempt, dict)
        else (attempt.code, attempt.error)
    )
    if code:
        return Answer(code).sentence
    return gettext(words.PROBLEMS.get(error or "", words.UNKNOWN)) if error else ""


@bp.app_template_filter()
def advice(delivery: Delivery) -> str:
    """What helps, where somebody can do something; nothing after a success."""
    if delivery.code:
        found = words.ADVICE_FOR_STATUS.get(delivery.code // 100)
    else:
        found = words.ADVICE.get(delivery.error or "")
    return gettext(found) if found else ""


@bp.app_template_filter()
def exact_time(moment: datetime | str) -> str:
    """A moment to the second: attempts follow one another quickly."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return str(format_datetime(found.astimezone(zone_here()), "medium", locale=locale_here()))


@bp.app_template_filter()
def span(passed: timedelta) -> str:
    """About how long: `0.3 sec`, `2 hours`."""
    if passed < MINUTE:
        seconds = max(passed.total_seconds(), 0)
        return format_unit(seconds, "duration-second", "short", "#,##0.#", locale=locale_here())
    return str(format_timedelta(passed, locale=locale_here()))


bp.add_app_template_filter(visible)


def _receiver(webhook_id: int) -> Receiver:
    endpoint = receiver_of(current_account().id, webhook_id)
    account_id = endpoint.account_id
    if endpoint.kind == CALLBACK and endpoint.inbox:
        home = url_for("settings.inboxes.edit", account_id=account_id, inbox_id=endpoint.inbox.id)
        name = gettext("Callback of %(name)s", name=endpoint.inbox.name)
        return Receiver(endpoint, name, endpoint.inbox.webhook_url, home)
    if endpoint.kind == BOT and endpoint.bot:
        home = url_for("settings.bots.edit", account_id=account_id, bot_id=endpoint.bot.id)
        name = endpoint.bot.name or gettext("Bot without a name")
        return Receiver(endpoint, name, endpoint.bot.outgoing_url, home)
    home = url_for("settings.webhooks.edit", account_id=account_id, webhook_id=endpoint.id)
    return Receiver(endpoint, endpoint.name or endpoint.url or "", endpoint.url or "", home)


def _wanted(given: Any) -> Wanted:
    """What a list is narrowed down to; what is no state and no event narrows nothing."""
    state, event = given.get("state", ""), given.get("event", "")
    q = given.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    return Wanted(state if state in words.STATES else "", event if event in EVENTS else "", q)


def _question(receiver: Receiver, wanted: Wanted) -> ResponseReturnValue:
    found = deliveries_wanted(receiver.endpoint, wanted, most=MOST_AT_ONCE)
    return page_or_part(
        "webhooks/deliveries/resend.html",
        "webhooks/deliveries/_resend.html",
        receiver=receiver,
        wanted=wanted,
        count=len(found),
        most=MOST_AT_ONCE,
    )


def _list(receiver: Receiver, wanted: Wanted) -> str:
    return url_for(
        ".index",
        account_id=receiver.endpoint.account_id,
        webhook_id=receiver.endpoint.id,
        state=wanted.state or None,
        event=wanted.event or None,
        q=wanted.q or None,
    )


def _request_of(receiver: Receiver, delivery: Delivery) -> str:
    """What was asked at the last attempt, or will be; never the secret, nor what it signed."""
    stamp = str(clock.epoch(delivery.sent_at)) if delivery.sent_at else "…"
    lines = [
        f"POST {receiver.url}",
        "Content-Type: application/json",
        "Accept: application/json",
        "User-Agent: Deskframe",
        f"X-Chatwoot-Delivery: {delivery.uuid}",
        f"X-Chatwoot-Timestamp: {stamp}",
        "X-Chatwoot-Signature: sha256=…",
    ]
    old_until = receiver.endpoint.old_secret_until
    if old_until is not None and old_until > (delivery.sent_at or clock.now()):
        lines.append("X-Deskframe-Signature-Next: sha256=…")
    return visible("\n".join(lines))


def _readable(body: str) -> str:
    """A body as people read JSON, without what would turn the text around."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        text = body
    return visible(text)


def _said(receiver: Receiver, count: int) -> str:
    if not count:
        return gettext("Nothing was sent again.")
    if receiver.endpoint.paused_by:
        return ngettext(
            "%(num)s delivery waits: it is sent when the webhook is resumed.",
            "%(num)s deliveries wait: they are sent when the webhook is resumed.",
            count,
        )
    return ngettext("%(num)s delivery is sent again.", "%(num)s deliveries are sent again.", count)
