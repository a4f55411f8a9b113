"""The small Markdown of messages. Strangers write it, browsers show it: what is not listed does not pass."""

import re
from collections.abc import Iterable
from functools import cache
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST = 10_000  # characters; a longer text is shown as it was written, as is one with more of these:
MOST_MARKS = 2000
MOST_ADDRESSES = 200
_RULES = (
    "backticks",
    "blockquote",
    "emphasis",
    "escape",
    "autolink",
    "fence",
    "link",
    "linkify",
    "list",
    "newline",
    "strikethrough",
)
_TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "ul"}
_SCHEMES = {"http", "https", "mailto", "tel"}
# Most lines have no mark and no address: the reader proper, which costs much more, does not see them.
_HINT = re.compile(r"[*_~`>\[\\]|://|\w[.@]\w|^ {0,3}(?:[-+]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_MARK = re.compile(r"[*_~`<>\[\]]")
_BREAKS = {"softbreak", "hardbreak"}


def html_of(text: str) -> str | None:
    """What the marks make of the text, fit to stand in a page; None where it has none and is only text."""
    if not _HINT.search(text) or _is_too_much(text):
        return None
    return nh3.clean(
        _reader().render(text),
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


@lru_cache(maxsize=4096)
def plain_of(text: str) -> str:
    """The text without its marks, for a line of a list."""
    if not _HINT.search(text) or _is_too_much(text):
        return text
    return " ".join(filter(None, (_said(token) for token in _reader().parse(text))))


def _is_too_much(text: str) -> bool:
    """Who writes nothing but marks would have the desk read for a second."""
    return len(text) > LONGEST or text.count("://") > MOST_ADDRESSES or len(_MARK.findall(text)) > MOST_MARKS


def _said(token: Token) -> str:
    if token.type == "fence":
        return token.content
    return "".join(_pieces(token.children or []))


def _pieces(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        yield " " if token.type in _BREAKS else token.content


@cache
def _reader() -> MarkdownIt:
    """Emphasis, code, links, lists and quotes; no headings, tables, images or HTML. A line's end is one."""
    reader = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True}).enable(_RULES)
    assert reader.linkify is not None
    reader.linkify.set({"fuzzy_ip": False})
    for schema in ("ftp:", "//"):
        reader.linkify.add(schema, None)
    return reader
