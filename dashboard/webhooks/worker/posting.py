"""One attempt: signed, sent, and how it went. Nothing of the database is known or held here."""

import time

from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.lib.outgoing import Answer
from dashboard.lib.signatures import signature
from dashboard.webhooks.operations.claiming import Address
from dashboard.webhooks.operations.claiming import Claim
from dashboard.webhooks.operations.recording import Outcome

BOTS_DEADLINE = 3.0  # seconds: a customer waits for it


def attempt(claim: Claim) -> Outcome:
    """Send a delivery that is in hand."""
    sent_at, began = clock.now(), time.monotonic()
    answer = post(claim.address, claim.body, claim.uuid)
    return Outcome(claim, answer, sent_at, round((time.monotonic() - began) * 1000))


def post(address: Address, body: bytes, uuid: str, *, deadline: float = outgoing.DEADLINE) -> Answer:
    """Send these bytes, signed at this moment."""
    if address.is_bot:
        deadline = min(deadline, BOTS_DEADLINE)
    return outgoing.post(address.url, body, _headers(address, body, uuid), deadline=deadline)


def _headers(address: Address, body: bytes, uuid: str) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": "Deskframe",
        "X-Chatwoot-Delivery": uuid,
    }
    if not address.secret:
        return headers
    now = clock.epoch(clock.now())
    headers["X-Chatwoot-Timestamp"] = str(now)
    if address.old_secret:  # who has not changed yet goes on as before, who has finds the new one's beside
        headers["X-Chatwoot-Signature"] = signature(address.old_secret, now, body)
        headers["X-Deskframe-Signature-Next"] = signature(address.secret, now, body)
    else:
        headers["X-Chatwoot-Signature"] = signature(address.secret, now, body)
    return headers
