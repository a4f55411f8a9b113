"""All that a desk is in one file: its database, its uploads and its secret key."""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pathlib import PurePosixPath
from tempfile import TemporaryDirectory
from zlib import error as ZlibError

from dashboard.config import Config
from dashboard.lib import clock
from dashboard.realtime.bus.unix import FOLDER as BUS
from dashboard.server.database import State
from dashboard.server.database import copy_sqlite
from dashboard.server.database import is_known
from dashboard.server.database import look

FORMAT = 1
MANIFEST = "deskframe.json"
DATABASES = {"sqlite": "desk.db", "postgresql": "database.dump"}
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a file
UPLOADS = "uploads"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_DAMAGE = (tarfile.TarError, gzip.BadGzipFile, ZlibError, EOFError)
_ASK_TABLES = (
    "SELECT 1 FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
)


class BackupFailed(Exception):
    """Why nothing was written: one line for the person at the terminal."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    format: int
    database: str
    revision: str
    made_at: str


def back_up(config: Config, file: Path) -> None:
    """Write everything to `file`, which appears whole or not at all. The desk may go on working.

    Raises:
        BackupFailed: the file is there already or cannot be written, or the database cannot be read.
    """
    if file.exists():
        raise BackupFailed(f"{file} exists already: name another file.")
    found = look(config)
    if found.state in {State.EMPTY, State.UNREACHABLE}:
        raise BackupFailed(f"there is no database to back up{found.detail and f': {found.detail}'}.")
    kind = _kind(config)
    try:
        with TemporaryDirectory(prefix=".backup-", dir=file.absolute().parent) as folder:
            parts = Path(folder)
            manifest = Manifest(FORMAT, kind, found.revision, clock.iso(clock.now()))
            (parts / MANIFEST).write_text(json.dumps(manifest.__dict__) + "\n", encoding="utf-8")
            (parts / SECRET_KEY).write_text(config.secret_key + "\n", encoding="ascii")
            # The database first: an upload that comes later is merely too much, one that is missing is lost.
            _dump(config, parts / DATABASES[kind])
            draft = parts / "draft"
            _pack(draft, [parts / MANIFEST, parts / SECRET_KEY, parts / DATABASES[kind]], config.uploads_dir)
            draft.rename(file)
    except OSError as error:
        raise BackupFailed(f"{file} cannot be written: {error.strerror}.") from None


def restore(config: Config, file: Path) -> Manifest:
    """Put what `back_up` wrote into an empty DATA_DIR and an empty database.

    Raises:
        BackupFailed: something is there already, or the file is not a backup that fits.
    """
    _refuse_unless_empty(config)
    with TemporaryDirectory(prefix=".restore-", dir=config.data_dir) as folder:
        parts = Path(folder)
        manifest = _open(file, parts)
        _refuse_unless_fitting(manifest, config)
        _load(config, parts / DATABASES[manifest.database])
        config.uploads_dir.rmdir()
        (parts / UPLOADS).rename(config.uploads_dir)
        (parts / SECRET_KEY).replace(config.data_dir / SECRET_KEY)
    return manifest


def _kind(config: Config) -> str:
    return "sqlite" if config.is_sqlite else "postgresql"


def _dump(config: Config, path: Path) -> None:
    if config.is_sqlite:
        try:
            copy_sqlite(config.sqlite_path, path)
        except sqlite3.Error as error:
            raise BackupFailed(f"the database cannot be copied: {error}.") from None
    else:
        # Comments are left out: those on extensions may only be restored by who owns them.
        _run_postgresql(
            config, "pg_dump", "--format=custom", "--no-owner", "--no-acl", "--no-comments", f"--file={path}"
        )


def _load(config: Config, path: Path) -> None:
    if config.is_sqlite:
        config.sqlite_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(path, config.sqlite_path)
    else:
        _run_postgresql(
            config,
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-acl",
            str(path),
        )


def _run_postgresql(config: Config, tool: str, *arguments: str) -> None:
    """One of PostgreSQL's own tools. The password goes by the environment: anybody may read arguments."""
    conninfo = import_module("psycopg.conninfo")  # here, because an SQLite desk never needs it
    parts = conninfo.conninfo_to_dict(config.libpq_url)
    secret = {"PGPASSWORD": parts.pop("password")} if "password" in parts else {}
    program = shutil.which(tool)
    if program is None:
        raise BackupFailed(f"{tool} is not installed: apt-get install postgresql-client.")
    command = [program, f"--dbname={conninfo.make_conninfo(**parts)}", *arguments]
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, env={**os.environ, **secret}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupFailed(done.stderr.strip().partition("\n")[0] or f"{tool} failed.")


