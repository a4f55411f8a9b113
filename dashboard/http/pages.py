"""Answers that pages have in common: a page or a part of it, back to somewhere with a word of success."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask import Response
from flask import flash
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dashboard.extensions import desk_url
from dashboard.http.errors import say
from dashboard.lib.errors import Invalid


def is_htmx() -> bool:
    """Whether htmx asks for something to put into the page that is there."""
    asks = request.headers.get("HX-Request") == "true"
    return asks and request.headers.get("HX-Request-Type") != "full"


def page_or_part(page: str, part: str, **context: Any) -> Response:
    """The whole page, or for htmx the part of it that changes."""
    response = make_response(render_template(part if is_htmx() else page, **context))
    response.vary.add("HX-Request")  # or Back would show the part as if it were the page
    return response


def back_to(url: str, message: str = "", kind: str = "message") -> ResponseReturnValue:
    """See other, with a toast: what a form does after it worked."""
    if message:
        flash(message, kind)
    return redirect(url, 303)


def form_page(template: str, form: FlaskForm, **context: Any) -> tuple[str, int]:
    """The page of a form: with 422 where it was sent, and is shown again for what is wrong with it."""
    return render_template(template, form=form, **context), 422 if form.is_submitted() else 200


@contextmanager
def blaming(form: FlaskForm) -> Iterator[None]:
    """Run a verb with what a form says. What it complains about is put into the form, and the block ends."""
    try:
        yield
    except Invalid as error:
        blame(form, error)


def blame(form: FlaskForm, error: Invalid) -> None:
    """Put a verb's complaints beside the fields they belong to; the rest goes above the form."""
    for problem in error.problems:
        field = form._fields.get(problem.field)
        if field is None:
            form.form_errors.append(say(problem))
        else:
            field.errors = [*field.errors, say(problem)]


def typed_name_is(name: str) -> bool:
    """Whether the form of a confirmation names it; blanks count as people see them."""
    return request.form.get("name", "").split() == name.split()


def public_address(path: str) -> str:
    """A path of this desk as a link to hand over."""
    return desk_url() + path


def local_path(url: str | None, otherwise: str) -> str:
    """`url` if it stays on this desk, else `otherwise`: nobody is led elsewhere by a crafted link."""
    if not url or not url.startswith("/") or url.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or any(ord(letter) < 32 or letter == "\\" for letter in url):
        return otherwise
    return url
