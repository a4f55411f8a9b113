"""Who may frame a page, by its Content-Security-Policies: read and matched exactly as browsers do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_DEFAULT_PORTS = {"http": 80, "https": 443}
_BLANKS = "\t\n\f\r "
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_HOST = re.compile(
    r"(?:([a-z][a-z0-9+.-]*)://)?"
    r"(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)"
    r"(?::([0-9]+|\*))?"
    r"(?:(/[^?#]*)(?:[?#].*)?)?"
)
_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:]+\]|[^/:]+)(?::([0-9]+))?")


@dataclass(frozen=True)
class Policy:
    """One policy that is in force: its directives by name, and each as it was written."""

    header: str  # the value of the header that it came in
    values: dict[str, list[str]]
    written: dict[str, str]


@dataclass(frozen=True)
class _Origin:
    scheme: str
    host: str
    port: int


def policies_of(headers: Iterable[tuple[str, str]]) -> list[Policy]:
    """Every policy in force: a header may hold several, divided by commas. One that only reports is none."""
    values = [value for name, value in headers if name.lower() == "content-security-policy"]
    return [_read(value, part) for value in values for part in value.split(",")]


def may_frame(policy: Policy, *, desk: str, app: str) -> bool:
    """Whether a page at `app` with this policy may be framed by one at `desk`; both are origins."""
    if "frame-ancestors" not in policy.values:
        return True
    # 'none' beside others means nothing, and alone it matches nothing: in both cases it can be passed over.
    return any(matches(source, origin=desk, home=app) for source in policy.values["frame-ancestors"])


def matches(source: str, *, origin: str, home: str) -> bool:
    """Whether one expression of a list names this origin; `home` is the one of whoever wrote the list."""
    source, asked, own = source.lower(), _split(origin), _split(home)
    if asked is None or own is None:
        return False
    if source == "*":
        return True
    if source == "'self'":
        return _is_scheme(own.scheme, asked) and own.host == asked.host and _is_port(str(own.port), asked)
    scheme = _SCHEME.fullmatch(source)
    if scheme:
        return _is_scheme(scheme[1], asked)
    found = _HOST.fullmatch(source)
    if not found or (found[4] or "/") != "/":  # a path is compared too, and an origin has none
        return False
    return (
        _is_scheme(found[1] or own.scheme, asked)
        and _is_host(found[2], asked)
        and _is_port(found[3] or "", asked)
    )


def _read(header: str, text: str) -> Policy:
    values: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for part in text.split(";"):
        directive = part.strip(_BLANKS)
        words = re.split(f"[{_BLANKS}]+", directive)
        name = words[0].lower()
        if directive and directive.isascii() and name not in values:  # the first of a name counts
            values[name] = words[1:]
            written[name] = directive
    return Policy(header, values, written)


def _split(origin: str) -> _Origin | None:
    found = _ORIGIN.fullmatch(origin.lower())
    return _Origin(found[1], found[2], int(found[3] or _DEFAULT_PORTS[found[1]])) if found else None


def _is_scheme(scheme: str, asked: _Origin) -> bool:
    """What is meant for http is meant for https too."""
    return scheme == asked.scheme or (scheme, asked.scheme) == ("http", "https")


def _is_host(host: str, asked: _Origin) -> bool:
    if host == "*":
        return True
    return asked.host.endswith(host[1:]) if host.startswith("*.") else host == asked.host


def _is_port(port: str, asked: _Origin) -> bool:
    usual = _DEFAULT_PORTS[asked.scheme]
    if not port:
        return asked.port == usual
    if port == "*":
        return True
    return int(port[:8]) == asked.port or (int(port[:8]), asked.port) == (80, 443)
