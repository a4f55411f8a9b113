"""One whole run: every line on every data set, then the starts, the memory and the browser."""

import sys
import time
from dataclasses import dataclass
from dataclasses import field

from bench import client
from bench.datasets import DataSet
from bench.lines import cleaner
from bench.lines import lines_of
from bench.measure import Desk
from bench.measure import Line
from bench.measure import Result
from bench.measure import alone
from bench.measure import compare
from bench.processes import Server
from bench.processes import floor
from bench.processes import product
from bench.processes import seconds_to_first_answer

STARTS = 5
REST = 5.0  # seconds of quiet before the memory is read


@dataclass
class Found:
    """All that one run has found out."""

    sizes: list[str] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    growth: dict[str, dict[str, float]] = field(default_factory=dict)  # line → size → ms of processor
    memory_mb: float | None = None
    starts: list[float] = field(default_factory=list)


def run(sets: list[DataSet], *, only: str) -> Found:
    found = Found([data.name for data in sets])
    for data in sets:
        _measure(data, found, only=only, in_full=data is sets[-1])
    if not only:
        _say("starting it a few times …")
        found.starts = [seconds_to_first_answer(sets[0]) for _ in range(STARTS)]
    return found


def _measure(data: DataSet, found: Found, *, only: str, in_full: bool) -> None:
    desk = Desk(data)
    clean = cleaner(desk)
    with product(data) as ours:
        lines = [line for line in lines_of(desk, ours) if only in line.name]
        pages = {line.weighs: _page(line, ours) for line in lines if line.page}
        weights = {name: len(page) for name, page in pages.items()}
        rows = max((page.count(b"data-conversation=") for page in pages.values()), default=0)
        if in_full:
            with floor(data, weights=weights, rows=rows) as theirs:
                for line in lines:
                    _say(f"{data.name}: {line.name} …")
                    found.results.append(_compared(desk, line, ours, theirs, clean))
            _rest(found, ours)
        for line in lines:
            _say(f"{data.name}: {line.name}, alone …")
            found.growth.setdefault(line.name, {})[data.name] = alone(line, ours, after_run=clean)


def _compared(desk: Desk, line: Line, ours: Server, theirs: Server, clean) -> Result:  # noqa: ANN001
    result = compare(line, ours, theirs, after_run=clean if line.writes else lambda: None)
    if line.page:
        result.size = len(_page(line, ours))
        result.queries = desk.queries_of((line.page, {"Cookie": line.cookie}))
    return result


def _page(line: Line, server: Server) -> bytes:
    answer = client.ask(server.port, client.raw("GET", line.page, {"Cookie": line.cookie}))
    if answer.status != 200:
        raise SystemExit(f"{line.page} answers {answer.status}")
    return answer.body


def _rest(found: Found, server: Server) -> None:
    time.sleep(REST)
    found.memory_mb = server.pss_mb()


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")
