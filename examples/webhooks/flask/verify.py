"""Checks that a request comes from your desk: the bytes as they came, not older than five minutes."""

import hmac
import re
import time
from collections.abc import Callable
from collections.abc import Mapping

FRESH = 300  # seconds by which the desk's clock and yours may be apart, the way included
# The second one is there while the desk has two secrets, an old and a new one.
SIGNATURES = ("X-Chatwoot-Signature", "X-Deskframe-Signature-Next")


class Refused(Exception):
    """The request is not to be believed; the text says why, for your log and for nobody else."""


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: Callable[[], float] = time.time) -> str:
    """The number of the delivery, to know it again. Read nothing of the body before this has returned.

    Raises:
        Refused: it is not signed with your secret, was signed too long ago, or has no number.
    """
    timestamp = headers.get("X-Chatwoot-Timestamp", "")
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now() - int(timestamp)) > FRESH:
        raise Refused("not signed within the last five minutes")
    digest = hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()
    expected = f"sha256={digest}".encode()
    came = [headers.get(name, "").encode() for name in SIGNATURES]
    if not any(hmac.compare_digest(expected, signature) for signature in came):
        raise Refused("not signed with our secret")
    delivery = headers.get("X-Chatwoot-Delivery", "")
    if not re.fullmatch(r"[0-9a-f-]{36}", delivery):  # it is not signed: take no other text for one
        raise Refused("not a delivery")
    return delivery
