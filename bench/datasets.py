"""Where the data sets live, and how a process is told which one to serve."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from dashboard.config import CHECKOUT
from dashboard.config import Config

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
FOLDER = CHECKOUT / "var" / "bench"
# What decides how a data set looks. When one of these changes, the next run makes the data anew.
_RECIPE = [*sorted((CHECKOUT / "migrations" / "versions").glob("*.py")), CHECKOUT / "bench" / "seed.py"]


@dataclass(frozen=True)
class DataSet:
    """A desk with `conversations` conversations in its first account."""

    name: str

    @property
    def conversations(self) -> int:
        return SIZES[self.name]

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def environ(self) -> dict[str, str]:
        """For a process that serves it, on a port that the machine chooses."""
        environ = {**os.environ, "DATA_DIR": str(self.folder), "HOST": "127.0.0.1", "PORT": "0"}
        for name in ("PUBLIC_URL", "TRUSTED_PROXIES", "REDIS_URL", "SECRET_KEY"):
            environ.pop(name, None)
        if given := os.environ.get("DATABASE_URL"):
            environ["DATABASE_URL"] = f"{given}_bench_{self.name}"
        return environ

    @property
    def config(self) -> Config:
        return Config.from_environment(self.environ)

    @property
    def is_seeded(self) -> bool:
        return self._mark.exists() and self._mark.read_text() == self._recipe

    def note_seeded(self) -> None:
        self._mark.write_text(self._recipe)

    def forget(self) -> None:
        self._mark.unlink(missing_ok=True)

    @property
    def _mark(self) -> Path:
        return self.folder / f"seeded-{'postgresql' if os.environ.get('DATABASE_URL') else 'sqlite'}"

    @property
    def _recipe(self) -> str:
        return hashlib.sha256(b"".join(file.read_bytes() for file in _RECIPE)).hexdigest()


def up_to(largest: str) -> list[DataSet]:
    """The sets that a run with that largest size measures: it, and 10k beside it to see the growth."""
    names = [name for name in SIZES if name == largest or (name == "10k" and SIZES[largest] > SIZES[name])]
    return [DataSet(name) for name in names]
