"""The SDK is there for pages on every origin, kept for a while, and mended in place."""

import pytest
from flask import Flask


@pytest.mark.parametrize(("name", "kind"), [("v1.js", "text/javascript"), ("v1.d.ts", "text/plain")])
def test_pages_on_every_origin_may_load_it_and_keep_it_for_a_while(app: Flask, name: str, kind: str) -> None:
    client = app.test_client()

    first = client.get(f"/sdk/{name}")
    again = client.get(f"/sdk/{name}", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype, again.status_code) == (200, kind, 304)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert first.headers["Cache-Control"] == "public, max-age=3600, stale-while-revalidate=604800"
    assert "Set-Cookie" not in first.headers
