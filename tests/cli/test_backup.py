"""A backup is one file with the whole desk, and a restored desk is the same desk."""

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from dashboard.apps.operations.keys import signing_key
from dashboard.config import Config
from dashboard.conversations.models import Message
from dashboard.extensions import db
from dashboard.sample.operations import add_sample
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.cast import make_cast
from tests.support.databases import Databases

pytestmark = pytest.mark.database


@pytest.fixture
def desk(make_app: Callable[..., Flask]) -> Flask:
    """A desk in use, with a file that somebody sent."""
    app = make_app()
    with app.app_context():
        cast = make_cast()
        add_sample(cast.acme, administrator=cast.ada, port=5000)
    upload = config_of(app).uploads_dir / "ab" / "cat.png"
    upload.parent.mkdir()
    upload.write_bytes(b"\x89PNG a cat")
    return app


@pytest.fixture
def backup(desk: Flask, tmp_path: Path) -> Path:
    file = tmp_path / "desk.tar.gz"
    run(desk, "backup", str(file))
    return file


@pytest.fixture
def make_empty(databases: Databases, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """`make_empty()`: an app on an empty folder and an empty database."""
    made: list[Flask] = []

    def make(database_url: str | None = None) -> Flask:
        made.append(open_app(tmp_path / f"new{len(made)}", database_url or databases.new()))
        return made[-1]

    yield make
    for app in made:
        close_app(app)


def run(app: Flask, *arguments: str, expect: int = 0) -> Result:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == expect, (result.output, result.exception)
    if expect:
        assert len(result.output.strip().splitlines()) == 1, result.output
    return result


def config_of(app: Flask) -> Config:
    config: Config = app.config["DESK"]
    return config


def rows_of(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the database holds."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in db.metadata.sorted_tables
        }


def test_what_was_backed_up_comes_back_whole(
    desk: Flask, backup: Path, make_empty: Callable[..., Flask]
) -> None:
    new = make_empty()

    said = run(new, "restore", str(backup)).output

    assert "The desk is as it was at 20" in said
    assert rows_of(new) == rows_of(desk)
    assert (config_of(new).uploads_dir / "ab" / "cat.png").read_bytes() == b"\x89PNG a cat"
    assert (config_of(new).data_dir / "secret_key").read_text().strip() == config_of(desk).secret_key


def test_it_comes_back_from_a_terminal_too(backup: Path, databases: Databases) -> None:
    """Where the start of the command makes folders of its own; a long path would put some elsewhere."""
    with TemporaryDirectory() as folder:
        environ = {**os.environ, "DATA_DIR": f"{folder}/new", "DATABASE_URL": databases.new()}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "restore", str(backup)]

        done = subprocess.run(command, env=environ, check=False, capture_output=True, text=True)

        assert (done.returncode, done.stderr) == (0, "")
        assert Path(folder, "new", "uploads", "ab", "cat.png").read_bytes() == b"\x89PNG a cat"


def test_the_restored_desk_can_be_worked_with(backup: Path, make_empty: Callable[..., Flask]) -> None:
    new = make_empty()
    run(new, "restore", str(backup))

    told = run(
        new, "setup", "--account", "B", "--name", "B", "--email", "b@example.com", "--password", "long enough"
    )

    assert "api_access_token" in told.output


def test_the_restored_desk_signs_with_the_same_key(
    desk: Flask, tmp_path: Path, make_empty: Callable[..., Flask]
) -> None:
    with desk.app_context():
        key = signing_key().kid
        db.session.rollback()
    file = tmp_path / "with-a-key.tar.gz"
    run(desk, "backup", str(file))
    new = make_empty()
    run(new, "restore", str(file))

    again = open_app(config_of(new).data_dir, config_of(new).database_url)  # as `make run` would start it
    with again.app_context():
        assert signing_key().kid == key
    close_app(again)


def test_the_desk_may_be_in_use_meanwhile(
    desk: Flask, make_empty: Callable[..., Flask], tmp_path: Path
) -> None:
    with desk.app_context():
        message = db.session.scalars(select(Message).order_by(Message.id)).first()
        assert message is not None
        message.content = "not committed"
        db.session.flush()
        run(desk, "backup", str(tmp_path / "busy.tar.gz"))
        db.session.rollback()
    new = make_empty()
    run(new, "restore", str(tmp_path / "busy.tar.gz"))

    assert rows_of(new) == rows_of(desk)


def test_only_the_owner_may_read_it(backup: Path, make_empty: Callable[..., Flask]) -> None:
    new = make_empty()
    run(new, "restore", str(backup))

    restored = [path for path in config_of(new).data_dir.rglob("*") if path.is_file()]

    assert len(restored) >= 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in [backup, *restored]} == {0o600}


def test_nothing_else_lies_around_afterwards(
    desk: Flask, backup: Path, make_empty: Callable[..., Flask]
) -> None:
    new = make_empty()
    run(new, "restore", str(backup))

    assert not list(backup.parent.glob(".backup-*"))
    assert not list(config_of(new).data_dir.glob(".restore-*"))


