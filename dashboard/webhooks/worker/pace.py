"""How much an endpoint is given at once: who answers soon gets more, who fails is asked now and then.

This is known to one process, and by its own clock.
"""

import time
from collections import deque

from dashboard.lib.tokens import about
from dashboard.webhooks.operations.claiming import Address
from dashboard.webhooks.operations.claiming import Claim
from dashboard.webhooks.operations.policy import may_pass_by
from dashboard.webhooks.operations.recording import Outcome
from dashboard.webhooks.worker.fleeting import Whisper

AT_ONCE = 8
IN_LINE = 96  # taken beforehand for who answers soon, so that no thread waits for the database
SOON = 200  # milliseconds
LONG = 1000  # milliseconds: who needs so long is treated as if it failed, as far as others would wait for it
PATIENCE = 5  # failures in a row before there are pauses
LONGEST_PAUSE = 30.0  # seconds
MOST_WHISPERS = 20


class Pace:
    """`line` is what has been taken for the endpoint and waits for a thread, `going` what is being sent."""

    def __init__(self, address: Address) -> None:
        self.is_bot = address.is_bot
        self.url = address.url
        self.line: deque[Claim] = deque()
        self.whispers: deque[Whisper] = deque(maxlen=MOST_WHISPERS)
        self.going: set[str] = set()  # the lanes, or numbers of whispers
        self.successes = 0
        self.failures = min(address.failures, PATIENCE)  # in a row
        self.took = 0
        self.paused_until = 0.0

    @property
    def has_line(self) -> bool:
        return bool(self.line or self.whispers)

    @property
    def is_steady(self) -> bool:
        """Whether nothing is known against it: it answered, and soon enough, the last time."""
        return self.failures == 0 and self.took < LONG

    @property
    def time_left(self) -> float:
        """Seconds until it is asked again."""
        return max(self.paused_until - time.monotonic(), 0.0)

    @property
    def room(self) -> int:
        """How many more deliveries may be taken for it."""
        if self.time_left:
            return 0
        most = IN_LINE if self._at_once == AT_ONCE and self.took < SOON and self.is_steady else self._at_once
        return max(most - len(self.going) - len(self.line), 0)

    def meet(self, address: Address) -> None:
        """It may be somewhere else by now, or be resumed: what failed until then says nothing of it."""
        is_forgiven = address.failures == 0 and self.failures >= PATIENCE
        if address.url != self.url or is_forgiven:
            self.url, self.successes, self.failures, self.paused_until = address.url, 0, 0, 0.0

    def next(self) -> Claim | Whisper | None:
        """What may be sent now: never two of one lane at the same time."""
        if len(self.going) >= self._at_once:
            return None
        while self.whispers:
            whisper = self.whispers.popleft()
            if whisper.time_left > 0:
                self.going.add(whisper.uuid)
                return whisper
        for claim in self.line:
            if claim.lane not in self.going:
                self.line.remove(claim)
                self.going.add(claim.lane)
                return claim
        return None

    def whisper(self, whisper: Whisper) -> None:
        """Tell it once, unless it fails."""
        if not self.failures:
            self.whispers.append(whisper)

    def note(self, name: str, outcome: Outcome | None) -> None:
        """A lane is free again. Of a whisper nothing is learned: it may have been cut off early."""
        self.going.discard(name)
        if outcome is None:
            return
        self.took = outcome.took
        if outcome.answer.is_good or not may_pass_by(outcome.answer):
            self.successes, self.failures, self.paused_until = self.successes + 1, 0, 0.0
            return
        self.successes, self.failures = 0, self.failures + 1
        if self.failures >= PATIENCE and not self.is_bot:
            pause = about(min(2.0 ** min(self.failures - PATIENCE, 9), LONGEST_PAUSE))
            self.paused_until = time.monotonic() + pause

    @property
    def _at_once(self) -> int:
        """One to begin with, then more with each success. A customer waits for a bot: it gets all at once."""
        if self.is_bot:
            return AT_ONCE
        return 1 if self.failures else min(2 ** min(self.successes, 3), AT_ONCE)
