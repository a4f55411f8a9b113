"""What every process under the supervisor does first: end when the supervisor does, however that ended."""

import os
import signal
import threading
import time

GRACE = 12.0  # seconds to finish what is going on


def follow(lifeline: int) -> None:
    """Watch the pipe whose other end the supervisor holds: it closes even where the supervisor was killed."""
    threading.Thread(target=_watch, args=(lifeline,), name="lifeline", daemon=True).start()


def report_ready(pipe: int) -> None:
    """Tell the supervisor that this process does its work now."""
    os.write(pipe, b".")
    os.close(pipe)


def _watch(lifeline: int) -> None:
    os.read(lifeline, 1)  # nobody ever writes: it returns when the other end is gone
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
