"""One command starts all of it, keeps it alive and ends it; nothing is left behind however it ends."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from dashboard.config import CHECKOUT
from dashboard.config import Config
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.server import database
from tests.support.factories import make_account
from tests.support.factories import make_app
from tests.support.servers import Server
from tests.support.servers import free_port


@pytest.fixture
def server(databases, migrated, tmp_path):
    made = []

    def make(url=None, **environ):
        made.append(
            Server(tmp_path / f"server{len(made)}", url or databases.new(copy_of=migrated), **environ)
        )
        return made[-1]

    yield make
    for running in made:
        running.stop()


def until(holds: Callable[[], object], *, seconds: float = 40) -> None:
    """Wait for something that another process does, and that tells nobody."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        threading.Event().wait(0.05)


def children_of(server, name="(web|worker)"):
    """Who has become what it is for: one just forked is still called like the supervisor."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(server.process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, command in lines if re.search(rf"dashboard\.server\.{name}\b", command)]


def have_changed(before, now):
    """Both at one look: from one look to the next a process may have gone."""
    return len(now) == len(before) and not set(before) & set(now)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def answers(server):
    try:
        return server.api().get("/healthz").status == 200
    except OSError:
        return False


def start_and_fail(server):
    """The lines it says before it gives up."""
    command = [sys.executable, "-m", "dashboard.server.supervisor"]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=server.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return (done.stdout + done.stderr).splitlines()


def test_ctrl_c_ends_all_of_it(server):
    running = server().start()
    until(lambda: len(children_of(running)) == 2)
    pids = children_of(running)

    running.process.send_signal(signal.SIGINT)

    assert running.process.wait(20) == 0
    assert not any(is_alive(pid) for pid in pids)


def test_nothing_is_left_when_it_is_killed(server):
    running = server().start()
    until(lambda: len(children_of(running)) == 2)
    pids = children_of(running)

    running.process.kill()

    until(lambda: not any(is_alive(pid) for pid in pids))


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_dies_is_started_again(server, name):
    running = server().start()
    until(lambda: len(children_of(running)) == 2)
    [victim] = children_of(running, name)

    os.kill(victim, signal.SIGKILL)

    until(lambda: f"The {name} process was ended by SIGKILL." in running.log.read_text())
    until(lambda: len(children_of(running)) == 2)
    assert victim not in children_of(running)
    until(lambda: answers(running))


def test_a_roll_refuses_no_request(server):
    running = server().start()
    until(lambda: len(children_of(running)) == 2)
    before = children_of(running)
    statuses, is_over = [], threading.Event()

    def ask():
        try:
            return running.api().get("/readyz").status
        except OSError as refusal:
            return refusal

    def keep_asking():
        while not is_over.wait(0.02):
            statuses.append(ask())

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        running.process.send_signal(signal.SIGHUP)
        until(lambda: have_changed(before, children_of(running)))
        until(lambda: len(statuses) > 10)
    finally:
        is_over.set()
        asking.join()

    assert set(statuses) == {200}


def test_a_taken_port_is_one_clear_line(server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert start_and_fail(server(PORT=str(port))) == [
            f"PORT: {port} is taken on 127.0.0.1: stop what listens there, or set PORT to another."
        ]


@pytest.mark.parametrize(
    ("name", "value"), [("PUBLIC_URL", "desk.example.com"), ("HOST", "192.0.2.1"), ("SECRET_KEY", "short")]
)
def test_a_bad_setting_is_one_line_that_names_it(server, name, value):
    [line] = start_and_fail(server(**{name: value}))

    assert line.startswith(f"{name}: ")


def test_an_unreachable_database_is_one_line(server):
    [line] = start_and_fail(server("postgresql://nobody@127.0.0.1:1/nothing"))

    assert line.startswith("DATABASE_URL: the database cannot be opened: ")


@pytest.mark.database
def test_a_newer_database_is_one_line(server, databases, migrated, tmp_path):
    url = databases.new(copy_of=migrated)
    config = Config.from_environment({"DATA_DIR": str(tmp_path), "DATABASE_URL": url})
    statement = "UPDATE alembic_version SET version_num = 'tomorrow'"
    if config.is_sqlite:
        with closing(sqlite3.connect(config.sqlite_path, isolation_level=None)) as connection:
            connection.execute(statement)
    else:
        with psycopg.connect(config.libpq_url, autocommit=True) as connection:
            connection.execute(statement)

    [line] = start_and_fail(server(url))

    assert line.startswith("The database was written by a newer version (revision tomorrow is unknown here)")


@pytest.mark.database
def test_a_new_database_is_made_ready(server, databases):
    running = server(databases.new()).start()

    assert running.api().get("/readyz").body == {"status": "ready"}


def test_the_copy_before_an_upgrade_is_whole(tmp_path):
    path = tmp_path / "desk.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE note (words TEXT)")
        connection.execute("INSERT INTO note VALUES ('still in the log')")
        copy = database.copy_before_migration(path, tmp_path / "backups", at=clock.now())

    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT words FROM note").fetchall() == [("still in the log",)]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_the_set_up_code_is_told_where_strangers_could_come_first(server):
    outside, local = server(HOST="0.0.0.0").start(), server().start()
    code = Config.from_environment(outside.environ).setup_code.encode()

    assert code in outside.process.stdout.readline()
    local.stop()
    assert code not in b"".join(local.lines)


def test_the_set_up_code_is_not_told_once_there_is_an_account(server):
    running = server(PUBLIC_URL="http://desk.example.com")
    with running.work():
        make_account()

    running.start()
    running.process.terminate()

    assert running.lines == [b"Deskframe is at http://desk.example.com (Ctrl-C stops it).\n"]
    assert running.process.stdout.read() == b""


@pytest.mark.database
def test_the_example_app_is_served_while_some_app_shows_it(server):
    running = server(PORT=str(free_port())).start()
    port = int(running.url.rpartition(":")[2]) + 1
    with running.work():
        app = make_app(make_account(), urls=(f"http://localhost:{port}/",))

    until(lambda: _is_served(port))

    with running.work():
        db.session.delete(db.session.merge(app))
    until(lambda: not _is_served(port))


def test_the_example_app_is_where_the_account_says_whatever_the_desks_port_is_by_now(server):
    port, who = free_port(), ("--name", "Ada", "--email", "ada@example.com", "--password", "correct horse 42")
    running = server(PORT=str(port))
    running.run("setup", "--account", "Acme", *who, "--sample")

    running.environ["PORT"] = "0"
    running.start()

    until(lambda: _is_served(port + 1, "/customer-orders/app.js"))


def _is_served(port, path="/"):
    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            return b"200 OK" in connection.recv(100)
    except OSError:
        return False
