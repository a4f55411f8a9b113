"""What axe finds wrong with a page."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

COLOURS = ("color-contrast", "link-in-text-block")  # the rules in which a colour scheme has a say
RUN = """async ([context, options]) => {
    for (let still = 0; still < 2; still += 1) { // a change of colours goes down from element to element
        await new Promise(requestAnimationFrame);
        if (document.getAnimations().some(({playState}) => playState === "running")) still = -1;
    }
    const {violations} = await axe.run(context ?? document, options);
    return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html}`));
}"""


def complaints(page: Page, context: Any = None, *, only: tuple[str, ...] = ()) -> list[str]:
    """By all rules, or by these only. `context` is what is looked at, in axe's words."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": list(only)} if only else {})}
    return [f"{page.url}: {found}" for found in page.evaluate(RUN, [context, options])]


def complaints_light_and_dark(page: Page) -> list[str]:
    """By all rules in light. Dark is nothing but other colours, and is asked about those."""
    page.emulate_media(color_scheme="light")
    found = complaints(page)
    page.emulate_media(color_scheme="dark")
    return found + complaints(page, only=COLOURS)
