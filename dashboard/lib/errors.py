"""The domain's own three errors. Doors turn them into pages or upstream's JSON envelopes."""

from dataclasses import dataclass
from dataclasses import field as having
from typing import Any

from dashboard.lib.text import N_


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field. `message` is an English msgid with `%(name)s` places for `values`."""

    field: str
    message: str
    values: dict[str, Any] = having(default_factory=dict)
    pointer: str = ""  # a JSON pointer into the body where the field alone is not precise enough
    upstream: str = ""  # upstream's own words for the API, where they are not "<Field> <message>"

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class NotFound(Exception):
    """There is no such thing, or not for this person."""


class NotAllowed(Exception):
    """The caller is known and may not do this; `sentence` says why."""

    def __init__(self, sentence: str = N_("You are not authorized to do this action")) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(Exception):
    """What was sent cannot be used; `problems` says which fields and why."""

    def __init__(
        self, field: str, message: str, *, pointer: str = "", upstream: str = "", **values: Any
    ) -> None:
        self.problems = [Problem(field, message, values, pointer, upstream)]
        super().__init__(str(self.problems[0]))

    @classmethod
    def of(cls, problems: list[Problem]) -> "Invalid":
        """One error for several problems."""
        error = cls(problems[0].field, problems[0].message)
        error.problems = list(problems)
        return error
