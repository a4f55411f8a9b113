"""The browser has the last word on origins: for every address that we take, it must agree."""

import pytest
from playwright.sync_api import Page

from dashboard.lib.addresses import origin_of
from dashboard.lib.variables import filled
from tests.lib.test_addresses import ACCEPTED
from tests.lib.test_addresses import CASES

pytestmark = pytest.mark.browser

HOSTILE = "https://evil.example/@evil.example:80\\evil.example?{{x}}&a=1#'../.."
LISTED = [case["input"] for case in CASES if case["strict_accepts"]]


def test_an_accepted_address_has_the_browsers_origin(browser_page: Page) -> None:
    urls = [*LISTED, *ACCEPTED]

    in_browser = browser_page.evaluate("urls => urls.map(url => new URL(url).origin)", urls)
    encoded = browser_page.evaluate(
        "urls => urls.map(url => [new URL(url).origin, new URL(url).href])",
        [filled(url, lambda name: HOSTILE) for url in urls],
    )

    assert dict(zip(urls, in_browser, strict=True)) == {url: origin_of(url) for url in urls}
    assert [origin for origin, _href in encoded] == in_browser
    assert not [href for _origin, href in encoded if "{" in href or "}" in href]
