"""Makes docs/webhooks/signatures.json anew: requests that a receiver must take, and those that it must not.

python -m docs.signatures
"""

import json
from pathlib import Path
from typing import Any

from dashboard.lib.signatures import signature

FILE = Path(__file__).with_name("webhooks") / "signatures.json"
AT = 1_795_000_000
SECRET, OTHER, STRANGERS = "NoDeskHasThisSecret24abc", "ItsOldOneThatIsEndingNow", "SomebodyElsesSecret24abc"
DELIVERY = "5a1f7e0c-2f4b-4d7e-9b36-0f6f7a1c8e55"
SIGNATURE, NEXT = "X-Chatwoot-Signature", "X-Deskframe-Signature-Next"
TIMESTAMP, NUMBER = "X-Chatwoot-Timestamp", "X-Chatwoot-Delivery"
BODY = '{"event":"message_created","id":7,"content":"Grüße, \\u2028 and 1.0","private":false}'
SPACED = json.dumps(json.loads(BODY), ensure_ascii=False)
ABOUT = (
    "Requests to test a receiver with. Take `at` for the time and `secret` for the secret, and let clocks "
    "differ by `fresh` seconds. `body` is the text whose UTF-8 bytes came. All of `good` must be taken, none "
    "of `bad`."
)


def make() -> dict[str, Any]:
    """Everything; the same each time."""
    return {"about": ABOUT, "at": AT, "fresh": 300, "secret": SECRET, "good": _good(), "bad": _bad()}


def _good() -> list[dict[str, Any]]:
    old_first = {SIGNATURE: _signed(OTHER), NEXT: _signed(SECRET)}
    new_first = {SIGNATURE: _signed(SECRET), NEXT: _signed(OTHER)}
    return [
        _entry("as it is sent"),
        _entry("an empty object", body="{}"),
        _entry("five minutes old", timestamp=AT - 300),
        _entry("five minutes ahead", timestamp=AT + 300),
        _entry("the secret is changing, and we have the new one", headers=old_first),
        _entry("the secret is changing, and we have the old one", headers=new_first),
    ]


def _bad() -> list[dict[str, Any]]:
    whole = _signed(SECRET)
    return [
        _entry("one changed byte", body=BODY.replace("7", "8"), signed=BODY),
        _entry("one byte more", body=f"{BODY} ", signed=BODY),
        _entry("parsed and written again", body=SPACED, signed=BODY),
        _entry("another secret", headers={SIGNATURE: _signed(STRANGERS)}),
        _entry(
            "two secrets, none of them ours", headers={SIGNATURE: _signed(OTHER), NEXT: _signed(STRANGERS)}
        ),
        _entry("an old timestamp", timestamp=AT - 301),
        _entry("a timestamp of the future", timestamp=AT + 301),
        _entry("a fresh timestamp on an old signature", headers={SIGNATURE: _signed(SECRET, at=AT - 900)}),
        _entry("a timestamp that is no number", headers={TIMESTAMP: "now"}),
        _entry("a timestamp with a fraction", headers={TIMESTAMP: f"{AT}.0"}),
        _entry("a timestamp of many digits", headers={TIMESTAMP: "9" * 5000}),
        _entry("no timestamp", headers={TIMESTAMP: None}),
        _entry("no signature", headers={SIGNATURE: None}),
        _entry("an empty signature", headers={SIGNATURE: ""}),
        _entry("a signature without its prefix", headers={SIGNATURE: whole.removeprefix("sha256=")}),
        _entry("another algorithm's prefix", headers={SIGNATURE: whole.replace("sha256", "sha1")}),
        _entry("half a signature", headers={SIGNATURE: whole[:39]}),
        _entry("a signature that goes on", headers={SIGNATURE: f"{whole}00"}),
        _entry("a signature with other letters", headers={SIGNATURE: f"{whole[:-1]}é"}),
        _entry("no number of the delivery", headers={NUMBER: None}),
        _entry("a path for a number", headers={NUMBER: "../../../etc/passwd"}),
    ]


def _entry(
    why: str,
    *,
    body: str = BODY,
    signed: str | None = None,
    timestamp: int = AT,
    headers: dict[str, str | None] | None = None,
) -> dict[str, Any]:
    sent = {
        TIMESTAMP: str(timestamp),
        NUMBER: DELIVERY,
        SIGNATURE: _signed(SECRET, body if signed is None else signed, at=timestamp),
        **(headers or {}),
    }
    told = {name: value for name, value in sent.items() if value is not None}
    return {"why": why, "headers": told, "body": body}


def _signed(secret: str, body: str = BODY, *, at: int = AT) -> str:
    return signature(secret, at, body.encode())


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(make(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
