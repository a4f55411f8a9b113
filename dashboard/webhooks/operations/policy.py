"""What follows from how an attempt went: done, given up, or tried again, and when."""

from datetime import datetime
from datetime import timedelta
from email.utils import parsedate_to_datetime

from dashboard.lib import clock
from dashboard.lib.outgoing import Answer
from dashboard.lib.tokens import about
from dashboard.webhooks.models import DONE
from dashboard.webhooks.models import FAILED
from dashboard.webhooks.models import WAITING

BACK_OFF = (5, 30, 120, 600, 1800, 3600, 7200)  # seconds after each attempt, the last of them again and again
DAY = timedelta(days=1)
# Nothing is given up by its age alone: the clock may have been set forward by days.
FEWEST_ATTEMPTS = 8
BOTS_ATTEMPTS = 3
BOTS_PAUSE = timedelta(milliseconds=400)  # so that three of 3 s each fit into 10 s
AGAIN = {408, 425, 429}  # what they answer who may take it later
FINAL = {"address", "private_address"}  # words for what will be the same next time

Verdict = tuple[str, datetime | None]  # the state, and when it goes on


def judge(answer: Answer, *, attempts: int, created_at: datetime, is_bot: bool) -> Verdict:
    """How it stands after that many attempts."""
    if answer.is_good:
        return DONE, None
    if not may_pass_by(answer):
        return FAILED, None
    now = clock.now()
    if is_bot:
        return (FAILED, None) if attempts >= BOTS_ATTEMPTS else (WAITING, now + BOTS_PAUSE)
    end = created_at + DAY
    if now >= end and attempts >= FEWEST_ATTEMPTS:
        return FAILED, None
    at = now + timedelta(seconds=about(BACK_OFF[min(attempts, len(BACK_OFF)) - 1]))
    asked = _asked_for(answer, now)
    if asked is not None:
        at = max(at, min(asked, now + DAY))
    # The last attempt is made at the end of the day, and not a day later.
    return WAITING, min(at, end) if now < end else at


def may_pass_by(answer: Answer) -> bool:
    """Whether the next attempt may go better."""
    if answer.error:
        return answer.error not in FINAL
    return answer.status in AGAIN or answer.status >= 500


def _asked_for(answer: Answer, now: datetime) -> datetime | None:
    """What Retry-After says: seconds, or a date."""
    asked = answer.retry_after.strip()
    if not asked:
        return None
    if asked.isascii() and asked.isdigit():
        return now + timedelta(seconds=min(int(asked[:9]), DAY.total_seconds()))
    try:
        date = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return date if date.tzinfo is not None else None
