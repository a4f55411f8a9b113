"""Errors become pages for people and upstream's three envelopes for the API."""

from flask import Flask
from flask import Response
from flask import current_app
from flask import jsonify
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import InternalServerError

from dashboard.extensions import db
from dashboard.http.current import caller
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.errors import Problem
from dashboard.lib.files import NO_ROOM
from dashboard.lib.text import N_
from dashboard.lib.text import capital

NO_SUCH_RECORD = "Resource could not be found"
_JSON_PATHS = ("/api/", "/auth/", "/public/api/", "/.well-known/")
PAGES = {400, 403, 404, 413, 422, 429, 500, 503, 507}
_FULL = ("SQLITE_FULL", "53100")  # 53100 is PostgreSQL's disk_full
# Locked by somebody for too long, or not there: PostgreSQL's classes for connections, limits and shut-downs.
_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "08", "53", "55P03", "57P")


class NotSignedIn(Exception):
    """Nobody is signed in, or the token is nobody's."""

    def __init__(self, error: str | None = None) -> None:
        super().__init__(error)
        self.error = error


class AccountMissing(NotFound):
    """The address names no account that exists."""


class NotAMember(Exception):
    """The caller is known but not in the account."""


class ParameterMissing(Exception):
    """The body lacks the one thing it must have."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotJson(Exception):
    """The body says that it is JSON and is not."""


class Refused(Exception):
    """The API refuses for a business reason: upstream's `{"error": …}` with 422."""


def register(app: Flask) -> None:
    """Hang the handlers on the app."""
    for kind, answer in (
        (NotSignedIn, _not_signed_in),
        (NotAMember, _not_a_member),
        (NotFound, _not_found),
        (NotAllowed, _not_allowed),
        (Invalid, _invalid),
        (ParameterMissing, _parameter_missing),
        (NotJson, _not_json),
        (Refused, _refused),
        (CSRFError, _csrf),
        (HTTPException, _http),
        (OperationalError, _no_database),
        (OSError, _no_room),
        (Exception, _unexpected),
    ):
        app.register_error_handler(kind, answer)


def speaks_json() -> bool:
    """Whether this request is for the API: it gets envelopes, not pages."""
    return request.path == "/api" or request.path.startswith(_JSON_PATHS)


def say(problem: Problem) -> str:
    """What is wrong, in the language of the page."""
    message: str = gettext(problem.message)
    return capital(message % problem.values if problem.values else message)


def envelope(error: str, status: int) -> tuple[Response, int]:
    """Upstream's `{"error": …}`."""
    return jsonify(error=error), status


def validation_envelope(problems: list[Problem]) -> tuple[Response, int]:
    """Upstream's body for a validation failure, and beside it `errors`, with a JSON pointer for each."""
    return jsonify(
        message=", ".join(dict.fromkeys(_full_message(problem) for problem in problems)),
        attributes=list(dict.fromkeys(problem.field for problem in problems)),
        errors=_pointers(problems),
    ), 422


def refusal(beginning: str, problems: list[Problem]) -> tuple[Response, int]:
    """Upstream's `{"error": …}` for a value, where it keeps to that one key, and beside it `errors`."""
    sentences = ", ".join(dict.fromkeys(_full_message(problem) for problem in problems))
    return jsonify(error=beginning + sentences, errors=_pointers(problems)), 422


def error_page(status: int, sentence: str = "") -> tuple[str, int]:
    """The page for a status; an htmx request gets the same, it is shown whole."""
    number = status if status in PAGES else (500 if status >= 500 else 400)
    return render_template(f"errors/{number}.html", sentence=sentence), status


def _pointers(problems: list[Problem]) -> list[dict[str, str]]:
    return [
        {"pointer": problem.pointer or f"/{problem.field}", "message": str(problem)} for problem in problems
    ]


def _full_message(problem: Problem) -> str:
    if problem.upstream:
        return problem.upstream
    name = problem.field.replace("_", " ").capitalize()
    text = str(problem)
    return text if text[:1].isupper() else f"{name} {text}"


def _not_signed_in(error: NotSignedIn) -> ResponseReturnValue:
    if speaks_json():
        if error.error:
            return envelope(error.error, 401)
        return jsonify(errors=["You need to sign in or sign up before continuing."]), 401
    if request.headers.get("HX-Request"):
        back = request.headers.get("HX-Current-URL", "")
        return "", 401, {"HX-Redirect": url_for("auth.login", next=_path_of(back))}
    is_page = request.method in {"GET", "HEAD"}
    back = request.full_path.rstrip("?") if is_page else _path_of(request.referrer or "")
    return redirect(url_for("auth.login", next=back))


def _path_of(url: str) -> str:
    rest = url.removeprefix(request.host_url.rstrip("/"))
    return rest if rest.startswith("/") else "/"


def _not_a_member(_: NotAMember) -> ResponseReturnValue:
    if speaks_json():
        return envelope("You are not authorized to access this account", 401)
    return error_page(404)


def _not_found(_: NotFound) -> ResponseReturnValue:
    return envelope(NO_SUCH_RECORD, 404) if speaks_json() else error_page(404)


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    if speaks_json():
        return envelope(error.sentence, 401)
    is_usual = error.sentence == NotAllowed().sentence
    return error_page(403, "" if is_usual else gettext(error.sentence))


def _invalid(error: Invalid) -> ResponseReturnValue:
    db.session.rollback()
    if speaks_json():
        return validation_envelope(error.problems)
    return error_page(422, " ".join(say(problem) for problem in error.problems))


def _parameter_missing(error: ParameterMissing) -> ResponseReturnValue:
    return envelope(f"param is missing or the value is empty: {error.name}", 422)


def _not_json(_: NotJson) -> ResponseReturnValue:
    return envelope("The body is not valid JSON", 400)


def _refused(error: Refused) -> ResponseReturnValue:
    return envelope(str(error), 422)


def _csrf(_: CSRFError) -> ResponseReturnValue:
    if request.headers.get("HX-Request") and caller() is None:  # the token went with the session
        return _not_signed_in(NotSignedIn())
    sentence = gettext("This form is from an older session. Go back, reload the page and send it again.")
    return error_page(400, sentence)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if speaks_json():
        names = {
            404: NO_SUCH_RECORD,
            405: "Method not allowed",
            413: "The body is too large",
            429: "Too many requests: come back after the seconds that Retry-After says",
        }
        return envelope(names.get(error.code, error.name), error.code)
    return error_page(error.code)


def _no_database(error: OperationalError) -> ResponseReturnValue:
    """The database is full, or busy, or gone: whoever asked is told so, and that nothing was kept."""
    name = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""
    if name.startswith(_FULL):
        return _unavailable(error, 507, N_("The disk of the desk is full. Nothing was saved."))
    if name and not name.startswith(_AWAY):
        return _unexpected(error)
    return _unavailable(
        error, 503, N_("The database is busy or cannot be reached. Nothing was saved: try again in a moment.")
    )


def _no_room(error: OSError) -> ResponseReturnValue:
    if error.errno not in NO_ROOM:
        return _unexpected(error)
    return _unavailable(error, 507, N_("The disk of the desk is full. Nothing was saved."))


def _unavailable(error: Exception, status: int, sentence: str) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.error("%s %s: %s", request.method, request.path, error)
    answer = make_response(
        envelope(sentence, status) if speaks_json() else error_page(status, gettext(sentence))
    )
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Anything nobody foresaw: logged with its trace, answered without it."""
    db.session.rollback()
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _http(InternalServerError())
