"""The API speaks of itself: that it is there, its description for machines, and the same for people."""

from typing import Any

from flask import Blueprint
from flask import current_app
from flask import jsonify
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.http.chapters import chapters
from dashboard.http.chapters import refusals
from dashboard.http.chapters import shared
from dashboard.http.guards import public
from dashboard.http.openapi import describes
from dashboard.http.openapi import document
from dashboard.lib.shapes import TEXT
from dashboard.lib.shapes import envelope

GREETING = envelope(name=TEXT, openapi=TEXT, docs=TEXT)

bp = Blueprint("reference", __name__, url_prefix="/api")


@bp.get("")
@public
@describes("Say that the API is there", answer=GREETING)
def greet() -> ResponseReturnValue:
    return jsonify(name="Deskframe", openapi="/api/openapi.json", docs="/api/docs")


@bp.get("/openapi.json")
@public
@describes("Describe the API", answer={"type": "object", "required": ["openapi", "paths"]})
def openapi() -> ResponseReturnValue:
    return jsonify(_document())


@bp.get("/docs")
@public
def docs() -> ResponseReturnValue:
    told = _document()
    return render_template(
        "api/docs.html", document=told, chapters=chapters(told), refusals=refusals(told), shared=shared
    )


def _document() -> dict[str, Any]:
    return document(current_app, server=request.host_url.rstrip("/"))
