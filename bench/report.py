"""The tables, in Markdown."""

import os
from collections.abc import Iterable
from statistics import median

from bench.bridge import Bridge
from bench.lines import MOST_KB
from bench.lines import MOST_QUERIES
from bench.measure import CONCURRENCY
from bench.measure import Result
from bench.run import Found
from bench.sending import GOOD
from bench.sending import WAITING
from bench.sending import WEBHOOKS
from bench.sending import Sending
from bench.sockets import AGENTS
from bench.sockets import MANY
from bench.sockets import Crowds
from bench.uploads import SIZE_MB
from bench.uploads import SLOW
from bench.uploads import Uploads

MOST_GROWTH = 1.5
MOST_HOST_MS = 50
MOST_SEARCH_MS = 50
MOST_MEMORY_MB = 250
MOST_START_S = 1.5
MOST_LAST_MS = 50
MOST_KB_A_SOCKET = 60
MOST_HOST_BYTES, MOST_SDK_BYTES = 14_000, 6_000
MOST_WELCOME_MS, MOST_CHANGE_MS, MOST_SWITCH_MS, MOST_TYPING_MS, MOST_TOKEN_MS = 50, 150, 16, 100, 1
MOST_CHECK_S = 10
MOST_IDLE = 2
MOST_UPLOAD_MB = 10
MOST_SLOWED = 1.25
MOST_GAP_S = 6  # then clients think that nobody is there
LEAST_DOUBLED = 1.6
LEAST_OF_BARE, LEAST_RATE = 70, 500
MOST_SOON_MS, MOST_LOST, MOST_CLAIM_MS, MOST_HELD_MB, MOST_INGEST = 50, 20, 2, 10, 1.3


def write(found: Found) -> str:
    """Everything, with the aims beside it and a mark where one is missed."""
    parts = [
        _machine(found),
        _processor(found.results),
        _clock(found.results),
        _growth(found) if found.growth else "",
        _searches(found) if found.searches else "",
        _bridge(found.bridge) if found.bridge else "",
        _crowds(found.crowds) if found.crowds else "",
        _uploads(found.uploads) if found.uploads else "",
        _sending(found.sending) if found.sending else "",
        _rest(found),
    ]
    return "\n".join(part for part in parts if part)


def _machine(found: Found) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {database}; "
        f"compared on {found.sizes[0]} conversations × 10 messages.\n"
    )


def _processor(results: list[Result]) -> str:
    return _table(
        ("Processor, ms a request", "product", "floor", "ratio", "aim", "queries", "KB"),
        (
            (
                result.line.name,
                f"{result.product.cpu_per_request:.2f}",
                f"{result.floor.cpu_per_request:.2f}",
                f"{result.ratio:.2f} ×",
                _judged(result.ratio, result.line.most_ratio, f"≤ {result.line.most_ratio:g} ×"),
                _queries(result),
                _weight(result),
            )
            for result in results
        ),
    )


def _queries(result: Result) -> str:
    if result.queries is None:
        return ""
    most = max(result.queries, result.queries_of_longest or 0)
    longest = f", {result.queries_of_longest} with 3,000 messages" if result.queries_of_longest else ""
    return f"{result.queries}{longest} " + _judged(most, MOST_QUERIES, f"(≤ {MOST_QUERIES})")


def _weight(result: Result) -> str:
    if result.size is None:
        return ""
    size = result.size / 1024
    if result.line.weighs != "page":
        return f"{size:.0f}"
    return f"{size:.0f} " + _judged(size, MOST_KB, f"(≤ {MOST_KB})")


def _clock(results: list[Result]) -> str:
    columns = (
        "Clock, ms (p50 / p99)",
        "1 at a time",
        "floor",
        f"{CONCURRENCY} at once",
        "floor",
        "errors",
        "lost",
    )
    return _table(
        columns,
        (
            (
                result.line.name,
                f"{result.product.one.p50:.1f} / {result.product.one.p99:.1f}",
                f"{result.floor.one.p50:.1f} / {result.floor.one.p99:.1f}",
                f"{result.product.many.p50:.0f} / {result.product.many.p99:.0f}" + _at_once(result),
                f"{result.floor.many.p50:.0f} / {result.floor.many.p99:.0f}",
                str(result.product.errors),
                str(result.product.lost) if result.line.fills else "",
            )
            for result in results
        ),
    )


def _at_once(result: Result) -> str:
    most = result.line.most_p99
    return "" if most is None else " " + _judged(result.product.many.p99, most, f"(p99 ≤ {most:g})")


def _growth(found: Found) -> str:
    first, last = found.sizes[0], found.sizes[-1]
    return _table(
        ("Growth, processor ms a request", *found.sizes, f"{last} : {first}", "aim"),
        (
            (
                name,
                *(f"{times[size]:.2f}" for size in found.sizes),
                f"{times[last] / times[first]:.2f} ×",
                _judged(times[last] / times[first], MOST_GROWTH, f"≤ {MOST_GROWTH} ×"),
            )
            for name, times in found.growth.items()
        ),
    )


