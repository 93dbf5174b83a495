"""A clock that can be moved forward: windows of rate limits need no waiting in tests."""

from __future__ import annotations

import time

MOST_ADDED_S = 1e10
"""Three centuries; dates beyond the year 9999 could not be written."""


class VirtualClock:
    """The machine's time plus what was added.

    Attributes
    ----------
    added_s : float
        How far the clock was moved forward.
    ahead_s : float
        How far the shared clock of several hosts is ahead of this machine's.
    """

    def __init__(self, added_s: float = 0.0, ahead_s: float = 0.0) -> None:
        self.added_s = added_s
        self.ahead_s = ahead_s

    def now_s(self) -> float:
        """Unix seconds."""
        return time.time() + self.ahead_s + self.added_s

    def advance(self, seconds: float) -> None:
        """Move forward; raise ValueError for a negative amount, or one beyond the calendar of other tools."""
        if not (seconds >= 0 and self.added_s + seconds < MOST_ADDED_S):
            raise ValueError("a clock advances by 0 to 10,000,000,000 seconds in all")
        self.added_s += seconds
