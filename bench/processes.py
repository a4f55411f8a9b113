"""Servers as real processes, and what the machine says that they cost."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.datasets import DataSet
from dashboard.config import CHECKOUT

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0


class Server:
    """A tree of processes that answers at a port of this machine."""

    def __init__(self, name: str, process: subprocess.Popen[str], port: int) -> None:
        self.name = name
        self.process = process
        self.port = port

    def cpu_ms(self) -> float:
        """Processor time since the start, in user and kernel, of every process of the tree."""
        return sum(_cpu_ticks(pid) for pid in _tree(self.process.pid)) * 1000 / TICKS

    def web_cpu_ms(self) -> float:
        """The same, of what answers requests alone."""
        return sum(_cpu_ticks(pid) for pid in _tree(self.process.pid) if _is_web(pid)) * 1000 / TICKS

    def pss_mb(self) -> float:
        """Memory of the whole tree; what processes share is counted once."""
        return sum(_pss_kb(pid) for pid in _tree(self.process.pid)) / 1024

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


@contextmanager
def product(data: DataSet, **environ: str) -> Iterator[Server]:
    """Everything that `make run` starts."""
    with _log_of("product").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.server.supervisor"],
            cwd=CHECKOUT,
            env={**data.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    server = Server("product", process, _announced_port(process))
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def floor(data: DataSet, *, weights: dict[str, int], rows: dict[str, int]) -> Iterator[Server]:
    """The bare app beside it: one web process on the same database, served by the same server.

    It has no worker: the product's, which runs all the while, keeps the write-ahead log short for both.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    lifeline, held = os.pipe()
    told, ready = os.pipe()
    with _log_of("floor").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.floor_server", str(listener.fileno()), str(lifeline), str(ready)],
            cwd=CHECKOUT,
            env={**data.environ, "BENCH_WEIGHTS": json.dumps(weights), "BENCH_ROWS": json.dumps(rows)},
            stderr=log,
            pass_fds=(listener.fileno(), lifeline, ready),
            text=True,
            start_new_session=True,
        )
    os.close(ready)
    server = Server("floor", process, listener.getsockname()[1])
    try:
        if os.read(told, 1) == b"":
            raise SystemExit(f"The floor did not start: {_log_of('floor')} says why.")
        yield server
    finally:
        server.stop()
        for end in (lifeline, held, told):
            os.close(end)
        listener.close()


def seconds_to_first_answer(data: DataSet) -> float:
    """From `make run` to the first 200 of the sign-in page, with everything installed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        ["make", "-s", "run"],
        cwd=CHECKOUT,
        env={**data.environ, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - started > PATIENCE:
                raise SystemExit("`make run` did not answer.")
            time.sleep(0.005)
        return time.perf_counter() - started
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(12).endswith(b" 200")
    except OSError:
        return False


def _log_of(name: str) -> Path:
    folder = CHECKOUT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def _announced_port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise SystemExit(f"The desk did not start: {_log_of('product')} says why.")


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for file in Path(f"/proc/{parent}/task").glob("*/children"):
            found += map(int, _read(file).split())
    return found


def _is_web(pid: int) -> bool:
    return "dashboard.server.web" in _read(Path(f"/proc/{pid}/cmdline"))


def _cpu_ticks(pid: int) -> int:
    """utime and stime, and those of children that have ended: the 12th to 15th value after the name."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def _pss_kb(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) if found else 0


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # it has ended meanwhile
        return ""
