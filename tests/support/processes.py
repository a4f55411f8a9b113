"""Programs of other people that a test starts, listens to, and ends."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Program:
    """One that runs; `hear` reads on in what it prints."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def hear(self, said: str) -> str:
        """The next line with these words in it, once it has come."""
        assert self.process.stdout is not None
        heard = []
        while said not in (line := self.process.stdout.readline()):
            heard.append(line)
            assert line, f"the program has ended, and said: {''.join(heard)}"
        return line


@contextmanager
def started(command: list[str], place: Path, *, said: str, **environ: str) -> Iterator[Program]:
    """Run it in that folder; it is ready when it has said so."""
    process = subprocess.Popen(
        command,
        cwd=place,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    program = Program(process)
    try:
        program.hear(said)
        yield program
    finally:
        process.terminate()
        process.communicate(timeout=30)
