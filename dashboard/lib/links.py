"""Finding addresses in what people write, so that a page can make links of them."""

import re
from collections.abc import Iterator
from functools import cache

from linkify_it import LinkifyIt

_HINT = re.compile(r"://|\w[.@]\w")
_SAFE = ("http://", "https://", "mailto:")


def pieces_of(text: str) -> Iterator[tuple[str, str | None]]:
    """The text in pieces, each with the address that it is, or None. Together they are the whole text."""
    if not _HINT.search(text):  # most lines; the search proper costs much more
        yield text, None
        return
    end = 0
    for found in _finder().match(text) or []:
        if not found.url.startswith(_SAFE):
            continue
        if found.index > end:
            yield text[end : found.index], None
        yield found.text, found.url
        end = found.last_index
    if end < len(text):
        yield text[end:], None


@cache
def _finder() -> LinkifyIt:
    finder = LinkifyIt(options={"fuzzy_ip": False})
    for schema in ("ftp:", "//"):
        finder.add(schema, None)
    return finder
