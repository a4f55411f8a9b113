"""The desk in a language that nobody speaks."""

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import get_babel

from tests.support.cast import Cast
from tests.support.page import Page
from tests.support.pseudo import LOCALE
from tests.support.pseudo import write_catalog


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translations")
    write_catalog(folder)
    return folder


@pytest.fixture
def strange_page(app: Flask, page: Page, cast: Cast, catalog: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Pages for people whose language it is: everybody of the cast, and strangers by their browser."""
    monkeypatch.setattr(get_babel(app), "translation_directories", [str(catalog)])
    for person in (cast.ada, cast.bo):
        person.locale = LOCALE
    page.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = LOCALE
    return page
