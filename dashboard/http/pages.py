"""Answers that pages have in common: a page or its fragment, back to somewhere with a word of success."""

from urllib.parse import urlsplit

from flask import flash
from flask import redirect
from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dashboard.http.errors import say
from dashboard.lib.errors import Invalid


def is_htmx() -> bool:
    """Whether htmx asks and will put the answer into the page that is there."""
    return request.headers.get("HX-Request") == "true"


def back_to(url: str, message: str = "") -> ResponseReturnValue:
    """See other, with a toast: what a form does after it worked."""
    if message:
        flash(message)
    return redirect(url, 303)


def blame(form: FlaskForm, error: Invalid) -> None:
    """Put a verb's complaints beside the fields they belong to; the rest goes above the form."""
    for problem in error.problems:
        field = form._fields.get(problem.field)
        if field is None:
            form.form_errors.append(say(problem))
        else:
            field.errors = [*field.errors, say(problem)]


def local_path(url: str | None, otherwise: str) -> str:
    """`url` if it stays on this desk, else `otherwise`: nobody is led elsewhere by a crafted link."""
    if not url or not url.startswith("/") or url.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or any(ord(letter) < 32 or letter == "\\" for letter in url):
        return otherwise
    return url
