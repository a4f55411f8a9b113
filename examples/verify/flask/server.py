"""A dashboard app with a server of its own, which believes nobody but the desk.

DESK=https://desk.example.com CLIENT_ID=… ORIGIN=https://orders.example.com flask --app server run
"""

import os

from flask import Flask
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from verify import Refused
from verify import Verifier

desk, origin = os.environ["DESK"], os.environ["ORIGIN"]
app = Flask(__name__)
verifier = Verifier(desk=desk, client_id=os.environ["CLIENT_ID"], origin=origin)


@app.route("/", methods=["GET", "POST"])
def open_app() -> ResponseReturnValue:
    """What the desk opens in its frame: as a form, or with the token in the address."""
    url = origin + request.full_path.removesuffix("?")
    claims = verifier.verify(request.values.get("desk_token", ""), "launch", url=url)
    name = escape(claims["agent"].get("email", claims["sub"]))
    return f'<!doctype html><html lang="en"><title>Orders</title><p>Opened by <b id="agent">{name}</b></p>'


@app.get("/orders")
def orders() -> ResponseReturnValue:
    """What the app in the frame asks for later, with a context token instead of a cookie."""
    claims = verifier.verify(request.headers.get("Authorization", "").removeprefix("Bearer "), "context")
    return jsonify(customer=claims.get("contact", {}).get("id"), orders=[{"number": 7, "state": "sent"}])


@app.errorhandler(Refused)
def refuse(error: Refused) -> ResponseReturnValue:
    app.logger.warning("refused: %s", error)
    return "Open this page from your desk.", 403


@app.after_request
def let_the_desk_frame_it(response):  # type: ignore[no-untyped-def]
    response.headers["Content-Security-Policy"] = f"frame-ancestors {desk}"
    return response
