"""What programs in other people's pages may ask: doors that know nobody by a cookie."""

from flask import Flask
from flask import Response
from flask import request

OPEN_TO_EVERY_ORIGIN = ("/public/api/", "/.well-known/")
_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_A_DAY = "86400"


def register(app: Flask) -> None:
    app.after_request(_open)


def _open(response: Response) -> Response:
    if not request.path.startswith(OPEN_TO_EVERY_ORIGIN):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = "*"
        response.headers["Access-Control-Max-Age"] = _A_DAY
    return response
