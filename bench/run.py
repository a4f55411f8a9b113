"""One whole run: every line on every data set, then the browser, the starts and the memory."""

import sys
import time
from dataclasses import dataclass
from dataclasses import field

from bench import client
from bench.bridge import Bridge
from bench.bridge import measure_bridge
from bench.browser import Switch
from bench.browser import measure_switches
from bench.client import Timing
from bench.datasets import DataSet
from bench.doubled import measure_doubled
from bench.lines import AGENT
from bench.lines import lines_of
from bench.lines import longest_page
from bench.measure import Desk
from bench.measure import Line
from bench.measure import Result
from bench.measure import alone
from bench.measure import compare
from bench.processes import Server
from bench.processes import floor
from bench.processes import product
from bench.processes import seconds_to_first_answer
from bench.searching import measure_search
from bench.searching import messages_in
from bench.sending import Sending
from bench.sending import measure_sending
from bench.sockets import Crowds
from bench.sockets import measure_crowds
from bench.uploads import Uploads
from bench.uploads import measure_uploads

SEARCH = "search over the messages"
STARTS = 5
BRIDGE = "the bridge to apps"
CROWDS = "crowds at /cable"
UPLOADS = "uploads of 40 MB"
SENDING = "sending to webhooks"
DOUBLED = "two web processes beside one"
UNLIMITED = "1000000"  # requests a minute of one customer's program: the limit counts, and is never met
REST = 5.0  # seconds of quiet before the memory is read


@dataclass
class Found:
    """All that one run has found out."""

    sizes: list[str]
    results: list[Result] = field(default_factory=list)
    growth: dict[str, dict[str, float]] = field(default_factory=dict)  # line → size → ms of processor
    searches: dict[int, dict[str, Timing]] = field(default_factory=dict)  # messages → who → how long
    switches: dict[str, list[Switch]] = field(default_factory=dict)
    starts: list[float] = field(default_factory=list)
    memory_mb: float = 0.0
    bridge: Bridge | None = None
    crowds: Crowds | None = None
    uploads: Uploads | None = None
    sending: Sending | None = None
    doubled: float = 0.0


def run(sets: list[DataSet], *, only: str) -> Found:
    """Compare with the floor on the first set; watch every line grow on the others."""
    found = Found([data.name for data in sets])
    for data in sets:
        desk = Desk(data)
        desk.clean()  # of what a run that was broken off has left
        with product(data, CLIENT_RATE_LIMIT=UNLIMITED) as ours:
            lines = [line for line in lines_of(desk, ours) if only in line.name]
            if data is sets[0]:
                _compare(desk, lines, ours, found)
                if not only:
                    _say(f"{data.name}: switching conversations in Chromium …")
                    found.switches = measure_switches(desk, ours, desk.key_of(AGENT))
                time.sleep(REST)
                found.memory_mb = ours.pss_mb()
                if not only or only in BRIDGE:
                    _say(f"{data.name}: {BRIDGE} in Chromium …")
                    found.bridge = measure_bridge(desk, ours, desk.key_of(AGENT))
                if not only or only in CROWDS:
                    _say(f"{data.name}: {CROWDS} …")
                    found.crowds = measure_crowds(desk, ours)
                if not only or only in UPLOADS:
                    _say(f"{data.name}: {UPLOADS} …")
                    found.uploads = measure_uploads(desk, ours)
            if only in SEARCH:
                _say(f"{data.name}: searching …")
                found.searches[messages_in(desk)] = measure_search(desk, ours)
            if len(sets) > 1:
                for line in lines:
                    _say(f"{data.name}: {line.name} …")
                    found.growth.setdefault(line.name, {})[data.name] = alone(desk, line, ours)
    if not only or only in SENDING:
        _say(f"{SENDING} …")
        found.sending = measure_sending(Desk(sets[0]))
    if not only or only in DOUBLED:
        _say(f"{DOUBLED} …")
        found.doubled = measure_doubled(Desk(sets[0]))
    if not only:
        _say("starting it a few times …")
        found.starts = [seconds_to_first_answer(sets[0]) for _ in range(STARTS)]
    return found


def _compare(desk: Desk, lines: list[Line], ours: Server, found: Found) -> None:
    pages = {line.weighs: _page(line, ours) for line in lines if line.page}
    weights = {name: len(page) for name, page in pages.items()}
    rows = {name: page.count(b"data-conversation=") for name, page in pages.items()}
    with floor(desk.data, weights=weights, rows=rows) as theirs:
        for line in lines:
            _say(f"{desk.data.name}: {line.name}, product and floor by turns …")
            desk.wait_for_jobs()
            result = compare(desk, line, ours, theirs)
            if line.page:
                result.size = len(_page(line, ours))
                result.queries = desk.queries_of(line.page, line.cookie)
            if line.weighs == "page":
                result.queries_of_longest = desk.queries_of(longest_page(desk), line.cookie)
            found.results.append(result)


def _page(line: Line, server: Server) -> bytes:
    answer = client.ask(server.port, client.raw("GET", line.page, {"Cookie": line.cookie}))
    if answer.status != 200:
        raise SystemExit(f"{line.page} answers {answer.status}")
    return answer.body


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")
