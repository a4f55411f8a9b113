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
from dashboard.realtime.bus.exchange import bus
from dashboard.realtime.bus.topics import DELIVERIES as DELIVERIES_DUE
from dashboard.realtime.bus.topics import JOBS as JOBS_DUE
from dashboard.realtime.presence import presence
from dashboard.server.child import follow
from dashboard.server.child import report_ready
from dashboard.server.collector import collect_between_instructions
from dashboard.server.example import Example
from dashboard.webhooks.worker.sender import Sender
from dashboard.wiring import JOBS
from dashboard.wiring import PERIODIC
from dashboard.wiring import UNHURRIED
from wsgi import app


def main(lifeline: int, ready: int) -> None:
    follow(lifeline)
    collect_between_instructions()
    logs.configure()
    config: Config = app.config["DESK"]
    stop = threading.Event()
    worker = Worker(JOBS, context=app.app_context, unhurried=UNHURRIED)
    sender = Sender(context=app.app_context)
    signal.signal(signal.SIGTERM, lambda *_: _tell_to_stop(stop, worker, sender))
    with ExitStack() as stack:
        duties: list[Callable[[], None]] = []
        if config.is_sqlite:
            duties.append(stack.enter_context(closing(Checkpointer(config.sqlite_path))))
        if config.is_local:
            duties.append(stack.enter_context(closing(Example(config))))
        with app.app_context():
            keep_periodic(PERIODIC)
        bus.listen(JOBS_DUE, lambda _: worker.wake())
        bus.listen(DELIVERIES_DUE, lambda _: sender.wake())
        presence.share()
        sending = threading.Thread(target=_send, args=(sender, stop, worker), name="sender")
        sending.start()
        report_ready(ready)
        worker.run(stop, after_each_look=lambda: _do(duties))
        sending.join()


def _send(sender: Sender, stop: threading.Event, worker: Worker) -> None:
    """Without a sender the process is not whole: should it ever break down, the supervisor starts another."""
    try:
        sender.run(stop)
    finally:
        _tell_to_stop(stop, worker)


def _tell_to_stop(stop: threading.Event, *workers: Worker | Sender) -> None:
    """They are woken by other threads: this one may just be holding the lock of a bell."""
    stop.set()
    for worker in workers:
        threading.Thread(target=worker.wake).start()


def _do(duties: list[Callable[[], None]]) -> None:
    write_intent.set(False)  # they only read, and must not keep anybody from writing
    with app.app_context():
        for duty in duties:
            duty()
    write_intent.set(True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
