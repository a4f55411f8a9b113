"""A worker process that sends to callbacks, and takes the dead for dead after two seconds."""

import threading
from datetime import timedelta

from dashboard.queue.worker import Worker
from dashboard.webhooks import operations
from dashboard.wiring import JOBS
from wsgi import app

SHORT = timedelta(seconds=2)


def main() -> None:
    operations.HOLD = SHORT
    Worker(JOBS, context=app.app_context, lease=SHORT).run(threading.Event())


if __name__ == "__main__":
    main()
