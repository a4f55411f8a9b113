"""Security headers. A page names the origins that it frames; nothing else may be framed, run or loaded."""

from collections.abc import Iterable

from flask import Flask
from flask import Response
from flask import g
from flask import request

_LONGEST_FRAME_LIST = 4096  # characters; beyond it browsers and proxies begin to refuse the header

_LOCKED = ("camera", "geolocation", "microphone", "payment", "usb")  # for everybody, unless an app has it


def register(app: Flask) -> None:
    app.after_request(_protect)


def allow_frames(origins: list[str], features: dict[str, list[str]]) -> None:
    """Let the page of this request frame these origins, and those of them use these features of the browser.

    Each origin is of the strict grammar of `lib.addresses`.
    """
    g.frame_origins = sorted(set(origins))
    g.frame_features = features


def allow_forms(origins: list[str]) -> None:
    """Let the page of this request send forms to these origins: so are apps opened that want a token."""
    g.form_origins = sorted(set(origins))


def content_security_policy(frame_origins: list[str], form_origins: Iterable[str] = ()) -> str:
    """The policy of a page that frames the first of these origins, and sends forms to the others."""
    frames = " ".join(frame_origins) or "'none'"
    if len(frames) > _LONGEST_FRAME_LIST:
        raise ValueError("too many origins to frame")
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            " ".join(("form-action 'self'", *form_origins)),
            "frame-ancestors 'none'",
            f"frame-src {frames}",
        )
    )


def permissions_policy(features: dict[str, list[str]]) -> str:
    """What the page and its frames may use. A frame needs its `allow` besides, and that its page may too."""
    allowed = dict.fromkeys(_LOCKED, "")
    for feature, origins in features.items():
        allowed[feature] = " ".join(["self", *(f'"{origin}"' for origin in origins)])
    return ", ".join(f"{feature}=({allowed[feature]})" for feature in sorted(allowed))


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if response.mimetype == "text/html":
        headers["Content-Security-Policy"] = content_security_policy(
            g.get("frame_origins", []), g.get("form_origins", [])
        )
        headers["X-Frame-Options"] = "DENY"
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        headers["Permissions-Policy"] = permissions_policy(g.get("frame_features", {}))
        is_page = request.method in {"GET", "HEAD"}
        headers.setdefault("Cache-Control", "private, no-cache" if is_page else "no-store")
    elif request.path.startswith("/api"):
        headers.setdefault("Cache-Control", "no-store")
    return response
