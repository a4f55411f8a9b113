"""The people and stories of the sample data, as they stand in the two files beside this one."""

import re
import tomllib
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import BinaryIO

_HOME = Path(__file__).parent
_UNITS = {"m": "minutes", "h": "hours"}
_AGO = re.compile(r"(?P<number>\d+)(?:(?P<unit>[mh])|d (?P<hour>\d\d):(?P<minute>\d\d))")


@dataclass(frozen=True)
class Line:
    """One thing that somebody did in a conversation, `after` minutes after the line before."""

    by: str
    after: int = 2
    says: str = ""
    notes: str = ""
    sends: str = ""  # one of the files
    assigns: str = ""
    ranks: str = ""
    marks: str = ""
    mutes: bool = False

    @property
    def is_incoming(self) -> bool:
        return self.by == "customer"


@dataclass(frozen=True)
class Story:
    """A conversation from its first line to its last."""

    contact: str
    inbox: str
    ended: str
    lines: list[Line]
    unread: int = 0
    wakes: int = 0
    assignee: str = ""
    priority: str = ""
    referer: str = ""
    labels: list[str] = field(default_factory=list)
    custom_attributes: dict[str, Any] = field(default_factory=dict)

    def moments(self, now: datetime) -> list[datetime]:
        """When each line was written, if it is `now`."""
        moment = _ago(self.ended, now)
        moments = []
        for line in reversed(self.lines):
            moments.append(moment)
            moment -= timedelta(minutes=line.after)
        return moments[::-1]


def people() -> dict[str, list[dict[str, Any]]]:
    """`agents`, `inboxes`, `labels`, `canned`, `attributes` and `contacts`."""
    return _read("people.toml")


def stories() -> list[Story]:
    return [
        Story(**{**table, "lines": [Line(**line) for line in table["lines"]]})
        for table in _read("conversations.toml")["conversations"]
    ]


def file(name: str) -> BinaryIO:
    """What somebody sends along with a line."""
    return (_HOME / "files" / name).open("rb")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HOME / name).read_text(encoding="utf-8"))


def _ago(text: str, now: datetime) -> datetime:
    """`14m` and `3h` are so long ago; `4d 15:20` is that time of day, four days ago."""
    found = _AGO.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” is not a time like 14m, 3h or 4d 15:20")
    number = int(found["number"])
    if found["unit"]:
        return now - timedelta(**{_UNITS[found["unit"]]: number})
    day = now - timedelta(days=number)
    return day.replace(hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0)
