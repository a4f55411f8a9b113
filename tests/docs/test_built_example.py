"""The example with a build: its files are the ones that its source makes, checked against the SDK's types."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from dashboard.config import CHECKOUT

EXAMPLE = CHECKOUT / "examples" / "orders-react"


def test_its_built_files_are_those_of_its_source(tmp_path: Path) -> None:
    run("vite/bin/vite.js", "build", "--outDir", str(tmp_path), "--emptyOutDir", "--logLevel", "error")

    assert contents(EXAMPLE / "dist") == contents(tmp_path), "npm run build, and commit what is in dist/"


def test_its_types_fit_together_with_those_of_the_sdk() -> None:
    run("typescript/bin/tsc")

    served = CHECKOUT / "static" / "sdk" / "v1.d.ts"
    assert (EXAMPLE / "src" / "sdk" / "v1.d.ts").read_bytes() == served.read_bytes()


def test_it_asks_for_exact_versions_and_for_no_registry() -> None:
    package = json.loads((EXAMPLE / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((EXAMPLE / "package-lock.json").read_text(encoding="utf-8"))
    asked = {**package["dependencies"], **package["devDependencies"]}

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    assert all("resolved" not in entry for entry in lock["packages"].values())


def run(tool: str, *words: str) -> None:
    """One of the example's own tools, as `npm run build` runs it."""
    script = EXAMPLE / "node_modules" / tool
    if not script.exists():
        pytest.fail(f"what builds it is not installed: npm ci --prefix {EXAMPLE.relative_to(CHECKOUT)}")
    done = subprocess.run(
        ["node", str(script), *words],
        cwd=EXAMPLE,
        env={**os.environ, "NODE_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
