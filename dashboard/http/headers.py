"""Security headers. A page names the origins that it frames; nothing else may be framed, run or loaded."""

from flask import Flask
from flask import Response
from flask import g
from flask import request

_LONGEST_FRAME_LIST = 4096  # characters; beyond it browsers and proxies begin to refuse the header


def register(app: Flask) -> None:
    app.after_request(_protect)


def allow_frames(origins: list[str]) -> None:
    """Let the page of this request frame these origins, each of the strict grammar of `lib.addresses`."""
    g.frame_origins = sorted(set(origins))


def content_security_policy(frame_origins: list[str]) -> str:
    """The policy of a page that frames these origins."""
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
            "form-action 'self'",
            "frame-ancestors 'none'",
            f"frame-src {frames}",
        )
    )


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if response.mimetype == "text/html":
        headers["Content-Security-Policy"] = content_security_policy(g.get("frame_origins", []))
        headers["X-Frame-Options"] = "DENY"
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        is_page = request.method in {"GET", "HEAD"}
        headers.setdefault("Cache-Control", "private, no-cache" if is_page else "no-store")
    elif request.path.startswith("/api"):
        headers.setdefault("Cache-Control", "no-store")
    return response
