"""Events speak one language, and whoever listens listens to one that exists."""

import ast
from collections.abc import Iterator
from pathlib import Path

from dashboard.wiring import DURABLE
from dashboard.wiring import LIVE

PACKAGE = Path(__file__).parents[2] / "dashboard"
OF_VERBS = {"actor", "changes"}  # events say performer, changed_attributes, previous_changes


def recorded() -> Iterator[tuple[str, set[str]]]:
    """Every event that a verb records, with what it tells."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
                told = {word.arg for word in node.keywords if word.arg}
                names = [each for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
                yield from ((str(name.value), told) for name in names)


def test_events_speak_one_language() -> None:
    wrong = [(name, told & OF_VERBS) for name, told in recorded() if told & OF_VERBS]
    assert not wrong


def test_who_listens_listens_to_something() -> None:
    names = {name for name, _ in recorded()}
    assert set(DURABLE) | set(LIVE) <= names


def test_what_is_told_of_a_message_or_a_conversation_is_enough_to_show_it() -> None:
    needed = {
        "message.created": {"message", "conversation", "performer"},
        "message.updated": {"message", "conversation", "previous_changes", "performer"},
        "conversation.updated": {"conversation", "changed_attributes", "performer"},
        "contact.updated": {"contact", "changed_attributes", "performer"},
    }
    assert not [(name, needed[name] - told) for name, told in recorded() if needed.get(name, set()) - told]