def _searches(found: Found) -> str:
    return _table(
        ("Search, newest first, ms (p50 / p95)", "messages", "the first page", "errors", "aim"),
        (
            (
                who,
                f"{messages:,}",
                f"{timing.p50:.1f} / {timing.p95:.1f}",
                str(sum(count for status, count in timing.statuses.items() if status != 200)),
                _judged(timing.p95, MOST_SEARCH_MS, f"p95 ≤ {MOST_SEARCH_MS} ms"),
            )
            for messages, people in found.searches.items()
            for who, timing in people.items()
        ),
    )


def _crowds(crowds: Crowds) -> str:
    last, idle = _at(0.5, crowds.to_last), crowds.idle_percent
    held = _judged(MANY - crowds.many_held, 0, "all")
    cut = crowds.deaf_cut_after
    rows = [
        (
            f"{AGENTS:,} agents, one message: request → the last has it",
            _spread(crowds.to_last),
            _judged(last, MOST_LAST_MS, f"≤ {MOST_LAST_MS} ms at p50"),
        ),
        ("the same: request → answer", _spread(crowds.to_answer), ""),
        (
            "a socket",
            f"{crowds.kb_a_socket:.0f} KB",
            _judged(crowds.kb_a_socket, MOST_KB_A_SOCKET, f"≤ {MOST_KB_A_SOCKET} KB"),
        ),
        (
            f"{AGENTS:,} agents, nothing happens: processor",
            f"{idle:.1f} %",
            _judged(idle, MOST_IDLE, f"< {MOST_IDLE} %"),
        ),
        (f"{MANY:,} sockets on one process, held", f"{crowds.many_held:,}", held),
        (f"{MANY:,} sockets, one message: request → the last has it", _spread(crowds.many_to_last), ""),
        (
            f"{MANY:,} sockets: the longest time without a ping",
            f"{crowds.longest_gap:.1f} s",
            _judged(crowds.longest_gap, MOST_GAP_S, f"< {MOST_GAP_S} s"),
        ),
        ("a hundred agents beside one who never reads: a message", _spread(crowds.beside_deaf), ""),
        (
            "who never reads is cut off",
            "never" if cut is None else f"after {cut} messages, {crowds.deaf_mb:.0f} MB at the most",
            _judged(cut is None, 0, "yes"),
        ),
    ]
    return _table(("`/cable`", "measured", "aim"), rows)


def _bridge(bridge: Bridge) -> str:
    welcome, change, typing = (_at(0.95, times) for times in (bridge.welcomes, bridge.changes, bridge.typing))
    rows = [
        (
            "everything that the agent's page loads for apps at first, gzipped",
            f"{bridge.host_bytes / 1000:.1f} KB",
            _judged(bridge.host_bytes, MOST_HOST_BYTES, f"≤ {MOST_HOST_BYTES // 1000} KB"),
        ),
        (
            "the same until apps of every format have their context",
            f"{bridge.told_bytes / 1000:.1f} KB",
            _judged(bridge.told_bytes, MOST_HOST_BYTES, f"≤ {MOST_HOST_BYTES // 1000} KB"),
        ),
        (
            "the SDK, gzipped",
            f"{bridge.sdk_bytes / 1000:.1f} KB",
            _judged(bridge.sdk_bytes, MOST_SDK_BYTES, f"≤ {MOST_SDK_BYTES // 1000} KB"),
        ),
        (
            "hello → welcome with the context",
            _spread(bridge.welcomes),
            _judged(welcome, MOST_WELCOME_MS, f"≤ {MOST_WELCOME_MS} ms at p95"),
        ),
        (
            "a message is posted → the app has it",
            _spread(bridge.changes),
            _judged(change, MOST_CHANGE_MS, f"≤ {MOST_CHANGE_MS} ms at p95"),
        ),
        (
            "conversation switch: script for each of five warm apps",
            f"{bridge.switch_ms:.1f} ms",
            _judged(bridge.switch_ms, MOST_SWITCH_MS, f"≤ {MOST_SWITCH_MS} ms"),
        ),
        (
            f"a flood of 10,000 messages a second, stopped after {bridge.stopped_after:.1f} s: key → picture",
            _spread(bridge.typing),
            _judged(typing, MOST_TYPING_MS, f"≤ {MOST_TYPING_MS} ms at p95"),
        ),
        (
            "signing a context token, processor",
            f"{bridge.token_ms:.2f} ms",
            _judged(bridge.token_ms, MOST_TOKEN_MS, f"≤ {MOST_TOKEN_MS} ms"),
        ),
        (
            f"a check of an address that never ends; whoever asks for it waits {bridge.asked_ms:.1f} ms",
            f"{bridge.check_s:.1f} s",
            _judged(bridge.check_s, MOST_CHECK_S, f"≤ {MOST_CHECK_S} s, in a job"),
        ),
    ]
    return _table(("The bridge", "measured", "aim"), rows)


