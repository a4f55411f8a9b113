"""Laws that can be read off the text: some words may stand in one place only."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAWS = {
    "a transaction is committed by transaction() alone": (r"\bcommit\(", {"transactions.py"}),
    "the time is read in one place": (
        r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(",
        {"lib/clock.py", "http/logs.py"},
    ),
    "chance comes from one place": (
        r"^(import|from) (random|secrets)\b",
        {"lib/tokens.py", "config.py", "server/asgi.py"},
    ),
    "requests to the outside are made in one place": (
        r"^(import|from) (urllib\.request|urllib3|http\.client|requests|httpx)\b",
        {"lib/outgoing.py", "lib/connections.py"},
    ),
    "the environment is read in one place": (
        r"\bos\.(environ|getenv)\b",
        {"config.py", "server/supervisor.py", "server/backup.py"},
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(law: str) -> None:
    pattern, homes = LAWS[law]
    words = re.compile(pattern, re.MULTILINE)
    package = ROOT / "dashboard"
    offenders = [
        str(path.relative_to(package))
        for path in sorted(package.rglob("*.py"))
        if str(path.relative_to(package)) not in homes and words.search(path.read_text(encoding="utf-8"))
    ]
    assert not offenders, f"{law}, but not in {offenders}"


def test_no_test_is_skipped() -> None:
    words = re.compile(r"\bpytest\.skip\b|\bmark\.(skip|skipif|xfail)\b|\bimportorskip\b|\bmark\.flaky\b")
    here = Path(__file__)
    tests = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != here]
    assert not [path.name for path in tests if words.search(path.read_text(encoding="utf-8"))]
