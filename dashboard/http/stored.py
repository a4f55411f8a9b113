"""Stored files as answers: pictures, sound and film to look at, everything else only to keep."""

from urllib.parse import quote

from flask import Response
from flask import request
from flask import send_file

from dashboard.extensions import settings
from dashboard.lib.errors import NotFound
from dashboard.lib.storage import NotStored
from dashboard.lib.storage import storage_of

SHOWN = {"image", "audio", "video"}
_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"


def stored_file(key: str, *, name: str, content_type: str, seconds: int) -> Response:
    """What is kept under this key, for browsers to keep for so many seconds. The shell sends it by itself;
    where there is none around Flask, Flask does.

    Raises:
        NotFound: it is gone.
    """
    if "asgi.scope" in request.environ:
        response = Response(headers={"X-Stored-File": key})
    else:
        try:
            response = send_file(storage_of(settings()).open(key), mimetype=content_type, conditional=False)
        except NotStored:
            raise NotFound from None
    is_shown = content_type.partition("/")[0] in SHOWN
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = (
        f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(name)}"
    )
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"private, max-age={seconds}" if seconds else "private, no-cache"
    return response
