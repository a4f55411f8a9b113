"""Garbage in circles goes away, and on Python 3.11 never in the middle of an allocation."""

import subprocess
import sys

PROGRAM = """
import gc, sys, threading, weakref
from dashboard.server.collector import collect_between_instructions

class Node: pass

collect_between_instructions()
node, gone = Node(), threading.Event()
node.itself, where = node, []
weakref.finalize(node, lambda: (where.append(threading.current_thread().name), gone.set()))
del node
while not gone.is_set():
    circles = [[] for _ in range(1000)]
    for circle in circles: circle.append(circle)
    gone.wait(0.01)
print(gc.isenabled(), where[0])
"""


def test_garbage_is_collected_between_instructions() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )

    is_enabled, thread = done.stdout.split()
    if sys.version_info < (3, 12):
        assert (is_enabled, thread) == ("False", "collector")
    else:
        assert is_enabled == "True"
