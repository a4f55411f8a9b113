"""Search over the messages, newest first: common words and rare ones, by who sees much and who little."""

from urllib.parse import quote

from bench import client
from bench.client import Timing
from bench.lines import ADMIN
from bench.lines import AGENT
from bench.lines import API
from bench.measure import Desk
from bench.processes import Server
from bench.seed import LONE_AGENT

# A word in a fifth of all messages, beginnings of many words, words that seldom stand together, numbers of
# one link in thousands, and what nobody has said.
WORDS = (
    "order",
    "parcel arrived",
    "the",
    "o",
    "pri",
    "green jacket",
    "courier neighbour signature",
    "blue shoe size label",
    "3210",
    "https shop example com orders 4990",
    "zeppelin",
    "order zeppelin",
)
ROUNDS = 20
WHO = {
    "administrator": ADMIN,
    "agent of three inboxes": AGENT,
    "agent of one inbox with 1 %": LONE_AGENT,
}


def measure_search(desk: Desk, server: Server) -> dict[str, Timing]:
    """How long the first page takes, by who asks."""
    found = {}
    for who, email in WHO.items():
        token = {"api_access_token": desk.key_of(email).token}
        asked = [client.raw("GET", f"{API}/1/search/messages?q={quote(words)}", token) for words in WORDS]
        client.load(server.port, asked, concurrency=1)  # only warms up
        found[who] = client.load(server.port, asked * ROUNDS, concurrency=1)
    return found


def messages_in(desk: Desk) -> int:
    return desk.one("SELECT count(*) FROM message_words")
