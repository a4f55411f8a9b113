"""The receivers among the examples: they take what is their desk's, and nothing else, each event once."""

import importlib.util
import json
import subprocess
from types import ModuleType
from typing import Any

import pytest

from dashboard.config import CHECKOUT
from docs.signatures import FILE
from docs.signatures import make

EXAMPLES = CHECKOUT / "examples" / "webhooks"
VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
Vector = dict[str, Any]


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", EXAMPLES / "flask" / "verify.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_published_requests_are_those_that_are_made() -> None:
    assert make() == VECTORS, "python -m docs.signatures, and commit the file"


@pytest.mark.parametrize("vector", VECTORS["good"], ids=lambda vector: vector["why"])
def test_python_takes_what_is_good(example: ModuleType, vector: Vector) -> None:
    taken = example.verify(
        vector["headers"], vector["body"].encode(), VECTORS["secret"], now=lambda: VECTORS["at"]
    )

    assert taken == vector["headers"]["X-Chatwoot-Delivery"]


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=lambda vector: vector["why"])
def test_python_refuses_what_is_bad(example: ModuleType, vector: Vector) -> None:
    with pytest.raises(example.Refused):
        example.verify(
            vector["headers"], vector["body"].encode(), VECTORS["secret"], now=lambda: VECTORS["at"]
        )


def test_node_judges_alike() -> None:
    command = ["node", str(CHECKOUT / "tests/webhooks/verify.mjs"), str(EXAMPLES / "node"), str(FILE)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    judged = json.loads(done.stdout)
    taken = {each["why"] for each, is_good in zip(VECTORS["bad"], judged["bad"], strict=True) if is_good}
    assert taken == set()
    assert judged["good"] == [True] * len(VECTORS["good"])
