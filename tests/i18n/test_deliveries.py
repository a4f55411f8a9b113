"""No text of the deliveries was forgotten."""

from datetime import timedelta

from dashboard.lib import clock
from dashboard.webhooks.schemas.deliveries import ADVICE
from dashboard.webhooks.schemas.names import EVENTS
from tests.support.cast import Cast
from tests.support.deliveries import make_delivery
from tests.support.deliveries import make_webhook
from tests.support.factories import make_conversation
from tests.support.page import Page
from tests.support.pseudo import forgotten

NAMES = (
    "Warehouse",
    "Ada Admin",
    "ms.",
    "sek.",
    "X-Chatwoot-Delivery",
    *sorted(EVENTS, key=len, reverse=True),
)


def test_the_list_and_each_delivery_speak_the_persons_language(strange_page: Page, cast: Cast) -> None:
    webhook = make_webhook(cast.acme, paused_by="failures")
    conversation, later = make_conversation(cast.inbox), clock.now() + timedelta(minutes=5)
    past = [{"sent_at": clock.iso(clock.now()), "took": 5, "code": None, "error": "timeout"}]
    sent = {"sent_at": clock.now(), "took": 5, "attempts": 1}
    made = [make_delivery(webhook, error=word, state="failed", **sent) for word in ADVICE]
    made.append(make_delivery(webhook, due_at=later, conversation=conversation))
    made.append(make_delivery(webhook, due_at=later, error="timeout", history=past, answer="1", **sent))
    home = f"/accounts/{cast.acme.id}/settings/integrations/webhooks/{webhook.id}/deliveries"
    strange_page.sign_in(cast.ada)

    paths = [
        "",
        "?state=done",
        "/resend?state=failed",
        f"/{made[0].id}",
        *(f"/{each.id}" for each in made[-2:]),
    ]
    for path in paths:
        assert forgotten(strange_page.get(home + path), names=NAMES) == [], path
    webhook.paused_by = ""
    for each in made[-2:]:
        assert forgotten(strange_page.get(f"{home}/{each.id}"), names=NAMES) == []
    strange_page.post(f"{home}/resend", {"which": "all", "state": "failed"})
    assert forgotten(strange_page.follow(), names=NAMES) == []
