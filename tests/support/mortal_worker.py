"""A worker that sends, and for each line of input is killed with -9 and followed by another one."""

import os
import signal
import sys

from tests.support import sending_worker


def main() -> None:
    worker = _start()
    for _ in sys.stdin:
        _kill(worker)
        sys.stdout.write("killed\n")
        sys.stdout.flush()
        worker = _start()
    _kill(worker)


def _start() -> int:
    """Forked where everything is imported and nothing runs yet: the next one is there at once."""
    child = os.fork()
    if child == 0:
        try:
            sending_worker.main()
        finally:
            os._exit(1)
    return child


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