def test_a_file_that_is_there_is_never_written_over(desk: Flask, backup: Path) -> None:
    before = backup.read_bytes()

    assert "exists already" in run(desk, "backup", str(backup), expect=1).output
    assert backup.read_bytes() == before


def test_a_folder_that_is_missing_is_one_line(desk: Flask, tmp_path: Path) -> None:
    assert "cannot be written" in run(desk, "backup", str(tmp_path / "no" / "desk.tar.gz"), expect=1).output


def test_an_empty_desk_has_nothing_to_back_up(make_empty: Callable[..., Flask], tmp_path: Path) -> None:
    assert (
        "no database to back up" in run(make_empty(), "backup", str(tmp_path / "x.tar.gz"), expect=1).output
    )
    assert not (tmp_path / "x.tar.gz").exists()


def test_a_desk_in_use_is_not_restored_over(desk: Flask, backup: Path) -> None:
    before = rows_of(desk)

    assert "is not empty" in run(desk, "restore", str(backup), expect=1).output
    assert rows_of(desk) == before


def test_a_folder_in_use_is_not_restored_into(backup: Path, make_empty: Callable[..., Flask]) -> None:
    new = make_empty()
    (config_of(new).data_dir / "notes.txt").touch()

    assert "holds notes.txt" in run(new, "restore", str(backup), expect=1).output


def test_a_database_in_use_is_not_restored_into(
    databases: Databases, migrated: str, backup: Path, make_empty: Callable[..., Flask]
) -> None:
    new = make_empty(databases.new(copy_of=migrated))

    assert "the database is not empty" in run(new, "restore", str(backup), expect=1).output
    assert not list(config_of(new).uploads_dir.iterdir())


def test_a_file_that_is_missing_is_one_line(make_empty: Callable[..., Flask], tmp_path: Path) -> None:
    assert "cannot be read" in run(make_empty(), "restore", str(tmp_path / "no.tar.gz"), expect=1).output


@pytest.mark.parametrize("length", [0, 20, 5000])
def test_a_damaged_file_is_refused_and_leaves_nothing(
    backup: Path, make_empty: Callable[..., Flask], length: int
) -> None:
    new = make_empty()
    backup.write_bytes(backup.read_bytes()[:length])

    assert "not a backup of a desk" in run(new, "restore", str(backup), expect=1).output
    assert sorted(path.name for path in config_of(new).data_dir.iterdir()) == ["secret_key", "uploads"]


def test_a_backup_of_a_newer_version_is_refused(backup: Path, make_empty: Callable[..., Flask]) -> None:
    rewrite(
        backup, "deskframe.json", lambda text: text.replace('"revision": "', '"revision": "from_tomorrow_')
    )

    assert "newer version" in run(make_empty(), "restore", str(backup), expect=1).output


def test_a_backup_of_the_other_kind_of_database_is_refused(
    desk: Flask, backup: Path, make_empty: Callable[..., Flask]
) -> None:
    mine, other = ("sqlite", "postgresql") if config_of(desk).is_sqlite else ("postgresql", "sqlite")
    files = {"sqlite": "desk.db", "postgresql": "database.dump"}
    rewrite(backup, "deskframe.json", lambda text: text.replace(mine, other))
    rewrite(backup, files[mine], lambda text: text, name=files[other])

    assert "DATABASE_URL names" in run(make_empty(), "restore", str(backup), expect=1).output


def test_an_archive_cannot_write_anywhere_else(
    backup: Path, make_empty: Callable[..., Flask], tmp_path: Path
) -> None:
    new = make_empty()
    add(backup, "../escaped", b"x")
    add(backup, str(tmp_path / "absolute"), b"x")
    add(backup, "uploads/../../escaped", b"x")
    add(backup, "config.py", b"x")

    run(new, "restore", str(backup))

    assert sorted(path.name for path in config_of(new).data_dir.iterdir() if path.suffix != ".db") == [
        "secret_key",
        "uploads",
    ]
    assert not list(tmp_path.rglob("escaped"))
    assert not (tmp_path / "absolute").exists()


def members_of(backup: Path) -> dict[str, bytes]:
    with tarfile.open(backup) as archive:
        return {
            member.name: archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in archive
            if member.isreg()
        }


def write(backup: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(backup, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def add(backup: Path, name: str, content: bytes) -> None:
    write(backup, {**members_of(backup), name: content})


def rewrite(backup: Path, old: str, change: Callable[[str], str], *, name: str = "") -> None:
    members = members_of(backup)
    content = members.pop(old)
    members[name or old] = change(content.decode()).encode() if old.endswith(".json") else content
    write(backup, members)


def test_it_says_what_it_is(desk: Flask, backup: Path) -> None:
    said = json.loads(members_of(backup)["deskframe.json"])

    assert said["format"] == 1
    assert said["database"] == ("sqlite" if config_of(desk).is_sqlite else "postgresql")