def _pack(draft: Path, files: list[Path], uploads: Path) -> None:
    with os.fdopen(_open_private(draft), "wb") as target:
        with tarfile.open(fileobj=target, mode="w:gz") as archive:
            for path in files:
                archive.add(path, path.name, filter=_anonymous)
            archive.add(uploads, UPLOADS, recursive=False, filter=_anonymous)
            for path in uploads.rglob("*"):
                with suppress(FileNotFoundError):  # its message was deleted just now
                    archive.add(
                        path, f"{UPLOADS}/{path.relative_to(uploads)}", recursive=False, filter=_anonymous
                    )
        target.flush()
        os.fsync(target.fileno())


def _open_private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files and folders only, and nobody's: who restores it owns it."""
    if not (member.isreg() or member.isdir()):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o700 if member.isdir() else 0o600
    return member


def _open(file: Path, folder: Path) -> Manifest:
    try:
        _unpack(file, folder)
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        is_whole = (folder / SECRET_KEY).exists() and (folder / DATABASES[manifest.database]).exists()
    except (*_DAMAGE, LookupError, TypeError, ValueError):
        is_whole = False
    except OSError as error:
        raise BackupFailed(f"{file} cannot be read: {error.strerror}.") from None
    if not is_whole:
        raise BackupFailed(f"{file} is not a backup of a desk, or it is damaged.")
    return manifest


def _unpack(file: Path, folder: Path) -> None:
    """Take out what a backup has, by name: an archive is somebody's word, and may speak of other places."""
    (folder / UPLOADS).mkdir(mode=0o700)
    with tarfile.open(file, "r:gz") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or not _belongs(PurePosixPath(member.name)):
                continue
            path = folder / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(_open_private(path), "wb") as target:
                shutil.copyfileobj(content, target)


def _belongs(name: PurePosixPath) -> bool:
    if name.is_absolute() or ".." in name.parts:
        return False
    return name.parts[0] == UPLOADS or str(name) in {MANIFEST, SECRET_KEY, *DATABASES.values()}


def _refuse_unless_empty(config: Config) -> None:
    ours = {SECRET_KEY, UPLOADS, BUS}  # made by the start of this very command
    others = sorted(path.name for path in config.data_dir.iterdir() if path.name not in ours)
    if others or any(config.uploads_dir.iterdir()):
        raise BackupFailed(
            f"{config.data_dir} is not empty (it holds {others[0] if others else UPLOADS}): "
            "restore into an empty DATA_DIR."
        )
    if not _is_database_empty(config):
        raise BackupFailed("the database is not empty: restore into an empty one.")


def _is_database_empty(config: Config) -> bool:
    if config.is_sqlite:
        return not config.sqlite_path.exists()
    psycopg = import_module("psycopg")
    try:
        with psycopg.connect(config.libpq_url, connect_timeout=5) as connection:
            return connection.execute(_ASK_TABLES).fetchone() is None
    except psycopg.Error as error:
        reason = str(error).partition("\n")[0]
        raise BackupFailed(f"the database cannot be opened: {reason}") from None


def _refuse_unless_fitting(manifest: Manifest, config: Config) -> None:
    if manifest.format != FORMAT or not is_known(manifest.revision):
        raise BackupFailed("the backup was made by a newer version: update the code first.")
    if manifest.database != _kind(config):
        raise BackupFailed(
            f"the backup is of {NAMES.get(manifest.database)}, but DATABASE_URL names {NAMES[_kind(config)]}."
        )
