"""The law of the house: imports go down a floor, or on the same one to an elder street or next door."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "dashboard"

FLOORS: tuple[set[str], ...] = (
    {"extensions", "config", "transactions", "lib"},  # 0 the ground
    {"models"},  # 1 nouns
    {"queries", "permissions", "schemas", "rooms", "bus", "hub", "presence", "contract"},  # 2 readings
    {"serializers", "payloads"},  # 3 faces
    {"operations", "adapter", "registry", "worker"},  # 4 verbs
    {"listeners", "jobs", "forms"},  # 5 reactions and questions
    {"http"},  # 6 the lobby
    {"views", "api", "socket"},  # 7 doors
    {"wiring", "cli", "server"},  # 8 the switchboard
    {"application", "__init__"},  # 9 the roof
)
STREETS = (
    "queue",
    "accounts",
    "attributes",
    "labels",
    "canned",
    "contacts",
    "bots",
    "inboxes",
    "conversations",
    "apps",
    "webhooks",
    "channels.api",
    "channels.whatsapp",
    "channels",
    "realtime",
    "sample",
)
# Shared rooms are a floor by themselves; within one, the elder stands first.
SHARED = (
    "config",
    "extensions",
    "lib",
    "transactions",
    "http",
    "wiring",
    "server",
    "cli",
    "application",
    "__init__",
)
DOORS, SWITCHBOARD = 7, 8
FLASK = re.compile(r"(flask|flask_\w+|werkzeug|wtforms)(\.|$)")
MAY_KNOW_FLASK = {
    "extensions",
    "forms",
    "http",
    "views",
    "api",
    "cli",
    "wiring",
    "server",
    "application",
    "__init__",
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        yield ".".join(parts if len(parts) == 2 else parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())
EVERY_MODULE = pytest.mark.parametrize("module", sorted(MODULES))


def address_of(module: str) -> tuple[str, str]:
    """Street and floor: dashboard.apps.views.edit → apps, views; dashboard.http.guards → http, http."""
    parts = module.split(".")[1:] or ["__init__"]
    if parts[0] in SHARED:
        return parts[0], parts[0]
    street = next((street for street in STREETS if ".".join(parts).startswith(f"{street}.")), parts[0])
    rest = parts[street.count(".") + 1 :]
    return street, rest[0] if rest else "package"


def floor_of(module: str) -> int:
    _, kind = address_of(module)
    found = [number for number, kinds in enumerate(FLOORS) if kind in kinds]
    assert found, f"{module}: no floor is called {kind}"
    return found[0]


def age_of(module: str) -> int:
    street, _ = address_of(module)
    order = SHARED if street in SHARED else STREETS
    assert street in order, f"{module}: put the street {street} in its place among the elders"
    return order.index(street)


def imports_of(path: Path) -> Iterator[str]:
    """What a module imports when it runs; what it only names for the type checker does not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = [ast.Pass()]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (_deepest(f"{node.module}.{alias.name}", str(node.module)) for alias in node.names)


def _deepest(name: str, module: str) -> str:
    """`from dashboard.http import guards` names a module, `from dashboard.config import Config` not."""
    return name if name in MODULES else module


def own_imports_of(path: Path) -> set[str]:
    return {target for target in imports_of(path) if target in MODULES}


def complaint(module: str, target: str) -> str | None:
    """What is wrong with this import; None where it is allowed."""
    here, there = address_of(module), address_of(target)
    floor, below = floor_of(module), floor_of(target)
    if here == there or below < floor:
        return None
    if below > floor:
        return f"{module} (floor {floor}) must not import {target} (floor {below})"
    if here[0] == there[0] or floor == SWITCHBOARD:  # which may know everything, but not in circles
        return None
    if floor == DOORS:
        return f"a door never opens onto a door: {module} imports {target}"
    return None if age_of(target) < age_of(module) else f"{module} must not import the younger {target}"


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("dashboard.apps.views.settings", "dashboard.apps.operations.apps"),
        ("dashboard.apps.operations.apps", "dashboard.inboxes.operations"),
        ("dashboard.apps.views.settings", "dashboard.apps.views.formats"),
        ("dashboard.channels.listeners", "dashboard.channels.api.adapter"),
        ("dashboard.server.worker", "dashboard.wiring"),
    ],
)
def test_the_law_allows(module: str, target: str) -> None:
    assert complaint(module, target) is None


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("dashboard.apps.views.settings", "dashboard.conversations.views.thread"),
        ("dashboard.apps.queries.apps", "dashboard.apps.operations"),
        ("dashboard.inboxes.operations", "dashboard.conversations.operations.posting"),
        ("dashboard.lib.clock", "dashboard.accounts.models"),
        ("dashboard.channels.api.adapter", "dashboard.channels.registry"),
        ("dashboard.server.asgi", "dashboard.application"),
    ],
)
def test_the_law_forbids(module: str, target: str) -> None:
    assert complaint(module, target) is not None


@EVERY_MODULE
def test_imports_go_down_or_to_an_elder_or_next_door(module: str) -> None:
    if MODULES[module].name != "__init__.py" or module == "dashboard.__init__":
        complaints = [complaint(module, target) for target in own_imports_of(MODULES[module]) - {module}]
        assert not [sentence for sentence in complaints if sentence]


@EVERY_MODULE
def test_flask_stops_at_the_doors(module: str) -> None:
    if address_of(module)[1] not in MAY_KNOW_FLASK:
        known = [target for target in imports_of(MODULES[module]) if FLASK.match(target)]
        assert not known, f"{module} knows {known}"


@EVERY_MODULE
def test_the_packages_of_streets_say_nothing(module: str) -> None:
    path = MODULES[module]
    if path.name == "__init__.py" and path.parent != PACKAGE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        spoken = [node for node in tree.body if not isinstance(node, ast.Expr)]
        assert not spoken, f"{path} does something"


@EVERY_MODULE
def test_every_module_says_in_one_line_who_lives_there(module: str) -> None:
    path = MODULES[module]
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if path.name != "__init__.py":
        assert said, f"{path} has no docstring"


@EVERY_MODULE
def test_imports_stand_at_the_top(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{module}: {node.name} imports inside"


def test_nothing_goes_round_in_circles() -> None:
    TopologicalSorter({module: own_imports_of(path) - {module} for module, path in MODULES.items()}).prepare()
