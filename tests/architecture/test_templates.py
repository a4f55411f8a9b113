"""The laws of templates: all compile, import nothing in vain, and hold nothing that the policy forbids."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

HOME = Path(__file__).parents[2] / "templates"
FOLDERS = {
    "accounts",
    "api",
    "canned",
    "apps",
    "attributes",
    "bots",
    "components",
    "contacts",
    "conversations",
    "errors",
    "inboxes",
    "labels",
    "layouts",
    "webhooks",
}
TEMPLATES = {str(path.relative_to(HOME)): path.read_text() for path in sorted(HOME.rglob("*.html"))}
COMPONENTS = {name for name in TEMPLATES if name.startswith("components/")}


def tree(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse(TEMPLATES[name], name, name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(built_app: Flask, name: str) -> None:
    built_app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_it_imports_exists_and_is_used(built_app: Flask, name: str) -> None:
    root = tree(built_app, name)
    used = {found.name for found in root.find_all(nodes.Name) if found.ctx == "load"}
    for statement in root.find_all(nodes.FromImport):
        source = statement.template
        assert isinstance(source, nodes.Const)
        assert source.value in TEMPLATES, f"{name} imports from {source.value}"
        macros = {macro.name for macro in tree(built_app, str(source.value)).find_all(nodes.Macro)}
        for entry in statement.names:
            imported, called = entry if isinstance(entry, tuple) else (entry, entry)
            assert imported in macros, f"{source.value} has no {imported}"
            assert called in used, f"{name} imports {called} in vain"


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_a_component_is_one_macro_of_the_files_name_and_has_a_caller(built_app: Flask, name: str) -> None:
    macros = [macro.name for macro in tree(built_app, name).find_all(nodes.Macro)]

    assert macros == [Path(name).stem]
    callers = [other for other, text in TEMPLATES.items() if other != name and f'"{name}" import' in text]
    assert callers, f"nobody uses {name}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_pages_extend_a_layout_and_fragments_extend_nothing(built_app: Flask, name: str) -> None:
    extends = [str(found.template.value) for found in tree(built_app, name).find_all(nodes.Extends)]  # type: ignore[attr-defined]
    is_fragment = Path(name).name.startswith("_") or name in COMPONENTS or name == "layouts/base.html"
    if is_fragment and not name.startswith("errors/"):
        assert extends == []
    else:
        assert len(extends) == 1


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_in_it_breaks_the_content_security_policy(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", TEMPLATES[name], flags=re.S)
    text = re.sub(r"\{\{ code_block\(.*?\) \}\}", "", text, flags=re.S)

    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|\bhx-on\b|javascript:", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in script or 'type="application/json"' in script, script


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_changes_something_carries_its_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", TEMPLATES[name], flags=re.S):
        if 'method="post"' in form:
            assert 'name="csrf_token"' in form, form[:200]


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_marked_safe_but_what_is_written_right_there(name: str) -> None:
    text = re.sub(r"'[^'{}]*' \| safe", "", TEMPLATES[name])

    assert "| safe" not in text or name in COMPONENTS
    assert "autoescape false" not in TEMPLATES[name]


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_stays_small(name: str) -> None:
    assert TEMPLATES[name].count("\n") <= 120


def test_folders_are_the_streets_and_what_all_share() -> None:
    assert {name.split("/")[0] for name in TEMPLATES} <= FOLDERS
