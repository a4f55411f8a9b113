"""What a signed token for an app is: two kinds that nobody can take for one another."""

from dataclasses import dataclass
from datetime import timedelta

from dashboard.lib.shapes import FLAG
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import Schema

ALGORITHM = "ES256"
SKEW = timedelta(seconds=60)  # by so much clocks may differ
LONGEST_TOKEN = 8192
LONGEST_SESSION = 128
FIELD = "desk_token"  # what a launch token is called in the form, or in the address


@dataclass(frozen=True)
class Kind:
    """One kind of token: `name` stands in its audience, `typ` in its header."""

    name: str
    lifetime: timedelta

    @property
    def typ(self) -> str:
        return f"deskframe-{self.name}+jwt"

    def audience(self, client_id: str) -> str:
        return f"{client_id}/{self.name}"


CONTEXT = Kind("context", timedelta(seconds=120))
LAUNCH = Kind("launch", timedelta(seconds=60))
KINDS = (LAUNCH, CONTEXT)
KIND_OF_TYP = {kind.typ: kind for kind in KINDS}
REQUIRED = ("iss", "aud", "azp", "sub", "iat", "nbf", "exp", "jti", "sid", "acct", "scope")

QUESTION: Schema = {
    "type": "object",
    "required": ["token"],
    "properties": {
        "token": {"type": "string", "minLength": 1, "maxLength": LONGEST_TOKEN},
        "url": {"type": "string", "maxLength": 4096},
    },
}
ANSWER: Schema = {
    "title": "Introspection",
    "type": "object",
    "required": ["active"],
    "properties": {"active": FLAG, "kind": {"enum": [kind.name for kind in KINDS]}, "sub": TEXT, "aud": TEXT},
}
