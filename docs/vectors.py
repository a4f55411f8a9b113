"""Makes docs/apps/bad-tokens.json anew: tokens that a verifier must take, and those that it must refuse.

python -m docs.vectors
"""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc import jwt
from joserfc.jwk import ECKey

from dashboard.apps.operations.tokens import url_hash
from dashboard.apps.schemas.tokens import CONTEXT
from dashboard.apps.schemas.tokens import LAUNCH
from dashboard.apps.schemas.tokens import Kind

FILE = Path(__file__).with_name("apps") / "bad-tokens.json"
AT = 1_795_000_000
DESK, OTHER_DESK = "https://desk.example.com", "https://other-desk.example.com"
CLIENT, OTHER_CLIENT = "FictitiousAppForTheTests", "AnotherAppOfTheSameDesk1"
ORIGIN, URL = "https://orders.example.com", "https://orders.example.com/panel?v=2"
# Of a desk that is not there: its secret key, and what it keeps of the agent's sign-in.
SECRET_KEY, SIGN_IN = "the key of the published vectors alone", "0" * 64
ABOUT = (
    "Tokens to test a verifier with. Take `jwks` for the desk's keys and `at` for the time, allow clocks to "
    "differ by `skew` seconds, and check each token as the `kind` that is written beside it, a launch for "
    "`url`. Each gets a fresh verifier: all of `good` must be taken, none of `bad`. `after` is a token that "
    "the same verifier has taken just before."
)


