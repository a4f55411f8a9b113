"""The bare sender, beside which the product's is seen: `python -m bench.bare FIRST LAST`. It reads deliveries
and posts them over kept connections, a few at once: nothing is checked, signed, retried, nor written down."""

import sys
import threading
from collections.abc import Iterator

import urllib3
from sqlalchemy import create_engine
from sqlalchemy import text

from dashboard.config import Config

THREADS = 8  # as many as the product sends at once to one receiver
ROWS_AT_ONCE = 100
_DELIVERIES = text("""
    SELECT deliveries.id, deliveries.uuid, endpoints.url, notices.body FROM deliveries
    JOIN notices ON notices.id = notice_id JOIN endpoints ON endpoints.id = endpoint_id
    WHERE deliveries.id > :after AND deliveries.id <= :last ORDER BY deliveries.id LIMIT :most
""")

Row = tuple[str, str, str]


def main(first: int, last: int) -> None:
    """Send those with these numbers."""
    rows, lock = _read(first, last), threading.Lock()
    pool = urllib3.PoolManager(maxsize=THREADS)
    threads = [threading.Thread(target=_send, args=(pool, rows, lock)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _read(first: int, last: int) -> Iterator[Row]:
    engine = create_engine(Config.from_environment().database_url)
    after = first - 1
    while True:
        with engine.connect() as connection:
            known = {"after": after, "last": last, "most": ROWS_AT_ONCE}
            found = connection.execute(_DELIVERIES, known).all()
        if not found:
            return
        after = found[-1][0]
        for _, number, url, body in found:
            yield number, url, body


def _send(pool: urllib3.PoolManager, rows: Iterator[Row], lock: threading.Lock) -> None:
    while True:
        with lock:
            row = next(rows, None)
        if row is None:
            return
        number, url, body = row
        headers = {"Content-Type": "application/json", "X-Chatwoot-Delivery": number}
        answer = pool.request("POST", url, body=body.encode(), headers=headers, retries=False)
        if answer.status != 200:
            raise SystemExit(f"{url} answers {answer.status}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
