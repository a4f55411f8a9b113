"""Scripts are sent without what only their readers need, and say the same."""

import json
import os
import subprocess
from pathlib import Path

from dashboard.config import CHECKOUT
from dashboard.server.files import content_of

STATIC = CHECKOUT / "static"
WITH_ESBUILD = CHECKOUT / "examples" / "orders-react" / "package.json"


def differing(scripts: list[tuple[str, str, str]]) -> list[str]:
    """The names of those whose source and whose sent text are not the same program."""
    command = ["node", str(Path(__file__).with_name("same_script.mjs")), str(WITH_ESBUILD)]
    done = subprocess.run(command, input=json.dumps(scripts), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_every_script_of_ours_is_sent_as_the_same_program():
    sources = sorted((STATIC / "js").rglob("*.js"))
    scripts = [(file.name, file.read_text(), content_of(file, STATIC).decode()) for file in sources]

    assert len(scripts) > 100
    assert differing(scripts) == []
    assert [name for name, source, sent in scripts if len(sent) >= len(source)] == []


def test_another_program_would_be_noticed():
    assert differing([("a.js", "let a = 1;", "let a = 2;")]) == ["a.js"]


def test_what_comes_from_elsewhere_and_the_sdk_are_sent_as_they_are():
    for file in [*(STATIC / "vendor").glob("*.js"), *(STATIC / "sdk").glob("*.js")]:
        assert content_of(file, STATIC) == file.read_bytes()


def test_a_script_that_is_written_anew_is_sent_anew(tmp_path):
    script = tmp_path / "js" / "main.js"
    script.parent.mkdir()
    script.write_text("// why\nlet a;\n")
    assert content_of(script, tmp_path) == b"let a;"

    script.write_text("// why not\nlet b;\n")
    os.utime(script, ns=(0, 0))  # clocks of file systems are slower than tests

    assert content_of(script, tmp_path) == b"let b;"
