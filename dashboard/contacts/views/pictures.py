"""The pictures of contacts, for whoever has a signed address of one."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard.http.guards import public
from dashboard.http.stored import stored_file
from dashboard.lib.errors import NotFound
from dashboard.lib.file_addresses import picture_in_address
from dashboard.lib.thumbnails import CONTENT_TYPE

KEPT = 24 * 3600  # seconds: another picture has another address

bp = Blueprint("pictures", __name__, url_prefix="/files/pictures")


@bp.get("/<string:ticket>")
@public
def show(ticket: str) -> ResponseReturnValue:
    key = picture_in_address(ticket)
    if key is None:
        raise NotFound
    return stored_file(key, name="picture.webp", content_type=CONTENT_TYPE, seconds=KEPT)
