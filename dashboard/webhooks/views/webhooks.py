"""Settings → Integrations → Webhooks: which servers are told of what, and how it goes with them."""

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
from dashboard.extensions import limiter
from dashboard.http.afterwards import afterwards
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.errors import say
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blaming
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part
from dashboard.lib.errors import Invalid
from dashboard.lib.outgoing import leads_inside
from dashboard.lib.tokens import digest
from dashboard.webhooks.forms import WHEN
from dashboard.webhooks.forms import TryForm
from dashboard.webhooks.forms import WebhookForm
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.operations.endpoints import change_webhook
from dashboard.webhooks.operations.endpoints import create_webhook
from dashboard.webhooks.operations.endpoints import delete_webhook
from dashboard.webhooks.operations.endpoints import end_overlap
from dashboard.webhooks.operations.endpoints import note_look
from dashboard.webhooks.operations.endpoints import pause as pause_webhook
from dashboard.webhooks.operations.endpoints import resume as resume_webhook
from dashboard.webhooks.operations.endpoints import rotate_secret
from dashboard.webhooks.operations.endpoints import send_test
from dashboard.webhooks.queries.endpoints import given_up_webhooks
from dashboard.webhooks.queries.endpoints import has_two_secrets
from dashboard.webhooks.queries.endpoints import webhook_of
from dashboard.webhooks.queries.endpoints import webhooks_of

MOST_TESTS = "20/minute"  # of one person

bp = Blueprint("webhooks", __name__, url_prefix="/integrations/webhooks")
bp.add_app_template_global(given_up_webhooks)
bp.add_app_template_global(webhooks_of)
bp.add_app_template_test(leads_inside, "leading_inside")


@bp.get("")
@requires(Permission.INTEGRATIONS_MANAGE)
def index() -> ResponseReturnValue:
    """Every webhook of the account, and how it goes with each."""
    return render_template("webhooks/index.html", webhooks=webhooks_of(current_account().id))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.INTEGRATIONS_MANAGE)
def new() -> ResponseReturnValue:
    """One more; its own page then has the secret."""
    form = WebhookForm()
    if form.validate_on_submit():
        with blaming(form):
            webhook = create_webhook(current_account(), given=_filled_in(form), actor=current_user())
            message = gettext("The webhook is added. Here is its secret.")
            return back_to(_address_of_secret(webhook), message)
    return form_page("webhooks/new.html", form, when=WHEN)


@bp.route("/<int:webhook_id>", methods=["GET", "POST"])
@requires(Permission.INTEGRATIONS_MANAGE)
def edit(webhook_id: int) -> ResponseReturnValue:
    """What it is told, its secret, how it goes with it. Whoever opens it has seen that it was given up."""
    webhook = webhook_of(current_account().id, webhook_id)
    form = _form_of(webhook)
    if form.validate_on_submit():
        with blaming(form):
            change_webhook(webhook, changes=_filled_in(form), actor=current_user())
            return back_to(_index(), gettext("“%(name)s” is saved.", name=webhook.name or webhook.url))
    if webhook.paused_by and webhook.seen_at is None:
        afterwards(lambda: note_look(webhook))
    return _edit_page(webhook, form), 422 if form.is_submitted() else 200


@bp.post("/<int:webhook_id>/pause")
@requires(Permission.INTEGRATIONS_MANAGE)
def pause(webhook_id: int) -> ResponseReturnValue:
    """Nothing is sent there any more."""
    webhook = webhook_of(current_account().id, webhook_id)
    pause_webhook(webhook, actor=current_user())
    return back_to(_address(webhook), gettext("The webhook is paused."))


@bp.post("/<int:webhook_id>/resumption")
@requires(Permission.INTEGRATIONS_MANAGE)
def resume(webhook_id: int) -> ResponseReturnValue:
    """Whoever paused it: from now on it is told again."""
    webhook = webhook_of(current_account().id, webhook_id)
    resume_webhook(webhook, actor=current_user())
    return back_to(_address(webhook), gettext("The webhook is told again."))


@bp.post("/<int:webhook_id>/secret")
@requires(Permission.INTEGRATIONS_MANAGE)
def new_secret(webhook_id: int) -> ResponseReturnValue:
    """For a day both sign."""
    webhook = webhook_of(current_account().id, webhook_id)
    try:
        rotate_secret(webhook, actor=current_user())
    except Invalid as error:
        return back_to(_address(webhook), say(error.problems[0]), "error")
    said = gettext("There is a new secret. For a day the old one signs, too.")
    return back_to(_address_of_secret(webhook), said)


@bp.post("/<int:webhook_id>/secret/takeover")
@requires(Permission.INTEGRATIONS_MANAGE)
def use_new_secret(webhook_id: int) -> ResponseReturnValue:
    """The day is over now."""
    webhook = webhook_of(current_account().id, webhook_id)
    end_overlap(webhook, actor=current_user())
    return back_to(_address_of_secret(webhook), gettext("Only the new secret signs from now on."))


@bp.post("/<int:webhook_id>/test")
@requires(Permission.INTEGRATIONS_MANAGE)
@limiter.limit(MOST_TESTS, key_func=lambda: digest(current_user().pubsub_token))
def test(webhook_id: int) -> ResponseReturnValue:
    """Something that never was, sent as if it had been; on to how it goes."""
    webhook = webhook_of(current_account().id, webhook_id)
    try:
        delivery = send_test(webhook, event=TryForm().event.data or "")
    except Invalid as error:
        return back_to(_address(webhook), say(error.problems[0]), "error")
    page = url_for(
        "settings.webhook_deliveries.show",
        account_id=webhook.account_id,
        webhook_id=webhook.id,
        delivery_id=delivery.id,
    )
    return back_to(page, gettext("A test event is on its way."))


@bp.route("/<int:webhook_id>/removal", methods=["GET", "POST"])
@requires(Permission.INTEGRATIONS_MANAGE)
def remove(webhook_id: int) -> ResponseReturnValue:
    """Asks first, by name and address."""
    webhook = webhook_of(current_account().id, webhook_id)
    if request.method != "POST":
        return page_or_part("webhooks/removal.html", "webhooks/_removal.html", webhook=webhook)
    name = webhook.name or webhook.url
    delete_webhook(webhook, actor=current_user())
    return back_to(_index(), gettext("“%(name)s” is deleted.", name=name))


def _filled_in(form: WebhookForm) -> dict[str, Any]:
    return {"url": form.url.data, "name": form.name.data, "subscriptions": form.subscriptions.data}


def _form_of(webhook: Endpoint) -> WebhookForm:
    return WebhookForm(name=webhook.name, url=webhook.url, subscriptions=webhook.events)


def _edit_page(webhook: Endpoint, form: WebhookForm) -> Response:
    """No browser may keep it: the secret stands on it."""
    try_form = TryForm(formdata=None)
    try_form.offer(webhook.events)
    page = make_response(
        render_template(
            "webhooks/edit.html",
            webhook=webhook,
            form=form,
            try_form=try_form,
            has_two_secrets=has_two_secrets(webhook),
            when=WHEN,
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _index() -> str:
    return url_for(".index", account_id=current_account().id)


def _address(webhook: Endpoint) -> str:
    return url_for(".edit", account_id=current_account().id, webhook_id=webhook.id)


def _address_of_secret(webhook: Endpoint) -> str:
    """Where it stands on the page: below the events it would not be seen."""
    return f"{_address(webhook)}#secret-title"
