"""What happens around every request, in the order in which it happens."""

from typing import IO
from typing import Any

from flask import Flask
from flask import Request
from flask import g
from flask import request
from flask_babel import get_locale
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.datastructures import MultiDict

from dashboard.accounts.models import Membership
from dashboard.accounts.permissions import Permission
from dashboard.accounts.permissions import may
from dashboard.accounts.queries import memberships_of
from dashboard.extensions import asked_at
from dashboard.extensions import csrf
from dashboard.extensions import db
from dashboard.extensions import settings
from dashboard.extensions import write_intent
from dashboard.http import cors
from dashboard.http import errors
from dashboard.http import filters
from dashboard.http import headers
from dashboard.http import links
from dashboard.http import locale
from dashboard.http import sessions
from dashboard.http import templates
from dashboard.http import tokens
from dashboard.http.arguments import RowNumber
from dashboard.http.current import caller
from dashboard.http.links import link_to
from dashboard.lib.files import waiting_file

_READS = {"GET", "HEAD", "OPTIONS"}
_NULL = "\x00"


class DeskRequest(Request):
    """A request whose files wait beside the uploads until somebody wants them."""

    max_form_memory_size = 2 << 20  # the longest message, each letter of it four bytes, and the other fields

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return waiting_file(settings().incoming_dir)


def register(app: Flask) -> None:
    app.request_class = DeskRequest
    app.url_map.converters["int"] = RowNumber
    app.before_request(_declare_intent)
    sessions.register(app)
    tokens.register(app)
    app.before_request(_protect_forms)
    app.before_request(_drop_null_characters)
    errors.register(app)
    headers.register(app)
    cors.register(app)
    filters.register(app)
    locale.register(app)
    links.register(app)
    templates.register(app)
    app.context_processor(_what_templates_know)


def _protect_forms() -> None:
    """Pages need the session's token to change anything. The API knows nobody by a cookie: it needs none."""
    if not errors.speaks_json():
        csrf.protect()


def _drop_null_characters() -> None:
    """PostgreSQL cannot keep them, and nobody means them. The API's own doors say what they refuse."""
    if errors.speaks_json() or not any(_NULL in text for _, text in request.values.items(multi=True)):
        return
    request.args = _without_null_characters(request.args)
    request.form = _without_null_characters(request.form)


def _without_null_characters(sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(name, text.replace(_NULL, "")) for name, text in sent.items(multi=True)])


def _declare_intent() -> None:
    if request.mimetype == "multipart/form-data":
        _ = request.files  # read before the database is asked: a file must keep nobody from writing
    asked_at.set(request.host_url.rstrip("/"))
    write_intent.set(request.method not in _READS)
    # What a verb has written is what its door answers with: after COMMIT nothing is asked a second time.
    db.session().expire_on_commit = False


def _what_templates_know() -> dict[str, Any]:
    known = caller()
    return {
        "current_user": known.user if known else None,
        "current_account": known.account if known else None,
        "current_membership": known.membership if known else None,
        "may": _may,
        "my_memberships": _my_memberships,
        "asset": _asset,
        "get_locale": get_locale,
    }


def _may(permission: str) -> bool:
    known = caller()
    return may(known.membership if known else None, Permission(permission))


def _my_memberships() -> list[Membership]:
    known = caller()
    if known is None:
        return []
    if known.membership and known.account_count == 1:
        return [known.membership]
    if "memberships" not in g:
        g.memberships = memberships_of(known.user)
    found: list[Membership] = g.memberships
    return found


def _asset(path: str) -> str:
    return link_to("static", filename=path)
