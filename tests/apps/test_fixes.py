"""The lines that let the desk frame an app: what each makes of an answer that forbids frames."""

# Flask's and Express' are run, and Django's as far as they go without Django; those of servers and languages
# that are not here are read line by line, as their manuals say.

import json
import re
import subprocess
from collections.abc import Callable

import pytest
from flask import Flask

from dashboard.apps.schemas.verdicts import FIXES
from dashboard.apps.schemas.verdicts import Fix
from dashboard.config import CHECKOUT
from dashboard.lib import framing
from tests.support.verifiers import INSTALLED

DESK = "https://desk.example"
APP = "https://app.example"
FORBIDDEN = ("X-Frame-Options", "DENY")
Headers = list[tuple[str, str]]


def by_flask(lines: str) -> Headers:
    theirs = Flask("theirs")
    theirs.add_url_rule("/", view_func=lambda: ("hi", dict([FORBIDDEN])))
    exec(lines, {"app": theirs})
    return list(theirs.test_client().get("/").headers)


def by_express(lines: str) -> Headers:
    runner = CHECKOUT / "tests" / "apps" / "express.mjs"
    command = ["node", str(runner), str(INSTALLED)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return [(name, value) for name, value in json.loads(done.stdout)]


def by_django(lines: str) -> Headers:
    class Answer(dict[str, str]):
        xframe_options_exempt = False

    names: dict[str, Callable[..., Callable[..., Answer]]] = {}
    exec(lines, names)
    answer = names["allow_desk"](lambda request: Answer())(None)
    # Django's own middleware looks at the answer after the last one of the list, and does as it is asked.
    return [*answer.items(), *([] if answer.xframe_options_exempt else [FORBIDDEN])]


def read_by(taken_away: str, added: str) -> Callable[[str], Headers]:
    """A reader of lines that each take a header away or add one."""

    def by_reading(lines: str) -> Headers:
        gone = {name.lower() for name in re.findall(taken_away, lines, re.MULTILINE)}
        kept = [FORBIDDEN] if FORBIDDEN[0].lower() not in gone else []
        return [*kept, *re.findall(added, lines, re.MULTILINE)]

    return by_reading


def by_rails(lines: str) -> Headers:
    (sources,) = re.findall(r"policy\.frame_ancestors (.+)$", lines, re.MULTILINE)
    words = [f"'{word[1:]}'" if word.startswith(":") else word.strip('"') for word in sources.split(", ")]
    kept = [] if f'default_headers.delete("{FORBIDDEN[0]}")' in lines else [FORBIDDEN]
    return [*kept, ("Content-Security-Policy", f"frame-ancestors {' '.join(words)}")]


READERS = {
    "nginx": read_by(r"^proxy_hide_header (\S+);$", r'^add_header (\S+) "(.+)" always;$'),
    "Apache": read_by(r"^Header always unset (\S+)$", r'^Header always set (\S+) "(.+)"$'),
    "Caddy": read_by(r"^    -(\S+)$", r'^    ([\w-]+) "(.+)"$'),
    "Express": by_express,
    "Flask": by_flask,
    "Django": by_django,
    "Rails": by_rails,
    "Laravel": read_by(r"headers->remove\('(.+?)'\)", r"headers->set\('(.+?)', \"(.+?)\"\)"),
}


@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.server)
def test_the_lines_do_what_they_say(fix: Fix) -> None:
    assert judged([FORBIDDEN]) == "blocked"

    headers = READERS[fix.server](fix.for_desk(DESK))

    assert judged(headers) == "works", headers
    assert FORBIDDEN[0].lower() not in {name.lower() for name, _ in headers}
    assert judged(headers, desk="https://other.example") == "blocked", headers


def judged(headers: Headers, desk: str = DESK) -> str:
    return framing.judge(framing.Seen(200, headers, APP), app=APP, desk=desk).word


def test_the_documents_have_the_same_lines() -> None:
    text = (CHECKOUT / "docs" / "apps" / "framing.md").read_text(encoding="utf-8")

    for fix in FIXES:
        assert f"### {fix.server}\n\n```text\n{fix.for_desk('https://desk.example.com')}```\n" in text


def test_the_page_for_app_developers_has_those_of_nginx() -> None:
    (lines,) = [fix.for_desk("https://desk.example.com") for fix in FIXES if fix.server == "nginx"]

    assert f"```nginx\n{lines}```" in (CHECKOUT / "docs" / "app-developers.md").read_text(encoding="utf-8")
