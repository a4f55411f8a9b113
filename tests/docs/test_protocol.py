"""What the reference of the protocol and the types of the SDK name is what there is."""

import re

from dashboard.apps.schemas.access import ACTIONS
from dashboard.apps.schemas.access import LIMITS
from dashboard.apps.schemas.calls import CODES
from dashboard.config import CHECKOUT

PROTOCOL = (CHECKOUT / "docs" / "apps" / "protocol.md").read_text(encoding="utf-8")
TYPES = (CHECKOUT / "static" / "sdk" / "v1.d.ts").read_text(encoding="utf-8")
HOST = (CHECKOUT / "static" / "js" / "frames" / "native" / "actions.js").read_text(encoding="utf-8")


def test_every_action_is_documented_and_known_to_the_page() -> None:
    known = set(re.findall(r'^  \["([a-z.]+)"', HOST, re.MULTILINE))
    told = set(re.findall(r"`([a-z]+(?:\.[a-z]+)?)`", PROTOCOL))

    assert known == {*ACTIONS, "modal.close"}
    assert known <= told


def test_every_code_is_documented_and_has_a_type() -> None:
    codes = {*CODES, "stale_context", "timeout"}

    assert set(re.findall(r"^\| `([a-z_]+)` \|", PROTOCOL.partition("## Codes")[2], re.MULTILINE)) >= codes
    assert set(re.findall(r'"([a-z_]+)"', TYPES.partition("export class")[0])) == codes


def test_the_page_about_the_sdk_names_what_its_types_do() -> None:
    page = (CHECKOUT / "docs" / "apps" / "sdk.md").read_text(encoding="utf-8")
    members = TYPES.partition("export interface Desk {")[2].partition("\n}")[0]
    typed = set(re.findall(r"^  (?:readonly )?(\w+)", members, re.MULTILINE))
    rows = "".join(re.findall(r"^\| (`[^|]+) \|", page.partition("## The desk")[2], re.MULTILINE))

    assert set(re.findall(r"`(\w+)", rows)) | set(re.findall(r"desk\.(\w+)", page)) == typed


def test_the_limits_that_an_app_is_told_are_those_that_the_page_keeps() -> None:
    budget = (CHECKOUT / "static/js/lib/native/budget.js").read_text(encoding="utf-8")
    weigh = (CHECKOUT / "static/js/lib/native/weigh.js").read_text(encoding="utf-8")
    messages = f"perSecond: {LIMITS['messages_per_second']}, burst: {LIMITS['burst']}"

    assert f"{messages}, pending: {LIMITS['pending_calls']}" in budget
    assert f"DEEPEST = {LIMITS['depth']};" in weigh
    assert f"{LIMITS['message_bytes'] // 1024} KiB" in PROTOCOL
