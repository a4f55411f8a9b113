"""Python 3.11's garbage collector, kept from running in the middle of things.

Up to 3.11 it starts inside any allocation, also that of an object's `__dict__` while its values are counted.
SQLAlchemy's states drop an attribute when their row is collected: where that is the very same object, its
dictionary breaks, and some thousand requests later the process dies of it (sixteen readers, Python 3.11.2:
within seconds). From 3.12 on the collector waits until the interpreter is between two instructions, which is
also where a thread stands that asks for it.
"""

import gc
import sys
import threading
import time

PAUSE = 0.1  # seconds
OLD_PAUSE = 30.0  # seconds at least between two looks at everything


def collect_between_instructions() -> None:
    """Let a thread of its own collect what is due, where Python itself would do it at any moment."""
    if sys.version_info >= (3, 12):
        return
    gc.disable()
    threading.Thread(target=_collect_for_ever, name="collector", daemon=True).start()


def _collect_for_ever() -> None:
    looked_at_old = time.monotonic()
    while True:
        time.sleep(PAUSE)
        is_old_due = time.monotonic() - looked_at_old > OLD_PAUSE
        generation = _due(is_old_due)
        if generation == 2:
            looked_at_old = time.monotonic()
        if generation is not None:
            gc.collect(generation)


def _due(is_old_due: bool) -> int | None:
    """The oldest generation that has grown enough, by the interpreter's own thresholds."""
    young, middle, old = (
        count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
    )
    if not young:
        return None
    return (2 if old and is_old_due else 1) if middle else 0
