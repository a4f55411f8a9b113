"""Does a browser show this answer in a frame of the desk, and does the desk reach it there?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import urlsplit

from dashboard.lib.ancestors import Policy
from dashboard.lib.ancestors import matches
from dashboard.lib.ancestors import may_frame
from dashboard.lib.ancestors import policies_of
from dashboard.lib.permissions_policy import switched_off

Headers = Sequence[tuple[str, str]]

# Each cause of a verdict, and the verdict. `deaf` is shown, but is never told of a conversation; `broken` is
# shown as an error; of the `unknown` only the reader's browser can say.
VERDICTS = {
    "fine": "works",
    "own": "blocked",
    "mixed": "blocked",
    "ipv6": "blocked",
    "address": "blocked",
    "empty": "blocked",
    "download": "blocked",
    "elsewhere": "blocked",
    "ancestors": "blocked",
    "frame_options": "blocked",
    "foreign": "deaf",
    "upgraded": "deaf",
    "scripts": "deaf",
    "opaque": "deaf",
    "status": "broken",
    "dns": "broken",
    "tls": "broken",
    "unreachable": "broken",
    "unreadable": "broken",
    "moved": "broken",
    "internal": "unknown",
}
WARNINGS = ("cookies", "features", "local_network", "not_html", "placeholder", "sign_in")
LONGEST_HEADER = 200

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SIGN_IN = re.compile(
    r"(?:^|[/._-])"
    r"(?:log[_-]?in|sign[_-]?in|auth|authn|authenticate|authorize|sso|saml|oauth\d?|openid|cas)"
    r"(?:[/._-]|$)",
    re.IGNORECASE,
)
_HTML = {"", "text/html", "application/xhtml+xml"}


@dataclass(frozen=True)
class Verdict:
    """`header` is the one to blame, as it was sent; `about` is the status or the origin that is meant."""

    cause: str
    header: str = ""
    about: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return VERDICTS[self.cause]

    def warned(self, *warnings: str) -> "Verdict":
        return replace(self, warnings=tuple(sorted({*self.warnings, *warnings})))


@dataclass(frozen=True)
class Seen:
    """What came back in the end, and from which origin."""

    status: int
    headers: Headers
    origin: str
    path: str = "/"
    features: Sequence[str] = ()  # of the browser, that the app is given


def judge(seen: Seen, *, app: str, desk: str, stands_in: bool = False) -> Verdict:
    """What a browser makes of it in a frame of the desk; the app's pinned origin is `app`. Where something
    stood in for a placeholder, an error says nothing."""
    verdict = (
        _by_answer(seen, stands_in)
        or _by_origin(seen, app)
        or _by_ancestors(seen, desk)
        or _by_sandbox(seen)
        or Verdict("fine")
    )
    return verdict.warned(*_warnings(seen, stands_in))


def led_to(url: str) -> Verdict:
    """It led to an address that the desk's own policy does not let into the frame."""
    parts = urlsplit(url)
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    verdict = Verdict("elsewhere", shown("Location", place), place[:LONGEST_HEADER])
    return verdict.warned("sign_in") if _SIGN_IN.search(parts.path) else verdict


def may_enter(origin: str, *, allowed: Sequence[str], desk: str) -> bool:
    """Whether the desk's policy lets a frame go there: an origin that is allowed, or the same over https."""
    return any(matches(each, origin=origin, home=desk) for each in allowed)


def shown(name: str, value: str) -> str:
    """A header as people may read it: on one line, not too long."""
    return _CONTROLS.sub(" ", f"{name}: {value}")[:LONGEST_HEADER].rstrip()


def _by_answer(seen: Seen, stands_in: bool) -> Verdict | None:
    if seen.status in {204, 205, 304}:
        return Verdict("empty", about=str(seen.status))
    for value in _values(seen.headers, "content-disposition"):
        if _is_download(value):
            return Verdict("download", shown("Content-Disposition", value))
    if seen.status >= 400 and not stands_in:
        return Verdict("status", about=str(seen.status))
    return None


def _by_origin(seen: Seen, app: str) -> Verdict | None:
    if seen.origin == app:
        return None
    return Verdict("upgraded" if matches(app, origin=seen.origin, home=app) else "foreign", about=seen.origin)


def _by_ancestors(seen: Seen, desk: str) -> Verdict | None:
    """Where a policy says who may frame the page, X-Frame-Options says nothing."""
    policies = [each for each in policies_of(seen.headers) if "frame-ancestors" in each.values]
    for policy in policies:
        if not may_frame(policy, desk=desk, app=seen.origin):
            return Verdict("ancestors", _policy_shown(policy, "frame-ancestors"))
    values = _values(seen.headers, "x-frame-options")
    if not policies and _forbids(values):
        return Verdict("frame_options", shown("X-Frame-Options", ", ".join(values)))
    return None


def _by_sandbox(seen: Seen) -> Verdict | None:
    policies = [each for each in policies_of(seen.headers) if "sandbox" in each.values]
    for token, cause in (("allow-scripts", "scripts"), ("allow-same-origin", "opaque")):
        for policy in policies:
            if token not in [word.lower() for word in policy.values["sandbox"]]:
                return Verdict(cause, _policy_shown(policy, "sandbox"))
    return None


def _policy_shown(policy: Policy, directive: str) -> str:
    """The whole header where there is room for it, else what it says of this."""
    whole = shown("Content-Security-Policy", policy.header)
    is_whole = len("Content-Security-Policy: " + policy.header.rstrip()) <= LONGEST_HEADER
    return whole if is_whole else shown("Content-Security-Policy", policy.written[directive])


def _forbids(values: list[str]) -> bool:
    words = {word.strip("\t ").lower() for value in values for word in _divided(value)}
    if len(words) > 1:
        return bool(words & {"deny", "allowall", "sameorigin"})
    return bool(words & {"deny", "sameorigin"})


def _divided(value: str) -> list[str]:
    """At its commas, but for those between quotes."""
    parts, start, is_quoted = [], 0, False
    for place, letter in enumerate(value):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == "," and not is_quoted:
            parts.append(value[start:place])
            start = place + 1
    return [*parts, value[start:]]


def _is_download(disposition: str) -> bool:
    kind = disposition.partition(";")[0].strip().lower()
    return kind not in {"", "inline"} and "=" not in kind


def _warnings(seen: Seen, stands_in: bool) -> list[str]:
    found = []
    if any(not _is_kept_in_frames(value) for value in _values(seen.headers, "set-cookie")):
        found.append("cookies")
    if _SIGN_IN.search(seen.path):
        found.append("sign_in")
    if stands_in:
        found.append("placeholder")
    types = _values(seen.headers, "content-type")
    if types and types[-1].partition(";")[0].strip().lower() not in _HTML:
        found.append("not_html")
    if switched_off(seen.headers, seen.features, origin=seen.origin):
        found.append("features")
    return found


def _is_kept_in_frames(cookie: str) -> bool:
    attributes = {"".join(part.split()).lower() for part in cookie.split(";")[1:]}
    return attributes >= {"samesite=none", "secure", "partitioned"}


def _values(headers: Headers, wanted: str) -> list[str]:
    return [value for name, value in headers if name.lower() == wanted]
