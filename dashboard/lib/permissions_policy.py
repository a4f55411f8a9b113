"""Which features of the browser a page takes away from itself, by its own Permissions-Policy."""

import re
from collections.abc import Collection
from collections.abc import Sequence

# A feature and who may use it: a list in brackets, or one word. Quoted origins hold no quotation mark.
_LINE = re.compile(r"([a-z][a-z0-9-]*)\s*=\s*(\([^)]*\)|[^\s,;]+)")


def switched_off(headers: Sequence[tuple[str, str]], features: Collection[str], *, origin: str) -> list[str]:
    """Those of the features that the page of this origin may not use, whatever its frame allows."""
    policy = ",".join(value for name, value in headers if name.lower() == "permissions-policy")
    said = {found[1]: found[2] for found in _LINE.finditer(policy)}  # of two, the later one counts
    own = {"*", "self", f'"{origin}"'}
    return [name for name in features if name in said and own.isdisjoint(said[name].strip("()").split())]
