"""Reads pages as a careful person would: every page fetched must hold what every page has to hold."""

import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from dashboard.accounts.models import User
from dashboard.accounts.operations.sessions import start_session
from dashboard.extensions import db

UNTYPED = {"submit", "hidden", "button", "image", "reset"}


class DeskClient(FlaskClient):
    """Each request has an application context of its own; what the test wrote is committed before it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


class Page:
    """A browser without a window: `get`, `post` and `submit` return parsed HTML that has been checked."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.response: TestResponse | None = None
        self.html = BeautifulSoup("", "html.parser")

    def sign_in(self, user: User) -> None:
        """Hold a session of this person, without the way through the sign-in page."""
        token = start_session(user)
        with self.client.session_transaction() as session:
            session.clear()
            session.update(_user_id=token, _fresh=True)

    def sign_out(self) -> None:
        with self.client.session_transaction() as session:
            session.clear()

    def get(self, path: str, *, expect: int = 200, **options: Any) -> BeautifulSoup:
        return self._read(self.client.get(path, **options), expect)

    def post(
        self, path: str, fields: Mapping[str, Any] | None = None, *, expect: int = 303, **options: Any
    ) -> BeautifulSoup:
        """Send a form with its CSRF token; `method=` for htmx's PUT, PATCH and DELETE."""
        headers = {"X-CSRFToken": self.csrf_token(), **options.pop("headers", {})}
        method = options.pop("method", "POST")
        return self._read(
            self.client.open(path, method=method, data=fields or {}, headers=headers, **options), expect
        )

    def submit(
        self, selector: str, fields: Mapping[str, Any] | None = None, *, expect: int = 303
    ) -> BeautifulSoup:
        """Fill in a form of the page that is open, and send it as a browser would."""
        form = self.html.select_one(selector)
        assert form is not None and form.name == "form", f"no form {selector}"
        sent = {**_values_of(form), **(fields or {})}
        return self._read(
            self.client.open(str(form["action"]), method=str(form["method"]).upper(), data=sent), expect
        )

    def follow(self) -> BeautifulSoup:
        """Go where the last answer led."""
        assert self.response is not None
        return self.get(self.response.headers["Location"])

    def csrf_token(self) -> str:
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0" * 40)
        return str(URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(raw))

    def _read(self, response: TestResponse, expect: int) -> BeautifulSoup:
        self.response = response
        assert response.status_code == expect, (
            f"{response.request.path}: {response.status}\n{response.text[:2000]}"
        )
        self.html = BeautifulSoup(response.text, "html.parser")
        if response.mimetype == "text/html" and response.text:
            check(self.html, response.text)
        return self.html


def check(html: BeautifulSoup, source: str) -> None:
    """What holds on every page, and on every fragment of one."""
    if html.find("html"):
        _check_headings(html)
    _check_ids(html)
    for field in html.select("input, select, textarea"):
        assert field.get("type") in UNTYPED or _has_label(html, field), f"no label: {field}"
    for form in html.find_all("form"):
        _check_form(form)
    for button in html.find_all("button"):
        assert button.get("type") in {"submit", "button", "reset"}, f"no type: {button}"
    _check_policy(html, source)


def _check_headings(html: BeautifulSoup) -> None:
    headings = html.find_all("h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    title, heading = _text(html.find("title")), _text(headings[0])
    assert heading, "an empty h1"
    assert title.startswith(heading), f"the title “{title}” does not begin with the heading “{heading}”"


def _check_ids(html: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in html.find_all(id=True)]
    twice = {name for name in ids if ids.count(name) > 1}
    assert not twice, f"ids twice: {twice}"


def _check_form(form: Tag) -> None:
    assert form.get("method") and form.get("action"), f"no method or action: {str(form)[:200]}"
    if str(form["method"]).lower() == "post":
        assert form.find("input", attrs={"name": "csrf_token"}), f"no CSRF token: {str(form)[:200]}"


def _check_policy(html: BeautifulSoup, source: str) -> None:
    """Nothing that the Content-Security-Policy would refuse, and nothing from another host."""
    for script in html.find_all("script"):
        assert script.get("src") or script.get("type") == "application/json", f"inline: {str(script)[:200]}"
    assert not html.find_all("style"), "inline style"
    for tag in html.find_all(True):
        written = [name for name in tag.attrs if name == "style" or name.startswith(("on", "hx-on"))]
        assert not written, f"{written} in {str(tag)[:200]}"
    for tag in html.select("script[src], link[href], img[src]"):
        address = str(tag.get("src") or tag.get("href"))
        assert address.startswith(("/", "data:")) and not address.startswith("//"), (
            f"from elsewhere: {address}"
        )
    assert not re.search(r"\{\{ |\{%|&amp;lt;", source), "template left-overs, or text escaped twice"


def _has_label(html: BeautifulSoup, field: Tag) -> bool:
    if field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label"):
        return True
    return bool(field.get("id") and html.find("label", attrs={"for": field["id"]}))


def _values_of(form: Tag) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name]"):
        kind = field.get("type", "text")
        if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        if kind not in {"submit", "button", "file"}:
            values.setdefault(str(field["name"]), []).append(
                field.get("value", "") if field.name == "input" else field.text
            )
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        values[str(select["name"])] = chosen.get("value", chosen.text) if chosen else ""
    return values


def _text(tag: Any) -> str:
    return " ".join(tag.get_text().split()) if tag else ""
