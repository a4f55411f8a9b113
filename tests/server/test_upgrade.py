"""`git pull && make run`: the database follows the code, or stays as it was."""

import shutil
import subprocess
import sys

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text

from dashboard.config import CHECKOUT
from dashboard.server import database
from tests.support.factories import make_account
from tests.support.factories import make_user
from tests.support.servers import Server

pytestmark = pytest.mark.database

UPGRADE = """
    with op.batch_alter_table("accounts") as accounts:
        accounts.alter_column("name", type_=sa.String(300), existing_type=sa.String(255))
    op.create_table("ornaments", sa.Column("id", sa.Integer, primary_key=True))
"""


@pytest.fixture
def tomorrow(tmp_path):
    """Tomorrow's checkout: today's code and one migration more, which does what the test says."""

    def make(upgrade):
        checkout = tmp_path / "tomorrow"
        for name in ("dashboard", "migrations", "static", "templates"):
            shutil.copytree(CHECKOUT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(CHECKOUT / "wsgi.py", checkout)
        (checkout / "migrations" / "versions" / "9999_tomorrow.py").write_text(
            "import sqlalchemy as sa\n"
            "from alembic import op\n"
            'revision = "9999"\n'
            f'down_revision = "{database.newest_revision()}"\n'
            f"def upgrade():{upgrade}\n"
        )
        return checkout

    return make


@pytest.fixture
def start(tmp_path):
    servers = []

    def start(url, checkout=CHECKOUT):
        servers.append(Server(tmp_path / f"server{len(servers)}", url, checkout=checkout))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()


def lines_of_failed_start(server):
    command = [sys.executable, "-m", "dashboard.server.supervisor"]
    done = subprocess.run(
        command, cwd=server.checkout, env=server.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return (done.stdout + done.stderr).splitlines()


def rows(url, table):
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table}")).all()
    engine.dispose()
    return found


def test_an_upgrade_keeps_everything_and_a_copy(databases, migrated, tomorrow, start, tmp_path):
    url = databases.new(copy_of=migrated)
    today = Server(tmp_path / "today", url)
    with today.work():
        make_user(make_account())

    running = start(url, tomorrow(UPGRADE))

    assert running.api().get("/readyz").body == {"status": "ready"}
    assert len(rows(url, "memberships")) == 1  # a batch migration of its parent has not taken it along
    assert rows(url, "ornaments") == []
    copies = list((running.folder / "data" / "backups").glob("*.db"))
    if url.startswith("sqlite"):
        assert len(rows(f"sqlite:///{copies[0]}", "accounts")) == 1

    running.stop()
    assert lines_of_failed_start(today)[-1].startswith("The database was written by a newer version")


def test_a_migration_that_fails_changes_nothing(databases, migrated, tomorrow, start, tmp_path):
    url = databases.new(copy_of=migrated)
    broken = Server(
        tmp_path / "broken", url, checkout=tomorrow(UPGRADE + "    raise RuntimeError('halfway')\n")
    )

    lines = lines_of_failed_start(broken)

    assert "Error: halfway" in lines
    assert lines[-1] == "The database could not be upgraded; the lines above say why. Nothing was changed."
    assert start(url).api().get("/readyz").body == {"status": "ready"}
