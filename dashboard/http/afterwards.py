"""What is written down once an answer is made, so that nobody waits for it."""

import logging
from collections.abc import Callable

from flask import Response
from flask import after_this_request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import OperationalError

from dashboard.extensions import db
from dashboard.extensions import write_intent
from dashboard.transactions import let_others_write

log = logging.getLogger(__name__)


def afterwards(write: Callable[[], None]) -> None:
    """A reader's transaction cannot turn into a writer's: it ends first. If the database is busy, or
    what is written about was deleted meanwhile, the answer goes out all the same."""

    @after_this_request
    def _write(response: Response) -> Response:
        let_others_write()
        intent = write_intent.set(True)
        try:
            write()
        except (IntegrityError, OperationalError):
            db.session.rollback()
            log.exception("what was to be written after the answer is missing")
        finally:
            write_intent.reset(intent)
        return response
