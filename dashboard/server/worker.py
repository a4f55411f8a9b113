"""The worker process: `python -m dashboard.server.worker LIFELINE READY`, started by the supervisor."""

import signal
import sys
import threading
from collections.abc import Callable

from dashboard.config import Config
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
    duties: list[Callable[[], None]] = []
    if config.is_sqlite:
        duties.append(Checkpointer(config.sqlite_path))
    if config.is_local:
        duties.append(Example(config))
    with app.app_context():
        keep_periodic(PERIODIC)
    report_ready(ready)

    def after_each_look() -> None:
        with app.app_context():
            for duty in duties:
                duty()

    Worker(JOBS, context=app.app_context).run(stop, after_each_look=after_each_look)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
