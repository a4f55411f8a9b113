"""Two web processes beside one, with Redis between them: how many more pages they serve."""

import time
from contextlib import ExitStack

from bench import client
from bench.lines import AGENT
from bench.lines import LIST
from bench.measure import CONCURRENCY
from bench.measure import Desk
from bench.measure import with_page_cookies
from bench.processes import Server
from bench.processes import product
from tests.support.redis import RedisServer

PAGES = 600
ROUNDS = 3


def measure_doubled(desk: Desk) -> float:
    """Pages a second of two processes, by those of one; by turns, so that both meet the same noise."""
    with ExitStack() as stack:
        redis = RedisServer().start()
        stack.callback(redis.stop)
        one, two = (
            stack.enter_context(product(desk.data, REDIS_URL=redis.url, WEB_PROCESSES=number))
            for number in ("1", "2")
        )
        spent = {one: 0.0, two: 0.0}
        for server in spent:
            _seconds(desk, server)  # warm
        for _ in range(ROUNDS):
            for server in spent:
                spent[server] += _seconds(desk, server)
        return spent[one] / spent[two]


def _seconds(desk: Desk, server: Server) -> float:
    key = with_page_cookies(server, desk.key_of(AGENT), LIST)
    page = client.raw("GET", LIST, {"Cookie": key.cookie})
    started = time.perf_counter()
    timing = client.load(server.port, [page] * PAGES, concurrency=CONCURRENCY)
    if set(timing.statuses) != {200}:
        raise SystemExit(f"{LIST} answers {timing.statuses}")
    return time.perf_counter() - started
