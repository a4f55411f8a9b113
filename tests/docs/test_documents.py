"""What the documentation names is there: pages, headings, commands, fields, pictures."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.queries import member_of
from dashboard.apps.payloads import app_context
from dashboard.cli import agents
from dashboard.config import CHECKOUT
from dashboard.config import SETTINGS
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import Message
from dashboard.conversations.queries.summaries import summary_of
from dashboard.extensions import db
from dashboard.sample.operations import add_sample
from tests.support.cast import Cast
from tests.support.documents import documents
from tests.support.documents import listings_of
from tests.support.documents import tables_of

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
PICTURE = re.compile(r"""(?:srcset|src)="([^"]+)"|!\[[^\]]*\]\(([^)\s]+)\)""")
EVERY_PAGE = pytest.mark.parametrize("page", documents(), ids=lambda path: str(path.relative_to(CHECKOUT)))
LANGUAGES = {"", "sh", "json", "python", "js", "html", "ini", "nginx", "text"}
LARGEST_PICTURE = 300_000


@EVERY_PAGE
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page}: {target}"
        if anchor:
            assert anchor in anchors_of(file), f"{page}: {target}"


@EVERY_PAGE
def test_every_picture_is_there_and_small(page: Path) -> None:
    for match in PICTURE.finditer(page.read_text(encoding="utf-8")):
        file = page.parent / (match[1] or match[2])
        assert file.exists(), f"{page}: {file}"
        assert file.stat().st_size < LARGEST_PICTURE


@EVERY_PAGE
def test_every_page_has_one_title_and_known_listings(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)

    assert len(re.findall(r"^# ", prose, re.MULTILINE)) == 1
    assert {listing.language for listing in listings_of(page)} <= LANGUAGES
    assert text.count("```") == 2 * len(listings_of(page))


@EVERY_PAGE
def test_every_target_of_make_that_is_named_exists(page: Path) -> None:
    known = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[0] for line in known.splitlines() if line.strip()}
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)", page.read_text(encoding="utf-8")))

    assert named <= targets


@EVERY_PAGE
def test_every_command_that_is_named_exists(app: Flask, page: Path) -> None:
    known = {**app.cli.commands, "db": click.Command("db")}
    named = re.findall(r"flask --app wsgi ([a-z]+)(?: ([a-z-]+))?", page.read_text(encoding="utf-8"))

    for command, sub in named:
        assert command in known, f"{page}: {command}"
        if command == "agents":
            assert sub in agents.commands, f"{page}: {sub}"


def test_every_decision_is_listed() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))

    assert [name for name in listed if name[0].isdigit()] == sorted(
        path.name for path in folder.glob("0*.md")
    )


def test_every_setting_that_is_named_exists() -> None:
    known = {setting.name for setting in SETTINGS} | {"DATABASE", "CHROMIUM", "SIZE", "ONLY"}
    for page in documents():
        text = page.read_text(encoding="utf-8")
        named = re.findall(r"`([A-Z]+(?:_[A-Z]+)*)(?:=[^`]*)?`", text)
        assert set(named) - {"POST", "GET", "HEAD", "OPTIONS", "PATCH", "DELETE"} <= known, page


def test_the_fields_of_the_context_are_the_ones_that_apps_get(cast: Cast) -> None:
    add_sample(cast.acme, administrator=cast.ada, port=5000)
    maria = db.session.scalars(
        select(Conversation)
        .join(Contact)
        .where(Contact.name == "Maria Silva")
        .order_by(Conversation.id.desc())
    ).first()
    assert maria is not None
    messages = db.session.scalars(
        select(Message).where(Message.conversation_id == maria.id).order_by(Message.id)
    )
    summary = summary_of(member_of(cast.acme.id, cast.ada.id), maria.display_id)
    context = app_context(summary, list(messages), agent=cast.ada, theme="light")
    told = tables_of(CHECKOUT / "docs" / "app-developers.md")

    assert set(told["What your page is told"]) == set(context)
    assert set(told["`contact`"]) == set(context["contact"])
    assert set(told["`conversation`"]) == _with_meta(context["conversation"])
    assert set(told["A message"]) == {
        key for message in context["conversation"]["messages"] for key in message
    }


@pytest.mark.parametrize("heading", ["`contact`", "`conversation`", "A message"])
def test_the_fields_have_the_types_that_are_written_beside_them(cast: Cast, heading: str) -> None:
    add_sample(cast.acme, administrator=cast.ada, port=5000)
    faces = [_face(row, heading, cast) for row in db.session.scalars(select(Conversation))]
    written = dict(_types_under(heading))
    seen = {name: value for told in faces for each in told for name, value in each.items()}

    assert set(written) <= set(seen)
    for told in faces:
        for each in told:
            for name, types in written.items():
                assert name not in each or _is_one(each[name], types), f"{name}: {each[name]!r} is no {types}"


def _face(conversation: Conversation, heading: str, cast: Cast) -> list[dict[str, Any]]:
    """What stands under that heading, for one conversation."""
    summary = summary_of(member_of(cast.acme.id, cast.ada.id), conversation.display_id)
    messages = db.session.scalars(
        select(Message).where(Message.conversation_id == conversation.id).order_by(Message.id)
    )
    context = app_context(summary, list(messages), agent=cast.ada, theme="light")
    told = context["conversation"]
    meta = {f"meta.{name}": value for name, value in told["meta"].items()}
    return {
        "`contact`": [context["contact"]],
        "`conversation`": [{**told, **meta}],
        "A message": told["messages"],
    }[heading]


def _types_under(heading: str) -> Iterator[tuple[str, str]]:
    text = (CHECKOUT / "docs" / "app-developers.md").read_text(encoding="utf-8")
    section = text.partition(f"\n### {heading}\n")[2].partition("\n#")[0]
    for names, types in re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", section, re.MULTILINE):
        yield from ((name, types) for name in re.findall(r"`([^`]+)`", names))


def _is_one(value: object, types: str) -> bool:
    known: dict[str, type | tuple[type, ...]] = {
        "integer": int,
        "number": (int, float),
        "string": str,
        "boolean": bool,
        "object": dict,
        "list": list,
        "list of strings": list,
        "null": type(None),
    }
    is_right = isinstance(value, tuple(known[word] for word in types.split(" or ")))
    return is_right and ("boolean" in types or not isinstance(value, bool))


def anchors_of(page: Path) -> set[str]:
    """The addresses that readers give to headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _with_meta(conversation: dict[str, object]) -> set[str]:
    meta = conversation["meta"]
    assert isinstance(meta, dict)
    return (set(conversation) - {"meta"}) | {f"meta.{key}" for key in meta}
