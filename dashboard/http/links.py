"""Addresses of our own pages, remembered: a page has fifty, and to build them was a tenth of its time."""

from functools import lru_cache
from typing import Any

from flask import Flask
from flask import url_for


def register(app: Flask) -> None:
    app.jinja_env.globals["url_for"] = link_to


def link_to(endpoint: str, **values: Any) -> str:
    """What Flask's `url_for` says of a page of the desk: a path, which no request changes."""
    try:
        return _built(endpoint, tuple([(name, type(value), value) for name, value in values.items()]))
    except TypeError:  # a value that cannot be remembered, such as a list
        return url_for(endpoint, **values)


@lru_cache(maxsize=8192)
def _built(endpoint: str, values: tuple[tuple[str, type, Any], ...]) -> str:
    return url_for(endpoint, **{name: value for name, _, value in values})
