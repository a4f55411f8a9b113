"""A PostgreSQL of the tests' own: a throw-away cluster that listens on a unix socket and nowhere else."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
MEMORY, ROOM = Path("/dev/shm"), 3 << 30  # bytes
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",  # nothing here outlives the tests
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}


class Cluster:
    """Started with `start()`; `url` names its first database."""

    def __init__(self) -> None:
        # Not below pytest's folder: the socket's path must stay short, and the user postgres must reach it.
        self.folder = Path(tempfile.mkdtemp(prefix="desk-pg-", dir=_place()))
        self.as_owner: list[str] = []
        if os.geteuid() == 0:  # initdb refuses root
            self.as_owner = ["runuser", "-u", "postgres", "--"]
            shutil.chown(self.folder, "postgres", "postgres")
        self.user = "postgres"
        self.data = self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgresql://{self.user}@/postgres?host={self.folder}"

    def start(self) -> None:
        self._run(
            "initdb", "-D", self.data, "-U", self.user, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )
        self._start()

    def restart(self) -> None:
        """As after a crash."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        self._start()

    def _start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self.as_owner, str(_find(program)), *map(str, arguments)]
        # pg_ctl leaves the server behind with our output open: on a pipe, we would wait for its end for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, check=False)
            output.seek(0)
            assert done.returncode == 0, output.read().decode()


def _place() -> Path:
    """In memory, where it has room: for the thousands of files that come and go a disk may take minutes."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else Path("/tmp")


def _find(program: str) -> Path:
    """The newest one that is installed: Debian keeps the server's programs out of the PATH."""
    found = sorted(INSTALLED.glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which(program)
    if not found and on_path is None:
        raise RuntimeError(f"{program} is not installed: apt-get install postgresql")
    return found[-1] if found else Path(str(on_path))
