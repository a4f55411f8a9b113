"""The law of attacks: what an app, or whoever stands behind one, might try has a test that tries it."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
MARK = re.compile(r"@pytest\.mark\.attack\(([\d, ]+)\)")

ATTACKS = {
    1: "a hello from another window: a frame in the frame, a sibling, a popup",
    2: "a hello from the right window at another origin",
    3: "origins that look alike, and none at all",
    4: "an event that a script made up",
    5: "asking for the context in the name of another frame",
    6: "two apps of one origin with different scopes",
    7: "a second hello, a welcome used again",
    8: "an action without its grant, beyond the agent's rights, for another context or conversation",
    9: "names and values that no request has: prototypes, cycles, dates, depths, megabytes",
    10: "ten thousand messages a second",
    11: "a thousand hellos",
    12: "heights that are none",
    13: "words that pretend to be the desk's own, with markup or turned around",
    14: "addresses that run or mislead",
    15: "a draft with markup, too long, while somebody writes, for whom the agent has left",
    16: "the clipboard without a click",
    17: "listening on after leading the frame elsewhere",
    18: "another page of the app's own origin: the origin is what is trusted",
    19: "a quick change of conversation while something is on its way",
    20: "an agent who loses the conversation or the app while it is open",
    21: "an app that is paused, deleted or moved while it is open",
    22: "fields outside the scope, at any depth",
    23: "private notes",
    24: "a name that ends the block of the page",
    25: "addresses that are no web pages, when saved and when shown",
    26: "addresses that programs read in different ways",
    27: "an origin that the browser disputes",
    28: "variables that leave their place in an address",
    29: "line breaks on the way into a header",
    30: "an origin that would write into the page's policy",
    31: "a file of apps with more than belongs in it",
    32: "settings by whoever is no administrator, forged, or of another account",
    33: "an app on the desk's own origin or another name of it",
    34: "leading the whole window away",
    35: "windows that an app opens",
    36: "dialogs without end",
    37: "taking the focus, the screen, the pointer, the sound; holding back who leaves",
    38: "a file instead of a page",
    39: "features of the browser that nobody granted",
    40: "the desk in a frame of others; an app over the desk",
    41: "what a frame can read of its surroundings",
    42: "what an app has kept in another desk",
    43: "tokens that are forged, old, for others or of the other kind",
    44: "a token after signing out, another role, a pause",
    45: "leading the desk's own requests to inner addresses",
    46: "headers that browsers read in odd ways",
    47: "headers with markup on the page of a check",
    48: "checks by anybody, or without end",
    49: "each format to each kind of listener, and how often",
    50: "the listeners of the guides, which must hear every field",
}


def test_every_attack_is_tried() -> None:
    tried = {
        int(case)
        for path in TESTS.rglob("test_*.py")
        for cases in MARK.findall(path.read_text())
        for case in cases.split(",")
    }

    assert tried == set(ATTACKS)