def _uploads(uploads: Uploads) -> str:
    grown, slowed = uploads.grown_mb, uploads.beside.p50 / uploads.alone.p50
    rows = [
        (
            f"{SIZE_MB} MB in one file: memory of all processes grows by",
            f"{grown:.1f} MB",
            _judged(grown, MOST_UPLOAD_MB, f"≤ {MOST_UPLOAD_MB} MB"),
        ),
        (
            f"the list beside {SLOW} slow uploads, by the list alone",
            f"{slowed:.2f} × (p95 {uploads.beside.p95:.0f} / {uploads.alone.p95:.0f} ms)",
            _judged(slowed, MOST_SLOWED, f"≤ {MOST_SLOWED} × at p50"),
        ),
    ]
    return _table(("Uploads", "measured", "aim"), rows)


def _sending(sending: Sending) -> str:
    alone = median(sending.alone)
    lost = max(100 * (1 - median(sending.beside) / alone), 0.0)
    claim, soon = _at(0.5, sending.claims), _at(0.5, sending.soon)
    ingest = sending.told_ms / sending.untold_ms
    rows = [
        (
            f"deliveries a second, each recorded; a bare sender posts {median(sending.bare):.0f}",
            f"{sending.rate:.0f}",
            _judged(LEAST_RATE, sending.rate, f"≥ {LEAST_RATE}"),
        ),
        (
            "the same, of the bare sender's",
            f"{100 * sending.of_bare:.0f} %",
            _judged(LEAST_OF_BARE, 100 * sending.of_bare, f"≥ {LEAST_OF_BARE} %"),
        ),
        (
            "a message is posted, nothing else happens → the receiver has it",
            _spread(sending.soon),
            _judged(soon, MOST_SOON_MS, f"≤ {MOST_SOON_MS} ms at p50"),
        ),
        (
            f"{GOOD} endpoints beside one that times out: what they lose of {alone:.0f} a second",
            f"{lost:.0f} %",
            _judged(lost, MOST_LOST, f"≤ {MOST_LOST} %"),
        ),
        (
            f"a claim, {WAITING:,} deliveries wait",
            f"p50 {claim:.1f} ms, p95 {_at(0.95, sending.claims):.1f} ms",
            _judged(claim, MOST_CLAIM_MS, f"≤ {MOST_CLAIM_MS} ms at p50"),
        ),
        (
            "the same: memory of all processes grows by",
            f"{sending.grown_mb:.1f} MB",
            _judged(sending.grown_mb, MOST_HELD_MB, f"≤ {MOST_HELD_MB} MB"),
        ),
        (
            f"a message by API of which {WEBHOOKS} webhooks are told, by one without: processor",
            f"{ingest:.2f} × ({sending.told_ms:.2f} / {sending.untold_ms:.2f} ms)",
            _judged(ingest, MOST_INGEST, f"≤ {MOST_INGEST} ×"),
        ),
    ]
    return _table(("Webhooks", "measured", "aim"), rows)


def _rest(found: Found) -> str:
    memory = _judged(found.memory_mb, MOST_MEMORY_MB, f"≤ {MOST_MEMORY_MB} MB")
    rows = [
        ("memory of everything `make run` starts, idle after load (PSS)", f"{found.memory_mb:.0f} MB", memory)
    ]
    if found.switches:
        stays, reloads = found.switches["stays"], found.switches["reloads"]
        host = _at(0.95, (switch.host for switch in stays))
        aim = _judged(host, MOST_HOST_MS, f"≤ {MOST_HOST_MS} ms at p95")
        rows += [
            (
                "conversation switch: what the host adds to the request",
                _spread(switch.host for switch in stays),
                aim,
            ),
            (
                "conversation switch: click → the app has the new context",
                _spread(switch.total for switch in stays),
                "",
            ),
            ("the same with “reload for each conversation”", _spread(switch.total for switch in reloads), ""),
        ]
    if found.doubled:
        aim = _judged(LEAST_DOUBLED, found.doubled, f"≥ {LEAST_DOUBLED} × on two idle cores")
        rows.append(("two web processes with Redis: pages of one", f"{found.doubled:.2f} ×", aim))
    if found.starts:
        start = _at(0.5, found.starts)
        aim = _judged(start, MOST_START_S, f"≤ {MOST_START_S} s")
        rows.append(("`make run` (installed) to the first 200, the median", f"{start:.2f} s", aim))
    return _table(("", "measured", "aim"), rows)


def _spread(values: Iterable[float]) -> str:
    ordered = list(values)
    return f"p50 {_at(0.5, ordered):.0f} ms, p95 {_at(0.95, ordered):.0f} ms"


def _at(share: float, values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _judged(value: float, most: float, aim: str) -> str:
    return aim if value <= most else f"**{aim} missed**"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
