"""Clients that others have published run unchanged: `@rails/actioncable`, and an SDK made for Chatwoot."""

import json
import subprocess
from pathlib import Path

from tests.support.databases import Databases
from tests.support.servers import Server

HERE = Path(__file__).parent
INSTALLED = HERE.parent / "node_modules"


def test_a_customer_and_an_agent_talk_to_each_other(databases: Databases, migrated: str, tmp_path: Path):
    assert INSTALLED.exists(), "the clients are not installed: npm ci --prefix tests"
    server = Server(tmp_path, databases.new(copy_of=migrated))
    server.start()
    try:
        desk = server.make_desk()
        command = ["node", str(HERE / "story.mjs"), server.url, str(desk.account_id), desk.ada.token]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    finally:
        server.stop()

    assert done.returncode == 0, f"{done.stderr}\n{server.log.read_text()}"
    assert json.loads(done.stdout) == {
        "answers": ["connected", "connected", "rejected"],
        "online": ["online", "online"],
        "created": "Jane",
        "asked": [0, "contact", "Jane", True],
        "answered": [1, "user"],
        "shop": ["Where is my order?", "On its way"],
        "listed": ["Where is my order?", "A nice one, let us look", "On its way"],
    }
