"""Deliveries for the bench: written past the product, as many at once as a bad day leaves behind."""

import json
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import insert

from bench.measure import Desk
from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.models import Notice

ACCOUNT = 2  # one where nothing else happens
BODY = json.dumps({"event": "message_created", "content": "x" * 960}, separators=(",", ":"))  # 1 KB
NOT_YET = timedelta(days=1)


class Outbox:
    """Endpoints with what waits for them; all of it is gone afterwards."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def add_endpoints(
        self, urls: list[str], *, account: int = ACCOUNT, events: Sequence[str] = ()
    ) -> list[int]:
        with self.desk.app.app_context():
            made = [Endpoint(account_id=account, url=url, events=list(events)) for url in urls]
            db.session.add_all(made)
            db.session.flush()
            numbers = [each.id for each in made]
            db.session.commit()
        return numbers

    def clear(self) -> None:
        """Nobody is told of anything any more."""
        for table in ("deliveries", "notices", "endpoints"):
            self.desk.change(f"DELETE FROM {table}")

    def fill(self, endpoints: list[int], each: int, *, is_due: bool = False) -> None:
        """So many for each of them, in turn, each of another conversation: due now, or once released."""
        due = clock.now() + (timedelta() if is_due else NOT_YET)
        with self.desk.app.app_context():
            notice = Notice(account_id=ACCOUNT, event="message_created", body=BODY)
            db.session.add(notice)
            db.session.flush()
            rows = [
                {"endpoint_id": endpoint, "notice_id": notice.id, "lane": f"{endpoint}:c{n}", "due_at": due}
                for n in range(each)
                for endpoint in endpoints
            ]
            db.session.execute(insert(Delivery), rows)
            db.session.commit()

    def release(self, endpoints: list[int]) -> None:
        """They are due: the sender finds them within a second."""
        which = ", ".join(map(str, endpoints))
        self.desk.change(
            f"UPDATE deliveries SET due_at = :now WHERE endpoint_id IN ({which})", now=clock.now()
        )

    def numbers_of(self, endpoint: int) -> tuple[int, int]:
        """Of its first delivery and of its last."""
        first, last = (
            self.desk.one(
                f"SELECT {which}(id) FROM deliveries WHERE endpoint_id = :endpoint", endpoint=endpoint
            )
            for which in ("min", "max")
        )
        return first, last

    def count(self, state: str, endpoints: list[int]) -> int:
        which = ", ".join(map(str, endpoints))
        question = f"SELECT count(*) FROM deliveries WHERE endpoint_id IN ({which}) AND state = :state"
        return self.desk.one(question, state=state)


@contextmanager
def outbox(desk: Desk) -> Iterator[Outbox]:
    box = Outbox(desk)
    try:
        yield box
    finally:
        box.clear()
