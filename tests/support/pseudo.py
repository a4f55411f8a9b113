"""A language nobody speaks: gettext takes the plain letters out of it, so what still has some was forgotten.

Dates and the like are Esperanto's, the language whose place it takes.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from bs4 import NavigableString
from bs4 import Tag
from bs4.element import PreformattedString

LOCALE = "eo"
HOME = Path(__file__).parents[2]
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "N_": None}

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STRANGE = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"
_PLACE = re.compile(r"%\(\w+\)[sd]|%%")

# Names of things, the same in every language, and what is no text at all.
SAME_EVERYWHERE = re.compile(
    r"Deskframe|Chatwoot|Ndoto|\bAPI\b|\bJSON\b|\bHMAC\b|\S+@\S+\.\w+|https?://\S*|\{\w+\}|\d{4}-\w{3}-\d{2}"
)
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "label", "content"}
TEXTS_FOR_SCRIPTS = {"data-copied", "data-failed", "data-unreachable", "data-now", "data-label"}
TEXT_BLOCKS = {"data-texts"}
SILENT = {"script", "style", "code", "pre", "kbd", "time", "svg"}


def strange(text: str) -> str:
    """The text as the language has it; places for values stay as they are."""
    parts = re.split(f"({_PLACE.pattern})", text)
    return "".join(part if _PLACE.fullmatch(part) else part.translate(_LETTERS) for part in parts)


_LETTERS = str.maketrans(_PLAIN, _STRANGE)


def write_catalog(folder: Path) -> None:
    """Extract every text of the product and write the language's catalogue."""
    catalog = Catalog(locale=LOCALE)
    for message, _ in _messages():
        catalog.add(
            message, [strange(text) for text in message] if isinstance(message, tuple) else strange(message)
        )
    path = folder / LOCALE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


def _messages() -> Iterator[tuple[str | tuple[str, str], str]]:
    with (HOME / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    for name, _, message, *_ in extract_from_dir(
        str(HOME),
        methods,
        options,
        KEYWORDS,
        directory_filter=lambda path: Path(path).name not in {".venv", "var"},
    ):
        yield message, name


def forgotten(html: BeautifulSoup, *, names: tuple[str, ...] = ()) -> list[str]:
    """What a person would read or hear here that is still plain. `names` are people's and the like."""
    return [
        text
        for text in _spoken(html)
        if re.search(r"[A-Za-z]{2,}", SAME_EVERYWHERE.sub("", _without(text, names)))
    ]


def _without(text: str, names: tuple[str, ...]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _spoken(html: BeautifulSoup) -> Iterator[str]:
    for string in html.find_all(string=True):
        if not isinstance(string, PreformattedString) and string.strip() and not _is_silent(string):
            yield string.strip()
    for tag in html.find_all(True):
        if tag.name == "meta" or _is_silent(tag):
            continue
        yield from _attributes(tag)
    for block in html.select("script#texts"):
        yield from _values(json.loads(block.text))


def _attributes(tag: Tag) -> Iterator[str]:
    for name, value in tag.attrs.items():
        if name in SPOKEN or name in TEXTS_FOR_SCRIPTS:
            yield str(value)
        if name in TEXT_BLOCKS:
            yield from _values(json.loads(str(value)))


def _values(texts: dict[str, str]) -> Iterator[str]:
    yield from texts.values()


def _is_silent(node: NavigableString | Tag) -> bool:
    """Code, dates, initials; what says that it is not for translation, or is in a language of its own."""
    around = [node, *node.parents] if isinstance(node, Tag) else list(node.parents)
    return any(_keeps_its_words(tag) for tag in around if isinstance(tag, Tag))


def _keeps_its_words(tag: Tag) -> bool:
    if tag.name in SILENT or tag.has_attr("data-i18n-skip") or tag.get("translate") == "no":
        return True
    return "avatar" in tag.get("class", []) or (tag.has_attr("lang") and tag.name != "html")
