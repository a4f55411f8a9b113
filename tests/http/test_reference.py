"""The API's own page: everything of the description, for people."""

from typing import Any

from flask import Flask

from tests.support.page import Page


def test_the_page_shows_every_door(app: Flask, page: Page, api: Any) -> None:
    told = api().get("/api/openapi.json")

    html = page.get("/api/docs")

    text = html.get_text()
    for path, methods in told["paths"].items():
        assert path in text
        for operation in methods.values():
            assert operation["summary"] in text
    assert html.h1.text == "The API of Deskframe"


def test_the_page_loads_nothing_from_elsewhere(app: Flask, page: Page) -> None:
    html = page.get("/api/docs")

    policy = page.response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    addresses = [str(tag.get("src") or tag.get("href")) for tag in html.select("[src], link, a")]
    assert all(address.startswith(("/", "#")) for address in addresses)
    assert all(html.select_one(address) for address in addresses if address.startswith("#"))
