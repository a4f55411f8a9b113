"""A worker process for tests of the queue: `python -m tests.support.stubborn_worker hang|work`.

It says `started` when a job begins. With `hang` the job never ends, with `work` it says `done` and is over.
"""

import sys
import threading
from datetime import timedelta

from dashboard.queue.worker import Worker
from wsgi import app

LEASE = timedelta(seconds=2)


def main(mode: str) -> None:
    stop = threading.Event()

    def greet(name: str) -> None:
        say(f"started {name}")
        if mode == "hang":
            threading.Event().wait()
        stop.set()

    Worker({"greet": greet}, context=app.app_context, lease=LEASE).run(stop)
    say("done")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
