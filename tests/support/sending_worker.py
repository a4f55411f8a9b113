"""A worker process that sends what is due, and takes the dead for dead after two seconds."""

import threading
from datetime import timedelta

from dashboard.queue.worker import Worker
from dashboard.webhooks.worker.sender import Sender
from dashboard.wiring import JOBS
from wsgi import app

SHORT = timedelta(seconds=2)


def main() -> None:
    stop = threading.Event()
    sender = Sender(context=app.app_context, lease=SHORT)
    threading.Thread(target=sender.run, args=(stop,), daemon=True).start()
    Worker(JOBS, context=app.app_context, lease=SHORT).run(stop)


if __name__ == "__main__":
    main()
