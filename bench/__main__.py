"""`make bench`, or `python -m bench [SIZE] [--save FILE]`: seeds, measures, prints the table."""

import argparse
import signal
import sys
from pathlib import Path

from bench import report
from bench.datasets import SIZES
from bench.datasets import up_to
from bench.run import run
from bench.seed import seed


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("size", nargs="?", default="10k", choices=SIZES, help="the largest data set")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="measure only lines whose name has these words"
    )
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped too
    sets = up_to(arguments.size)
    for data in sets:
        seed(data)
    found = run(sets, only=arguments.only)
    written = report.write(found)
    sys.stdout.write(written)
    if arguments.save:
        arguments.save.write_text(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
