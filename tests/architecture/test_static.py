"""The law of static files: nothing unused, unnamed or from elsewhere, no style past the tokens."""

import hashlib
import json
import re
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
STATIC = HOME / "static"
CSS = sorted((STATIC / "css").rglob("*.css"))
MODULES = {path.stem for path in (STATIC / "js/modules").glob("*.js")}
TEMPLATES = {path: path.read_text() for path in sorted((HOME / "templates").rglob("*.html"))}
RAW_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(", re.I)
RAW_SIZE = re.compile(r"(?<![\w-])\d*\.?\d+(?:px|rem)\b")


def css_id(path: Path) -> str:
    return str(path.relative_to(STATIC / "css"))


def declarations(path: Path) -> str:
    """The file without comments, and without the conditions that cannot hold a var()."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return re.sub(r"@(?:media|container|supports|font-face|import)[^{;]*", "", text)


def test_each_module_named_in_a_template_has_its_file() -> None:
    assert modules_named() <= MODULES


def test_each_module_file_is_named_in_a_template() -> None:
    assert modules_named() >= MODULES


def modules_named() -> set[str]:
    named = re.findall(r"""data[-_]module=["']([a-z\d -]+)["']""", "\n".join(TEMPLATES.values()))
    return {name for names in named for name in names.split()}


def test_every_node_takes_scripts_for_modules() -> None:
    """Debian 12 and Ubuntu 24.04 have Node 18, which does not find that out by itself."""
    assert json.loads((STATIC / "js/package.json").read_text()) == {"type": "module"}


def test_modules_stay_small() -> None:
    long = {path.name for path in (STATIC / "js/modules").glob("*.js") if path.read_text().count("\n") > 100}

    assert not long


def test_each_style_sheet_is_imported_once_in_app_css_and_nowhere_else() -> None:
    app = (STATIC / "css/app.css").read_text()
    imported = re.findall(r'@import url\("([^"]+)"\)', app)

    assert sorted(imported) == [css_id(path) for path in CSS if path.name != "app.css"]
    assert not [path for path in CSS if path.name != "app.css" and "@import" in path.read_text()]


@pytest.mark.parametrize("path", CSS, ids=css_id)
def test_a_style_sheet_loads_nothing_from_another_host(path: Path) -> None:
    addresses = re.findall(r"""url\(\s*["']?([^"')]+)""", path.read_text())

    assert not [address for address in addresses if "//" in address]


@pytest.mark.parametrize("path", [path for path in CSS if path.name != "tokens.css"], ids=css_id)
def test_colours_and_sizes_come_from_the_tokens(path: Path) -> None:
    text = declarations(path)

    assert not RAW_COLOUR.findall(text)
    assert not RAW_SIZE.findall(text)


def test_each_token_that_is_used_exists_and_each_that_exists_is_used() -> None:
    everywhere = "\n".join(path.read_text() for path in CSS)
    scripts = "\n".join(path.read_text() for path in (STATIC / "js").rglob("*.js"))
    declared = set(re.findall(r"(--[\w-]+)\s*:", everywhere)) | set(re.findall(r'"(--[\w-]+)"', scripts))
    used = set(re.findall(r"var\((--[\w-]+)", everywhere))

    assert used <= declared
    assert set(re.findall(r"(--[\w-]+)\s*:", (STATIC / "css/tokens.css").read_text())) <= used


def test_each_icon_that_is_named_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    named = set()
    for text in TEMPLATES.values():
        named |= set(re.findall(r"""\bicon\(["']([\w-]+)["']""", text))
        named |= set(re.findall(r"""\b(?:icon|tail|drawing)=["']([\w-]+)["']""", text))

    assert named <= sprite


def test_vendored_files_are_what_their_record_says() -> None:
    record = (STATIC / "vendor/VENDOR.md").read_text()
    kept = [path for folder in ("vendor", "fonts") for path in sorted((STATIC / folder).iterdir())]
    kept = [path for path in kept if path.suffix in {".js", ".css", ".woff2"}] + [STATIC / "icons.svg"]

    for path in kept:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert f"{path.relative_to(STATIC)}` · sha256 `{digest}`" in record, path.name
