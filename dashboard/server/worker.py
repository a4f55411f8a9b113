"""The worker process: `python -m dashboard.server.worker LIFELINE READY`, started by the supervisor."""

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from contextlib import closing

from dashboard.config import Config
from dashboard.extensions import write_intent
from dashboard.http import logs
from dashboard.queue.operations import keep_periodic
from dashboard.queue.worker import Checkpointer
from dashboard.queue.worker import Worker
from dashboard.server.child import follow
from dashboard.server.child import report_ready
from dashboard.server.example import Example
from dashboard.wiring import JOBS
from dashboard.wiring import PERIODIC
from wsgi import app


def main(lifeline: int, ready: int) -> None:
    follow(lifeline)
    logs.configure()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    config: Config = app.config["DESK"]
    with ExitStack() as stack:
        duties: list[Callable[[], None]] = []
        if config.is_sqlite:
            duties.append(stack.enter_context(closing(Checkpointer(config.sqlite_path))))
        if config.is_local:
            duties.append(stack.enter_context(closing(Example(config))))
        with app.app_context():
            keep_periodic(PERIODIC)
        report_ready(ready)
        Worker(JOBS, context=app.app_context).run(stop, after_each_look=lambda: _do(duties))


def _do(duties: list[Callable[[], None]]) -> None:
    write_intent.set(False)  # they only read, and must not keep anybody from writing
    with app.app_context():
        for duty in duties:
            duty()
    write_intent.set(True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