def make() -> dict[str, Any]:
    """Everything, signed with fresh keys."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    makers = _Makers(key)
    return {
        "about": ABOUT,
        "at": AT,
        "skew": 60,
        "issuer": DESK,
        "client_id": CLIENT,
        "origin": ORIGIN,
        "url": URL,
        "jwks": {"keys": [key.as_dict(private=False)]},
        "private_key": key.as_dict(private=True),
        "good": makers.good(),
        "bad": makers.bad(),
    }


class _Makers:
    def __init__(self, key: ECKey) -> None:
        self.key = key
        self.stranger = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)

    def good(self) -> list[dict[str, str]]:
        return [
            _entry("a context token", CONTEXT, self.sign(CONTEXT)),
            _entry("a launch token", LAUNCH, self.sign(LAUNCH)),
            _entry("expired within the skew", CONTEXT, self.sign(CONTEXT, exp=AT - 30)),
            _entry("not yet valid within the skew", CONTEXT, self.sign(CONTEXT, iat=AT + 30, nbf=AT + 30)),
        ]

    def bad(self) -> list[dict[str, str]]:
        return [*self.about_claims(), *self.about_kinds(), *self.about_signatures(), *self.about_use()]

    def about_claims(self) -> list[dict[str, str]]:
        wrong = {
            "wrong aud": {"aud": "somebody-else"},
            "aud of the other kind": {"aud": f"{CLIENT}/launch"},
            "a token of app A at app B": {"aud": f"{OTHER_CLIENT}/context"},
            "wrong azp": {"azp": "https://orders.example.com.evil.example"},
            "wrong iss": {"iss": OTHER_DESK},
            "expired": {"exp": AT - 90},
            "future nbf": {"nbf": AT + 90, "iat": AT + 90},
        }
        missing = ("iss", "aud", "azp", "exp", "nbf", "iat", "jti", "sub")
        return [
            *(_entry(why, CONTEXT, self.sign(CONTEXT, **claims)) for why, claims in wrong.items()),
            *(_entry(f"no {name}", CONTEXT, self.sign(CONTEXT, **{name: None})) for name in missing),
        ]

    def about_kinds(self) -> list[dict[str, str]]:
        return [
            _entry("wrong typ", CONTEXT, self.sign(CONTEXT, header={"typ": "JWT"})),
            _entry("no typ", CONTEXT, self.sign(CONTEXT, header={"typ": None})),
            _entry("a launch token used as context", CONTEXT, self.sign(LAUNCH)),
            _entry("a context token used as launch", LAUNCH, self.sign(CONTEXT)),
            _entry("a launch token without uh", LAUNCH, self.sign(LAUNCH, uh=None)),
        ]

    def about_signatures(self) -> list[dict[str, str]]:
        whole = self.sign(CONTEXT)
        head, body, signature = whole.split(".")
        changed = _part({**_claims(CONTEXT), "sub": "agent:1"})
        mine, kid = self.stranger.as_dict(private=False), self.key.kid
        embedded = self.sign(CONTEXT, key=self.stranger, header={"jwk": mine, "kid": self.stranger.kid})
        pointed = {"jku": "https://evil.example/jwks.json", "kid": self.stranger.kid}
        at_another = self.sign(CONTEXT, key=self.stranger, header={"kid": self.stranger.kid}, iss=OTHER_DESK)
        return [
            _entry("tampered", CONTEXT, f"{head}.{changed}.{signature}"),
            _entry("without its signature", CONTEXT, f"{head}.{body}."),
            _entry("alg none", CONTEXT, f"{_part({'alg': 'none', 'typ': CONTEXT.typ, 'kid': kid})}.{body}."),
            _entry("HS256 signed with the public key", CONTEXT, self.signed_with_public_key()),
            _entry("unknown kid", CONTEXT, self.sign(CONTEXT, header={"kid": "nobody-knows-me"})),
            _entry("no kid", CONTEXT, self.sign(CONTEXT, header={"kid": None})),
            _entry("another key under our kid", CONTEXT, self.sign(CONTEXT, key=self.stranger)),
            _entry("embedded jwk", CONTEXT, embedded),
            _entry("jku of somebody else", CONTEXT, self.sign(CONTEXT, key=self.stranger, header=pointed)),
            _entry("a token of desk X at desk Y", CONTEXT, at_another),
            _entry("an unknown critical header", CONTEXT, self.with_critical_header()),
            _entry("no token at all", CONTEXT, "nonsense"),
        ]

    def about_use(self) -> list[dict[str, str]]:
        first = self.sign(LAUNCH)
        elsewhere = self.sign(LAUNCH, uh=url_hash(f"{ORIGIN}/other"))
        return [
            {**_entry("reused jti", LAUNCH, first), "after": first},
            _entry("URL hash mismatch", LAUNCH, elsewhere),
        ]

    def sign(
        self, kind: Kind, *, key: ECKey | None = None, header: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        told = {"alg": "ES256", "kid": self.key.kid, "typ": kind.typ, **(header or {})}
        told = {name: value for name, value in told.items() if value is not None}
        said = {name: value for name, value in {**_claims(kind), **claims}.items() if value is not None}
        return jwt.encode(told, said, key or self.key, algorithms=["ES256"], default_type=None)

    def signed_with_public_key(self) -> str:
        told = _part({"alg": "HS256", "kid": self.key.kid, "typ": CONTEXT.typ})
        text = f"{told}.{_part(_claims(CONTEXT))}"
        return f"{text}.{_raw(digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"

    def with_critical_header(self) -> str:
        told = {"alg": "ES256", "kid": self.key.kid, "typ": CONTEXT.typ, "crit": ["moon"], "moon": "full"}
        text = f"{_part(told)}.{_part(_claims(CONTEXT))}"
        alg = jws.JWSRegistry.algorithms["ES256"]
        return f"{text}.{_raw(alg.sign(text.encode(), self.key))}"


def _claims(kind: Kind) -> dict[str, Any]:
    about = {
        "iss": DESK,
        "aud": kind.audience(CLIENT),
        "azp": ORIGIN,
        "sub": "agent:7",
        "iat": AT - 5,
        "nbf": AT - 5,
        "exp": AT - 5 + int(kind.lifetime.total_seconds()),
        "jti": _raw(sha256(kind.name.encode()).digest())[:24],
        "sid": f"frame-1.{_mark()}",
        "acct": 1,
        "conv": {"id": 12, "inbox_id": 3},
        "contact": {"id": 40, "identifier": "crm-17", "verified": True},
        "agent": {"id": 7, "role": "agent"},
        "scope": "contact.basic contact.private conversation.basic",
        "plc": "side",
        "seq": AT * 1000,
    }
    return {**about, "uh": url_hash(URL)} if kind is LAUNCH else about


def _mark() -> str:
    return _raw(digest(SECRET_KEY.encode(), f"sign-in {SIGN_IN}".encode(), "sha256"))[:22]


def _entry(why: str, kind: Kind, token: str) -> dict[str, str]:
    return {"why": why, "kind": kind.name, "token": token}


def _part(content: dict[str, Any]) -> str:
    return _raw(json.dumps(content, separators=(",", ":")).encode())


def _raw(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(make(), indent=2) + "\n", encoding="utf-8")
